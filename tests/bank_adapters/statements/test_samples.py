"""Every real sample file against the facts that a correct reader finds in it."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from bank_adapters.statements.report import describe

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
FACTS = SAMPLES / "FACTS.csv"
ROWS = list(csv.DictReader(FACTS.read_text("utf-8").splitlines())) if FACTS.exists() else []
BALANCED = {"true": {True}, "false": {False}, "none": {None}}

pytestmark = pytest.mark.skipif(not ROWS, reason="the sample files are not on this machine")


def rows(*expects: str) -> list[dict[str, str]]:
    return [row for row in ROWS if row["expect"] in expects]


@pytest.mark.parametrize("row", rows("parse", "flag-unbalanced"), ids=lambda row: row["path"])
def test_a_sample_file_is_read_as_its_facts_say(row: dict[str, str]) -> None:
    found = describe(row["path"], [(SAMPLES / row["path"]).read_bytes()])
    assert found["ok"], found
    assert_facts(found, row)
    assert isinstance(found["flags"], list)
    assert ("unbalanced" in found["flags"]) == (row["expect"] == "flag-unbalanced")


def assert_facts(found: dict[str, object], row: dict[str, str]) -> None:
    statements = found["statements"]
    assert isinstance(statements, list)
    assert found["format"] == row["format"]
    assert len(statements) == int(row["statements"])
    assert sum(item["entries"] for item in statements) == int(row["entries"])
    assert sum(Decimal(item["credit"]) for item in statements) == Decimal(row["credit"])
    assert sum(Decimal(item["debit"]) for item in statements) == Decimal(row["debit"])
    assert (statements[0]["opening"] or "") == row["opening"] or (
        Decimal(statements[0]["opening"]) == Decimal(row["opening"])
    )
    assert (statements[-1]["closing"] or "") == row["closing"] or (
        Decimal(statements[-1]["closing"]) == Decimal(row["closing"])
    )
    if row["currency"]:
        currencies = dict.fromkeys(item["currency"] for item in statements)
        assert "/".join(currencies) == row["currency"]
    assert {item["balanced"] for item in statements} == BALANCED[row["balanced"]]


@pytest.mark.parametrize("row", rows("no-crash", "reject-or-flag"), ids=lambda row: row["path"])
def test_a_broken_sample_file_is_a_value_or_a_refusal(row: dict[str, str]) -> None:
    found = describe(row["path"], [(SAMPLES / row["path"]).read_bytes()])
    if found["ok"]:
        assert row["expect"] == "no-crash" or found["flags"]
        assert_facts(found, row)
    else:
        assert "\n" not in str(found["error"])
