"""Money for another unit gets that name once all account groups are done, and keeps it."""

import json

import pytest

from tests.builders import ask_payment, open_account
from tests.payment_service.use_cases.days import line, open_break_codes
from tests.payment_service.use_cases.proposals import line_of, several
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, WEDNESDAY, Town

pytestmark = pytest.mark.anyio
OTHER_UNIT = "11359"
OPEN = """
    SELECT break_id, code, details::text AS details, opened_on FROM break_case
    WHERE closed_at IS NULL AND line_id = :line_id
"""


async def test_a_line_for_another_unit_gets_that_name_when_the_other_asks(town: Town) -> None:
    await open_account(town.context, town.officer, town.approver, OTHER_UNIT)
    asked = await ask_payment(
        town.context, town.client_id, dossier_code="H24.1", unit_code=OTHER_UNIT
    )
    lines = [
        line(FEE, asked["reference"], MONDAY, reference="FT1"),
        line(FEE, "khong ro", MONDAY, reference="FT2"),
    ]
    await town.statement(MONDAY, lines)
    await town.night(MONDAY)
    line_id = await line_of(town, "FT1")
    [broken] = await town.rows(OPEN, line_id=line_id)
    assert (broken.code, broken.opened_on) == ("WRONG_UNIT", MONDAY)
    details = json.loads(broken.details)
    name = await town.value("SELECT name_vi FROM unit WHERE code = :code", code=OTHER_UNIT)
    assert (details["other_groups"], details["reference"]) == ([name], asked["reference"])
    # New facts make the group's run anew, which does not know the other unit.
    await several(town, (5_000, lines[0].direction), on=TUESDAY)
    await town.night(WEDNESDAY)
    assert await town.rows(OPEN, line_id=line_id) == [broken]
    assert await open_break_codes(town.context) == ["NO_REFERENCE", "NO_REFERENCE", "WRONG_UNIT"]
