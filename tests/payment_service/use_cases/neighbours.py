"""Two units of a city: a payer of the one used the account of the other."""

from uuid import UUID

import pytest

from payment_service.domain.resolution import Act, Part, Proposal
from tests.builders import ask_payment, open_account, open_endpoint
from tests.payment_service.use_cases.days import Bank, line, open_break_codes
from tests.payment_service.use_cases.proposals import line_of, line_part, proposed
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town

HERE, THERE = "11329", "11359"


class Neighbour:
    """Another unit of the city, with its own account, its bank, and one due that waits."""

    def __init__(self, town: Town, bank: Bank, asked: dict[str, str]) -> None:
        self.town = town
        self.bank = bank
        self.asked = asked

    async def statement(self, on: object, *lines: object) -> None:
        """Import the neighbour's next statement."""
        signed = self.bank.statement(on, list(lines))  # type: ignore[arg-type] # as the bank's
        answer = await self.town.take(signed, "t.sta")
        assert [each["verdict"] for each in answer["statements"]] == ["admitted"]


@pytest.fixture
async def neighbour(town: Town) -> Neighbour:
    account_id = await open_account(town.context, town.officer, town.approver, THERE)
    bank = Bank(opened=await open_endpoint(town.context, account_id, "rsabank"))
    asked = await ask_payment(
        town.context, town.client_id, unit_code=THERE, dossier_code="H24.11-9"
    )
    return Neighbour(town, bank, asked)


async def paid_here(
    town: Town, neighbour: Neighbour, amount_minor: int = FEE, *, codes: int = 1
) -> UUID:
    """Let the payer use the wrong account; the night says whose money it is."""
    memo = neighbour.asked["reference"]
    await town.statement(MONDAY, [line(amount_minor, memo, MONDAY, reference="FT1")])
    await town.night(MONDAY)
    assert await open_break_codes(town.context) == ["WRONG_UNIT"] * codes
    return await line_of(town, "FT1")


async def moving(
    town: Town, neighbour: Neighbour, line_id: UUID, amount_minor: int = FEE
) -> Proposal:
    """Propose to hand a credit of ours over for the neighbour's due."""
    [due] = await town.rows(
        "SELECT item_id, version FROM item WHERE kind = 'due' AND reference = :reference",
        reference=neighbour.asked["reference"],
    )
    return await proposed(
        town,
        Act.MOVE_TO_UNIT,
        line_id,
        await line_part(town, line_id, amount_minor),
        Part(item_id=due.item_id, item_version=due.version, amount_minor=amount_minor),
    )


async def balances_by_unit(town: Town) -> dict[str, dict[str, int]]:
    """Return the balances of each unit, zeros left out."""
    found: dict[str, dict[str, int]] = {HERE: {}, THERE: {}}
    for row in await town.rows("""
        SELECT code, account, sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)
          ::bigint AS minor FROM posting JOIN unit USING (unit_id) GROUP BY 1, 2
    """):
        if row.minor:
            found.setdefault(row.code, {})[row.account] = row.minor
    return found


async def transfer_key(town: Town) -> str:
    """Return the key that is printed on the one transfer."""
    [row] = await town.rows("SELECT DISTINCT reference FROM item WHERE kind = 'unit_transfer'")
    assert row.reference.startswith("CHUYEN")
    return str(row.reference)
