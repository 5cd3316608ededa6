"""Faults that a camt reader passes over easily: each changes what an entry says, or is refused."""

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.camt import read_camt
from bank_adapters.statements.camt_values import read_day_text
from bank_adapters.vocabulary import Statement
from tests.bank_adapters.statements.camt_messages import balance, detail, entry, message

VERSION = 8
ONE = entry(VERSION, "5", detail(VERSION, "5", "FT1"))


def read(body: str, kind: str = "camt.052") -> Statement:
    (statement,) = read_camt(message(kind, VERSION, body).encode()).statements
    return statement


def refusal(body: str) -> str:
    with pytest.raises(StatementUnreadable) as caught:
        read(body)
    return str(caught.value)


@pytest.mark.parametrize("blank", ["&#13;", "&#32;", "&#x9;&#10;"])
def test_a_text_is_read_where_earlier_entries_had_a_blank(blank: str) -> None:
    empty = ONE.replace("nop phi", blank).replace("<BkTxCd>", f"<RvslInd>{blank}</RvslInd><BkTxCd>")
    filled = empty.replace(f"<Ustrd>{blank}", "<Ustrd>nop phi").replace(
        f"<RvslInd>{blank}", "<RvslInd>true"
    )
    last = read(empty * 5 + filled).lines[-1]
    assert (last.narrative, last.is_reversal) == ("nop phi", True)


@pytest.mark.parametrize("part", [ONE, balance("OPBD", "1", VERSION), "<Acct><Id/></Acct>"])
def test_a_part_of_a_statement_in_another_namespace_is_refused(part: str) -> None:
    name = part[1 : part.index(">")]
    foreign = part.replace(f"<{name}>", f"\n<f:{name} xmlns:f='urn:f'>", 1)
    foreign = foreign.removesuffix(f"</{name}>") + f"</f:{name}>"
    assert refusal(ONE * 3 + foreign + ONE).startswith(f"line 2: {name} in another namespace")


def test_the_characters_of_one_entry_are_limited() -> None:
    item = f"<A b='{'x' * 600_000}'/>"
    inner = detail(VERSION, "5", "FT1").replace("<Refs>", f"<A>{'x' * 19_000}</A>" * 20 + "<Refs>")
    assert "more than 1048576 characters in one entry" in refusal(entry(VERSION, "5", item * 2))
    assert "more than 1048576 characters in one entry" in refusal(
        entry(VERSION, "5", f"<A>{'x' * 19_000}</A>" * 56)
    )
    assert len(read(entry(VERSION, "5", item) * 3).lines) == 3
    # The details of a batch are not held, whatever their number.
    assert len(read(entry(VERSION, "45", inner * 9)).lines) == 1


@pytest.mark.parametrize("second", ["<Amt Ccy='VND'>6</Amt>", "<CdtDbtInd>DBIT</CdtDbtInd>"])
def test_an_entry_with_a_second_amount_or_sign_is_refused(second: str) -> None:
    name = second[1:].partition(">")[0].partition(" ")[0]
    doubled = ONE.replace("<Sts>", f"{second}<Sts>")
    assert f"Ntry 4 has more than one {name}" in refusal(ONE * 3 + doubled)


@pytest.mark.parametrize(
    ("text", "is_day"),
    [
        ("2026-01-01", True),
        ("2026-01-01Z", True),
        ("2026-01-01+07:00", True),
        ("2026-01-01T23:59:00", True),
        ("2026-01-01T23:59:00.123+07:00", True),
        ("2026-01-01T23:59:00Z", True),
        ("2026-01-01T", False),
        ("2026-01-01Tnonsense", False),
        ("2026-01-01T23:59:00+0700", False),
        ("2026-01-01+:::::", False),
        ("2026-01-01+07000", False),
    ],
)
def test_a_day_is_a_date_or_an_instant_as_the_schema_writes_them(text: str, is_day: object) -> None:
    assert (read_day_text(text) is not None) == is_day


def test_declared_totals_count_entries_of_zero_too() -> None:
    total = "<NbOfNtries>{}</NbOfNtries><Sum>5</Sum>"
    for number, is_right in ((2, True), (3, False)):
        summary = f"<TxsSummry><TtlCdtNtries>{total.format(number)}</TtlCdtNtries></TxsSummry>"
        found = read(summary + ONE + entry(VERSION, "0"), "camt.054")
        assert (found.flags == ()) == is_right
