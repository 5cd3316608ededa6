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


@pytest.mark.parametrize(
    "second",
    [
        "<Amt Ccy='VND'>6</Amt>",
        "<CdtDbtInd>DBIT</CdtDbtInd>",
        "<Sts><Cd>PDNG</Cd></Sts>",
        "<BookgDt><Dt>2026-01-09</Dt></BookgDt>",
        "<ValDt><Dt>2026-01-09</Dt></ValDt>",
        "<RvslInd>false</RvslInd><RvslInd>true</RvslInd>",
    ],
)
def test_an_entry_that_says_twice_what_can_be_said_once_is_refused(second: str) -> None:
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
        ("2026-01-01T24:00:00", False),
        ("2026-01-01T23:60:00", False),
        ("2026-01-01T23:59:60", False),
        ("2026-01-01T25:61:61", False),
        ("2026-01-01+15:00", False),
        ("2026-02-29", False),
        ("2028-02-29", True),
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


@pytest.mark.parametrize("mark", ["TRUE", "yes", "2", "true false"])
def test_a_reversal_mark_is_a_boolean(mark: str) -> None:
    marked = ONE.replace("<Sts>", f"<RvslInd>{mark}</RvslInd><Sts>")
    assert "Ntry 4 has an RvslInd that is no boolean" in refusal(ONE * 3 + marked)
    plain = ONE.replace("<Sts>", "<RvslInd>false</RvslInd><Sts>")
    assert "RvslInd" in refusal(plain * 4 + plain.replace("false", mark))


@pytest.mark.parametrize(
    ("old", "new"),
    [("'>5<", "'>5<x/>0<"), ("'>5<", "'>5<x>0</x><"), ("'>5<", "'><x/>5<"), ("<Sts>", "BOOK<Sts>")],
)
def test_text_is_not_put_together_around_elements(old: str, new: str) -> None:
    assert "text beside elements in" in refusal(ONE * 3 + ONE.replace(old, new, 1))


@pytest.mark.parametrize("name", ["Ntry", "Stmt", "Bal"])
def test_nothing_that_counts_stands_beside_the_statements(name: str) -> None:
    text = message("camt.052", VERSION, ONE)
    extra = f"<{name}><Id>8</Id></{name}>"
    before, after = text.replace("<Rpt>", f"{extra}<Rpt>"), text.replace("</Rpt>", f"</Rpt>{extra}")
    for broken in (before, after):
        with pytest.raises(StatementUnreadable, match=f"'{name}' does not belong into camt.052"):
            read_camt(broken.encode())
    beside = text.replace("</Rpt>", "</Rpt><SplmtryData><a/></SplmtryData><x xmlns='urn:x'/>")
    assert read_camt(beside.encode()) == read_camt(text.encode())


@pytest.mark.parametrize(
    "part", ["<Acct><Id><IBAN>X</IBAN></Id></Acct>", "<TxsSummry/><TxsSummry/>", "<Id>8</Id>"]
)
def test_a_part_of_the_header_comes_once(part: str) -> None:
    assert " in one statement" in refusal(ONE + part)


@pytest.mark.parametrize("total", ["<NbOfNtries>3</NbOfNtries>", "<Sum>9</Sum>", "<Sum>x</Sum>"])
def test_the_total_of_all_entries_is_a_witness_too(total: str) -> None:
    debit = ONE.replace("CRDT", "DBIT")
    right = "<NbOfNtries>2</NbOfNtries><Sum>10.00</Sum>"
    for content, flags in ((right, ()), (total, ("control-sum",))):
        summary = f"<TxsSummry><TtlNtries>{content}</TtlNtries></TxsSummry>"
        assert read(summary + ONE + debit, "camt.054").flags == flags


@pytest.mark.parametrize("version", [1, VERSION])
def test_one_detail_of_a_batch_is_not_the_entry(version: int) -> None:
    batch = "<Btch><NbOfTxs>{}</NbOfTxs></Btch>"
    one = entry(version, "5", batch + detail(version, "5", "FT1"))
    for number, reference, flags in (("1", "FT1", ()), ("3", "", ("batch-sum",))):
        # The second statement is read by the shapes that the first one taught.
        body = "".join(one.format(number) for _ in range(5))
        text = message("camt.054", version, body)
        container = text[text.index("<Ntfctn>") : text.index("</Ntfctn>") + len("</Ntfctn>")]
        for found in read_camt(text.replace(container, container * 2).encode()).statements:
            assert {each.end_to_end_reference for each in found.lines} == {reference}
            assert found.flags == flags
    announced = message("camt.054", version, entry(version, "5", batch.format(20)))
    assert read_camt(announced.encode()).statements[0].flags == ()


def test_the_number_of_a_batch_may_stand_in_each_of_its_parts() -> None:
    parts = [f"<Btch><NbOfTxs>2</NbOfTxs></Btch>{detail(VERSION, '2', 'FT1')}",
             f"<Btch><NbOfTxs>2</NbOfTxs></Btch>{detail(VERSION, '3', 'FT2')}"]  # fmt: skip
    whole = message("camt.054", VERSION, entry(VERSION, "5", "</NtryDtls><NtryDtls>".join(parts)))
    (found,) = read_camt(whole.encode()).statements
    assert found.flags == ()
    short = whole.replace("<NbOfTxs>2<", "<NbOfTxs>3<")
    assert read_camt(short.encode()).statements[0].flags == ("batch-sum",)


def test_what_a_statement_says_of_itself_is_refused_by_its_line() -> None:
    euros = balance("OPBD", "1", VERSION).replace("VND", "EUR")
    text = message("camt.053", VERSION, "\n" + euros + ONE)
    with pytest.raises(StatementUnreadable, match="line 2: a balance in EUR in a statement of VND"):
        read_camt(text.encode())
