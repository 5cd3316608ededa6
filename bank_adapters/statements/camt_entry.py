"""One `Ntry` of a camt message as a draft line: which of its many references means what."""

from datetime import date
from typing import Final

from bank_adapters.statements.camt_tree import Node
from bank_adapters.statements.camt_values import read_amount, read_day, read_sign
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import DraftLine
from bank_adapters.vocabulary import Direction, EntryStatus

RETURNED_REFERENCE_TYPE: Final = "RETURNED"
"""`Refs/Prtry/Tp` under which our counterpart names the transaction that came back."""

_STATUSES: Final = {
    "BOOK": EntryStatus.BOOKED,
    "PDNG": EntryStatus.PENDING,
    "FUTR": EntryStatus.PENDING,
    "INFO": EntryStatus.INFORMATION,
}
_NO_REFERENCE: Final = frozenset({"NOTPROVIDED", "NONREF"})
_EMPTY: Final = Node("TxDtls", {}, 0)


def read_camt_entry(node: Node, position: int) -> tuple[DraftLine, str]:
    """Read an entry with its currency.

    With exactly one `TxDtls` its references, parties and remittance text belong to the entry; with
    several the entry is a batch and only its own texts count. A missing booking date is taken from
    the value date and the reverse; without both the file is refused.
    """
    where = f"Ntry {position}"
    amount, currency = read_amount(node.first("Amt"), node.line, where)
    direction = read_sign(node, where)
    booking_date, value_date = _dates(node, where)
    details = list(node.all("NtryDtls/TxDtls"))
    detail = details[0] if len(details) == 1 else _EMPTY
    is_marked = node.text_at("RvslInd") in {"true", "1"}
    is_reversal = is_marked or detail.first("RtrInf") is not None
    name, account = _counterparty(detail, direction, is_reversal=is_marked)
    bank_reference, returned_reference = _bank_references(node, detail, is_reversal=is_reversal)
    line = DraftLine(
        source_line=node.line,
        booking_date=booking_date,
        value_date=value_date,
        amount=amount,
        direction=direction,
        status=_status(node, where),
        is_reversal=is_reversal,
        bank_reference=bank_reference,
        end_to_end_reference=_end_to_end(detail),
        returned_reference=returned_reference,
        batch_reference=node.text_at("NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId"),
        counterparty_account=account,
        counterparty_name=name,
        code=_code(node),
        narrative=_narrative(node, detail),
    )
    return line, currency


def batch_holds(node: Node, line: DraftLine, currency: str) -> bool:
    """Return whether several details add up to their entry; true when they do not say."""
    details = list(node.all("NtryDtls/TxDtls"))
    if len(details) <= 1:
        return True
    exponent = 5
    total = 0
    for detail in details:
        amount = detail.first("Amt") or detail.first("AmtDtls/TxAmt/Amt")
        if amount is None or amount.attributes.get("Ccy") != currency:
            return True
        value, _ = read_amount(amount, amount.line, "TxDtls")
        has_sign = detail.first("CdtDbtInd") is not None
        direction = read_sign(detail, "TxDtls") if has_sign else line.direction
        minor = value.minor(exponent)
        total += minor if direction is line.direction else -minor
    return total == line.amount.minor(exponent)


def _dates(node: Node, where: str) -> tuple[date, date]:
    booking_date = read_day(node.first("BookgDt"), where)
    value_date = read_day(node.first("ValDt"), where)
    booking_date = booking_date or value_date
    if booking_date is None:
        raise unreadable(node.line, f"{where} has neither BookgDt nor ValDt")
    return booking_date, value_date or booking_date


def _status(node: Node, where: str) -> EntryStatus:
    text = node.text_at("Sts", "Sts/Cd")
    status = _STATUSES.get(text)
    if status is None:
        raise unreadable(node.line, f"{where} has an unknown status Sts {excerpt(text)}")
    return status


def _end_to_end(detail: Node) -> str:
    structured = detail.text_at("RmtInf/Strd/CdtrRefInf/Ref")
    reference = structured or detail.text_at("Refs/EndToEndId")
    return "" if reference in _NO_REFERENCE else reference


def _bank_references(node: Node, detail: Node, *, is_reversal: bool) -> tuple[str, str]:
    """Return the bank's reference of this entry, and of the one it returns.

    A reversal that carries the bank's reference twice, on the entry and another in its detail,
    names the original in the detail.
    """
    entry = node.text_at("AcctSvcrRef")
    inner = detail.text_at("Refs/AcctSvcrRef")
    returned = next(
        (
            item.text_at("Ref")
            for item in detail.all("Refs/Prtry")
            if item.text_at("Tp") == RETURNED_REFERENCE_TYPE
        ),
        "",
    )
    if is_reversal and not returned and entry and inner != entry:
        returned = inner
    return entry or inner or node.text_at("NtryRef"), returned


def _counterparty(detail: Node, direction: Direction, *, is_reversal: bool) -> tuple[str, str]:
    """Return name and account of the other side; a reversal keeps the roles of its original."""
    is_debtor = (direction is Direction.CREDIT) != is_reversal
    roles = ("Dbtr", "Cdtr") if is_debtor else ("Cdtr", "Dbtr")
    for role in roles:
        name = detail.text_at(f"RltdPties/{role}/Nm", f"RltdPties/{role}/Pty/Nm")
        account = detail.text_at(
            f"RltdPties/{role}Acct/Id/IBAN", f"RltdPties/{role}Acct/Id/Othr/Id"
        )
        if name or account:
            return name, account
    return "", ""


def _code(node: Node) -> str:
    domain = (
        node.text_at("BkTxCd/Domn/Cd"),
        node.text_at("BkTxCd/Domn/Fmly/Cd"),
        node.text_at("BkTxCd/Domn/Fmly/SubFmlyCd"),
    )
    return "-".join(filter(None, domain)) or node.text_at("BkTxCd/Prtry/Cd")


def _narrative(node: Node, detail: Node) -> str:
    texts = (" ".join(item.text.split()) for item in detail.all("RmtInf/Ustrd"))
    remittance = " ".join(filter(None, texts)) or detail.text_at("AddtlTxInf")
    entry = node.text_at("AddtlNtryInf")
    if entry and entry not in remittance:
        return f"{remittance} {entry}".strip()
    return remittance
