"""Writes camt.053.001.08; what it cannot carry raises `ValueError`."""

import re
from datetime import datetime
from html import escape
from typing import Final

from bank_adapters.counterpart.statement_text import both_balances, clean_text
from bank_adapters.money import format_minor
from bank_adapters.statements.camt_texts import RETURNED_REFERENCE_TYPE
from bank_adapters.vocabulary import Balance, Direction, EntryStatus, Statement, StatementLine

_USTRD_CHARACTERS_MAX: Final = 140
_DOMAIN_CODE: Final = re.compile(r"([A-Z]{4})-([A-Z]{4})-([A-Z]{4})")
_STATUS_CODES: Final = {
    EntryStatus.BOOKED: "BOOK",
    EntryStatus.PENDING: "PDNG",
    EntryStatus.INFORMATION: "INFO",
}


def write_camt053(statement: Statement, created_at: datetime) -> bytes:
    """Write one camt.053.001.08 message in UTF-8.

    Carries every field but the source line. Narratives have single blanks. A code of the form
    `PMNT-RCDT-DMCT` becomes a domain code, any other a proprietary one; the transaction that a
    reversal returns stands in `Refs/Prtry` of type RETURNED.
    """
    opening, closing = both_balances(statement)
    number, moment = clean_text(statement.number), created_at.isoformat(timespec="seconds")
    sequence = _element("ElctrncSeqNb", number if re.fullmatch("[0-9]{1,18}", number) else "")
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>',
        f"<GrpHdr><MsgId>{escape(number)}</MsgId><CreDtTm>{moment}</CreDtTm></GrpHdr>",
        f"<Stmt><Id>{escape(number)}</Id>{sequence}<CreDtTm>{moment}</CreDtTm>",
        f"<Acct><Id><Othr>{_element('Id', statement.account)}</Othr></Id>",
        f"<Ccy>{statement.currency}</Ccy></Acct>",
        _balance("OPBD", opening, statement.exponent),
        _balance("CLBD", closing, statement.exponent),
        *(_entry(line, statement) for line in statement.lines),
        "</Stmt></BkToCstmrStmt></Document>",
        "",
    ]
    return "\n".join(parts).encode()


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(clean_text(text), quote=False)}</{name}>" if text else ""


def _sum(amount_minor: int, currency: str, exponent: int) -> str:
    return f'<Amt Ccy="{currency}">{format_minor(abs(amount_minor), exponent)}</Amt>'


def _balance(code: str, balance: Balance, exponent: int) -> str:
    amount = _sum(balance.amount_minor, balance.currency, exponent)
    sign = "DBIT" if balance.amount_minor < 0 else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{amount}"
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{balance.on}</Dt></Dt></Bal>"
    )


def _entry(line: StatementLine, statement: Statement) -> str:
    amount = _sum(line.amount_minor, statement.currency, statement.exponent)
    sign = "CRDT" if line.direction is Direction.CREDIT else "DBIT"
    domain = _DOMAIN_CODE.fullmatch(line.code)
    code = (
        f"<Domn><Cd>{domain[1]}</Cd><Fmly><Cd>{domain[2]}</Cd>"
        f"<SubFmlyCd>{domain[3]}</SubFmlyCd></Fmly></Domn>"
        if domain
        else _wrap("Prtry", _element("Cd", line.code))
    )
    return (
        f"<Ntry>{amount}<CdtDbtInd>{sign}</CdtDbtInd>"
        f"<RvslInd>{'true' if line.is_reversal else 'false'}</RvslInd>"
        f"<Sts><Cd>{_STATUS_CODES[line.status]}</Cd></Sts>"
        f"<BookgDt><Dt>{line.booking_date}</Dt></BookgDt><ValDt><Dt>{line.value_date}</Dt></ValDt>"
        f"{_element('AcctSvcrRef', line.bank_reference)}<BkTxCd>{code}</BkTxCd><NtryDtls>"
        f"{_wrap('Btch', _element('PmtInfId', line.batch_reference))}"
        f"<TxDtls>{_references(line)}{amount}<CdtDbtInd>{sign}</CdtDbtInd>"
        f"{_parties(line)}{_remittance(line.narrative)}</TxDtls></NtryDtls></Ntry>"
    )


def _wrap(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>" if inner else ""


def _references(line: StatementLine) -> str:
    if line.end_to_end_reference in {"NOTPROVIDED", "NONREF"}:
        raise ValueError(f"means no reference: {line.end_to_end_reference}")
    returned = _element("Ref", line.returned_reference)
    return _wrap(
        "Refs",
        _element("EndToEndId", line.end_to_end_reference or "NOTPROVIDED")
        + (_wrap("Prtry", f"<Tp>{RETURNED_REFERENCE_TYPE}</Tp>{returned}") if returned else ""),
    )


def _parties(line: StatementLine) -> str:
    is_debtor = (line.direction is Direction.CREDIT) != line.is_reversal
    role = "Dbtr" if is_debtor else "Cdtr"
    name = _wrap(role, _wrap("Pty", _element("Nm", line.counterparty_name)))
    number = _wrap("Id", _wrap("Othr", _element("Id", line.counterparty_account)))
    return _wrap("RltdPties", name + _wrap(f"{role}Acct", number))


def _remittance(narrative: str) -> str:
    chunks: list[str] = []
    for word in clean_text(narrative).split(" "):
        if chunks and len(chunks[-1]) + 1 + len(word) <= _USTRD_CHARACTERS_MAX:
            chunks[-1] += f" {word}"
        else:
            chunks.append(word)
    return _wrap("RmtInf", "".join(_element("Ustrd", chunk) for chunk in chunks))
