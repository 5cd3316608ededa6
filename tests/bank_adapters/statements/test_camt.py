"""camt: versions, envelopes, signs, references, balances, and XML that must be refused."""

from datetime import date

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.vocabulary import Direction, EntryStatus, Statement, StatementLine

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
ACCOUNT = "<Acct><Id><Othr><Id>0031000123456</Id></Othr></Id><Ccy>VND</Ccy></Acct>"


def balance(code: str, amount: str, sign: str = "CRDT", day: str = "2026-01-02") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='VND'>{amount}</Amt>"
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def entry(inner: str = "", amount: str = "5", sign: str = "CRDT", head: str = "") -> str:
    return (
        f"<Ntry><Amt Ccy='VND'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{head}<Sts>BOOK</Sts>"
        f"<BookgDt><Dt>2026-01-02</Dt></BookgDt><ValDt><Dt>2026-01-02</Dt></ValDt>{inner}</Ntry>"
    )


def document(body: str, version: str = "camt.053.001.08") -> str:
    return (
        f"<Document xmlns='{NAMESPACE}{version}'><BkToCstmrStmt><GrpHdr><MsgId>m</MsgId></GrpHdr>"
        f"<Stmt><Id>7</Id>{ACCOUNT}{body}</Stmt></BkToCstmrStmt></Document>"
    )


def read(body: str, version: str = "camt.053.001.08") -> Statement:
    file = read_statement_file(document(body, version).encode())
    assert file.format == version
    (statement,) = file.statements
    return statement


def read_line(inner: str, head: str = "", sign: str = "CRDT") -> StatementLine:
    (line,) = read(entry(inner, head=head, sign=sign)).lines
    return line


def details(*inner: str) -> str:
    return "<NtryDtls>" + "".join(f"<TxDtls>{item}</TxDtls>" for item in inner) + "</NtryDtls>"


@pytest.mark.parametrize("version", [f"camt.053.001.{number:02}" for number in range(1, 15)])
def test_every_version_is_read(version: str) -> None:
    statement = read(balance("OPBD", "10") + entry() + balance("CLBD", "15"), version)
    assert (statement.is_balanced, statement.flags, statement.exponent) == (True, (), 0)
    assert statement.number == "7"


@pytest.mark.parametrize("name", ["camt.053.001.15", "camt.060.001.05", "pain.001.001.09"])
def test_an_unknown_message_is_refused_by_name(name: str) -> None:
    with pytest.raises(StatementUnreadable, match=name):
        read(entry(), name)


def test_an_envelope_is_passed_over() -> None:
    text = document(balance("OPBD", "10") + entry() + balance("CLBD", "15"))
    wrapped = f"<BizMsgEnvlp xmlns='urn:x'><AppHdr><Id>1</Id></AppHdr>{text}</BizMsgEnvlp>"
    assert read_statement_file(wrapped.encode()) == read_statement_file(text.encode())
    assert len(read_statement_file(f"<all>{text}{text}</all>".encode()).statements) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_declared_encoding_is_followed(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = document(entry(details("<RmtInf><Ustrd>phí</Ustrd></RmtInf>")))
    data = f"<?xml version='1.0' encoding='{declared}'?>{text}".encode(encoding)
    assert read_statement_file(data).statements[0].lines[0].narrative == "phí"


def test_a_reversal_keeps_its_sign() -> None:
    line = read_line("", head="<RvslInd>true</RvslInd>", sign="DBIT")
    assert (line.direction, line.is_reversal) == (Direction.DEBIT, True)
    assert read_line(details("<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")).is_reversal


def test_references_of_a_single_detail() -> None:
    line = read_line(
        "<AcctSvcrRef>FT1</AcctSvcrRef>"
        + details(
            "<Refs><AcctSvcrRef>FT0</AcctSvcrRef><EndToEndId>E2E</EndToEndId></Refs>"
            "<RltdPties><Dbtr><Pty><Nm>NGUYEN VAN A</Nm></Pty></Dbtr>"
            "<DbtrAcct><Id><Othr><Id>123</Id></Othr></Id></DbtrAcct></RltdPties>"
            "<RmtInf><Ustrd>HP7K2</Ustrd><Ustrd> nop  phi </Ustrd></RmtInf>"
        ),
        head="<RvslInd>false</RvslInd>",
    )
    assert line.bank_reference == "FT1"
    assert line.end_to_end_reference == "E2E"
    assert line.returned_reference == ""
    assert (line.counterparty_name, line.counterparty_account) == ("NGUYEN VAN A", "123")
    assert line.narrative == "HP7K2 nop phi"


def test_a_structured_reference_wins() -> None:
    line = read_line(
        details(
            "<Refs><EndToEndId>E2E</EndToEndId></Refs><RmtInf><Strd><CdtrRefInf><Ref>RF1</Ref>"
            "</CdtrRefInf></Strd></RmtInf>"
        )
    )
    assert line.end_to_end_reference == "RF1"
    assert read_line(details("<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>")) == read_line("")


def test_a_reversal_names_what_it_returns() -> None:
    line = read_line(
        "<AcctSvcrRef>FT2</AcctSvcrRef>" + details("<Refs><AcctSvcrRef>FT1</AcctSvcrRef></Refs>"),
        head="<RvslInd>true</RvslInd>",
    )
    assert (line.bank_reference, line.returned_reference) == ("FT2", "FT1")


def test_a_batch_keeps_its_own_reference_only() -> None:
    amounts = [f"<Refs><EndToEndId>{n}</EndToEndId></Refs><Amt Ccy='VND'>{n}</Amt>" for n in (2, 3)]
    batch = "<NtryDtls><Btch><PmtInfId>B1</PmtInfId></Btch></NtryDtls>"
    statement = read(entry(batch + details(*amounts)))
    assert statement.lines[0].batch_reference == "B1"
    assert statement.lines[0].end_to_end_reference == ""
    assert statement.flags == ("unproven",)
    assert "batch-sum" in read(entry(details(*amounts), amount="6")).flags


def test_entries_that_are_not_booked_do_not_count() -> None:
    pending = entry().replace("BOOK<", "PDNG<")
    information = entry().replace("<Sts>BOOK", "<Sts><Cd>INFO</Cd>")
    statement = read(
        balance("PRCD", "10") + pending + information + entry() + balance("CLBD", "15")
    )
    assert [line.status for line in statement.lines] == [
        EntryStatus.PENDING,
        EntryStatus.INFORMATION,
        EntryStatus.BOOKED,
    ]
    assert (statement.is_balanced, statement.flags) == (True, ())


def test_a_debit_balance_is_negative_and_a_gap_is_found() -> None:
    first = balance("OPBD", "10", "DBIT") + entry() + balance("CLBD", "5", "DBIT")
    second = balance("OPBD", "7", "DBIT") + balance("CLBD", "7", "DBIT")
    text = document(first).replace("</Stmt>", f"</Stmt><Stmt><Id>8</Id>{ACCOUNT}{second}</Stmt>")
    one, two = read_statement_file(text.encode()).statements
    assert one.opening is not None
    assert one.opening.amount_minor == -10
    assert (one.flags, two.flags) == ((), ("gap",))


def test_a_day_is_the_one_the_bank_wrote() -> None:
    text = entry().replace(
        "<Dt>2026-01-02</Dt></BookgDt>", "<DtTm>2026-01-01T23:30:00Z</DtTm></BookgDt>"
    )
    (line,) = read(text).lines
    assert (line.booking_date, line.value_date) == (date(2026, 1, 1), date(2026, 1, 2))


def test_an_entry_in_another_currency_forbids_posting() -> None:
    text = entry().replace("VND", "USD")
    assert read(text).flags == ("foreign-currency", "unproven")


def test_a_report_without_balances_is_checked_by_its_declared_totals() -> None:
    summary = (
        "<TxsSummry><TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>{}</Sum></TtlCdtNtries>"
        "</TxsSummry>"
    )
    assert read(summary.format("5.00") + entry()).flags == ("unproven",)
    assert read(summary.format("6.00") + entry()).flags == ("unproven", "control-sum")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<Amt Ccy='VND'>5<", "<Amt Ccy='VND'>-5<", "Ntry 1 has no amount"),
        ("<Amt Ccy='VND'>5<", "<Amt Ccy='VND'>1e3<", "Ntry 1 has no amount"),
        ("<Amt Ccy='VND'>5<", "<Amt Ccy='VND'>5,00<", "Ntry 1 has no amount"),
        ("<Amt Ccy='VND'>5<", "<Amt Ccy='vnd'>5<", "without a currency"),
        ("<Amt Ccy='VND'>5<", f"<Amt Ccy='VND'>{10**17}<", "out of range"),
        ("CRDT", "CREDIT", "CdtDbtInd"),
        ("BOOK", "MAYBE", "unknown status"),
        ("2026-01-02", "2026-02-30", "impossible date"),
        ("<Id>0031000123456</Id>", "", "no account"),
        ("</Ntry>", "", "broken XML"),
        ("<Stmt>", "<!--", "broken XML"),
        ("<Document", "<!DOCTYPE x []><Document", "document type"),
        (
            "<BkToCstmrStmt>",
            "<BkToCstmrAcctRpt></BkToCstmrAcctRpt><BkToCstmrStmt>",
            "does not belong",
        ),
        ("<Ntry>", "<Ntry>" + "<x>" * 70 + "</x>" * 70, "deeper than 64"),
        ("<Sts>", "<AddtlNtryInf>" + "x" * 20_001 + "</AddtlNtryInf><Sts>", "longer than"),
    ],
)
def test_what_cannot_be_read_is_refused_by_line(old: str, new: str, words: str) -> None:
    text = document(entry())
    assert old in text
    with pytest.raises(StatementUnreadable, match=words) as caught:
        read_statement_file(text.replace(old, new).encode())
    assert str(caught.value).startswith("line 1: ")


def test_entities_and_unknown_encodings_are_refused() -> None:
    bomb = "<!DOCTYPE a [<!ENTITY b 'bb'>]>" + document(entry("<AddtlNtryInf>&b;</AddtlNtryInf>"))
    foreign = "<?xml version='1.0' encoding='utf-7'?>" + document(entry())
    for text in (bomb, foreign, document("").replace("Stmt>", "Rpt>")):
        with pytest.raises(StatementUnreadable):
            read_statement_file(text.encode())


def test_an_entry_without_any_date_is_refused() -> None:
    text = entry().replace("<BookgDt><Dt>2026-01-02</Dt></BookgDt>", "")
    assert read(text).lines[0].booking_date == date(2026, 1, 2)
    with pytest.raises(StatementUnreadable, match="Ntry 1 has neither"):
        read(text.replace("<ValDt><Dt>2026-01-02</Dt></ValDt>", ""))
