"""Every version of every message as its own schema writes it, in every outer form."""

from datetime import date

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.camt import read_camt
from bank_adapters.vocabulary import Statement
from tests.bank_adapters.statements.camt_messages import (
    VERSIONS,
    balance,
    detail,
    entry,
    message,
    with_prefix,
)

each_version = pytest.mark.parametrize(("kind", "version"), VERSIONS)
ENTRIES = 4


def full(kind: str, version: int) -> str:
    balances = balance("OPBD", "10", version), balance("CLBD", str(10 + 5 * ENTRIES), version)
    entries = (entry(version, "5", detail(version, "5", f"FT{n}")) for n in range(ENTRIES))
    return message(kind, version, "".join(balances) + "\n".join(entries))


def read(text: str) -> Statement:
    (statement,) = read_camt(text.encode()).statements
    return statement


@each_version
def test_every_version_of_every_message_is_read(kind: str, version: int) -> None:
    file = read_camt(full(kind, version).encode())
    (statement,) = file.statements
    assert file.format == f"{kind}.001.{version:02}"
    assert (statement.account, statement.number, statement.flags) == ("0031000123456", "7", ())
    assert statement.is_balanced is (True if kind == "camt.053" else None)
    for number, line in enumerate(statement.lines):
        assert line.source_line == number + 1
        assert (line.booking_date, line.value_date) == (date(2026, 1, 2), date(2026, 1, 3))
        assert line.amount_minor == 5
        assert line.bank_reference == line.end_to_end_reference == f"FT{number}"
        assert (line.counterparty_name, line.counterparty_account) == ("NGUYEN VAN A", "123")
        assert (line.code, line.narrative) == ("PMNT-RCDT-ESCT", "nop phi")
    assert len(statement.lines) == ENTRIES


@each_version
def test_the_details_of_a_batch_are_added_up(kind: str, version: int) -> None:
    both = detail(version, "2", "A") + detail(version, "3", "B")
    assert "batch-sum" not in read(message(kind, version, entry(version, "5", both))).flags
    wrong = read(message(kind, version, entry(version, "6", both)))
    assert "batch-sum" in wrong.flags
    assert wrong.lines[0].end_to_end_reference == ""


@each_version
def test_prefixes_envelopes_and_encodings_change_nothing(kind: str, version: int) -> None:
    text = full(kind, version)
    expected = read_camt(text.encode())
    head = "<?xml version='1.0' encoding='{}'?>"
    for form in (
        with_prefix(text, "ns2").encode(),
        f"<e:BizMsg xmlns:e='urn:e'><AppHdr><Ntry/></AppHdr>{text}</e:BizMsg>".encode(),
        f"{head.format('UTF-16')}{text}".encode("utf-16"),
        text.encode("utf-16-be"),
        f"{head.format('UTF-16BE')}{text}".encode("utf-16-be"),
        f"{head.format('UTF-16LE')}{text}".encode("utf-16"),
        f"{head.format('utf8')}{text}".encode("utf-8-sig"),
        f"{head.format('windows-1258')}{text}".encode("cp1258"),
        f"{head.format('ISO-8859-15')}<!-- é -->{text}".encode("iso-8859-15"),
        text.replace("'", '"').encode("utf-8-sig"),
        text.replace("\n", "\r\n").encode(),
        text.replace("\n", "\r").encode(),
    ):
        assert read_camt(form) == expected


def test_only_the_first_version_has_the_names_of_the_first_version() -> None:
    text = full("camt.053", 2).replace("BkToCstmrStmt", "BkToCstmrStmtV01")
    with pytest.raises(StatementUnreadable, match="does not belong"):
        read_camt(text.encode())


@each_version
def test_an_entry_that_is_not_booked_may_have_no_day_of_its_own(kind: str, version: int) -> None:
    """Its statement's day stands in; a booked entry without a day still refuses the file."""
    start, _, rest = entry(version, "5").partition("<BookgDt>")
    undated = start + rest.partition("</ValDt>")[2]
    pending = undated.replace("BOOK", "PDNG")
    statement = read(message(kind, version, pending + "\n" + pending))
    assert {(line.booking_date, line.value_date) for line in statement.lines} == {
        (date(2026, 1, 2), date(2026, 1, 2))
    }
    unmade = message(kind, version, pending).replace("<CreDtTm>2026-01-02T17:00:00</CreDtTm>", "")
    for text in (message(kind, version, undated), unmade):
        with pytest.raises(StatementUnreadable, match="neither BookgDt nor ValDt"):
            read_camt(text.encode())
