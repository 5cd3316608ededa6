"""Money for another unit: known only to a second look over all account groups."""

import json

import pytest

from reconciliation.wrong_units import name_wrong_unit, name_wrong_units
from tests.reconciliation.tables import item, line, reference, run

ONE, TWO = sorted((reference(1), reference(2)))


def test_a_line_that_names_another_groups_request_is_named_so() -> None:
    lines = [
        line("l", 100, narrative=f"{ONE} {TWO}"),
        line("m", 100, narrative=reference(3)),
        line("n", 100, narrative="nop phi"),
    ]
    dues = [item("d", "due", 100, reference=TWO, account_group="H")]
    result = run(lines, dues)
    assert result.breaks.column("code").to_pylist().count("UNKNOWN_REFERENCE") == 2
    renamed = name_wrong_units(result.breaks, {TWO: ["H"]})
    codes = {row["line_id"]: row["code"] for row in renamed.to_pylist()}
    assert codes == {"l": "WRONG_UNIT", "m": "UNKNOWN_REFERENCE", "n": "NO_REFERENCE"}
    [details] = [json.loads(row["details"]) for row in renamed.to_pylist() if row["line_id"] == "l"]
    assert details["reference"] == TWO
    assert details["other_groups"] == ["H"]
    assert details["failed_criterion"] == "unit"
    assert "references" not in details
    assert renamed.schema == result.breaks.schema


@pytest.mark.parametrize(
    "groups_by_reference", [{}, {ONE: []}, {ONE: ["G"]}, {"HPFZZZZZZZZZZ": ["H"]}]
)
def test_what_no_other_group_asked_for_keeps_its_name(
    groups_by_reference: dict[str, list[str]],
) -> None:
    assert name_wrong_unit("G", {"references": [ONE]}, groups_by_reference) is None
    assert name_wrong_unit("G", {}, {ONE: ["H"]}) is None


def test_three_groups_are_named_at_most_and_in_a_fixed_order() -> None:
    found = name_wrong_unit("G", {"references": [ONE]}, {ONE: ["K", "J", "I", "H", "G"]})
    assert found is not None
    assert found["other_groups"] == ["H", "I", "J"]
