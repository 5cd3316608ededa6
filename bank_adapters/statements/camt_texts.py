"""Which texts of an `Ntry` count, before anything is read from them; knows paths, no money."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bank_adapters.statements.camt_node import Node
from bank_adapters.statements.camt_values import read_currency

RETURNED_REFERENCE_TYPE: Final = "RETURNED"
"""`Refs/Prtry/Tp` under which our counterpart names the transaction that came back."""

ACCOUNT_NUMBERS: Final = ("IBAN", "Othr/Id", "BBAN", "UPIC", "PrtryAcct/Id")
"""Below the `Id` of an account; the last three are those of version 01."""

TOKENS: Final = slice(6)
"""Amount, sign, reversal mark, status, booking day, value day; here and below: of the texts."""
REFERENCES: Final = slice(6, 13)
"""The bank's own, that of its detail, entry number, returned, structured, end to end, batch."""
PARTIES: Final = slice(13, 17)
"""Name and account of the debtor, then of the creditor."""
DOMAIN_CODES: Final = slice(17, 20)
PROPRIETARY_CODE: Final = 20
REMARKS: Final = slice(21, 23)
"""`AddtlTxInf` and `AddtlNtryInf`."""
REMITTANCE: Final = slice(23, None)
"""Every `Ustrd` that is not blank."""

_BATCH_REFERENCES: Final = ("NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId", "Btch/PmtInfId")
_BATCH_COUNTS: Final = ("NtryDtls/Btch/NbOfTxs", "Btch/NbOfTxs")
_COUNT: Final = re.compile(r"[0-9]{1,15}")
_NO_DETAIL: Final = Node("TxDtls", {}, 0)


class EntryForm(NamedTuple):
    """What the markup of an entry says without its texts; no currency when it is not one.

    `is_partial` says that the entry announces more transactions than it gives details of.
    """

    currency: str
    is_returned: bool
    is_partial: bool


class EntryNodes(NamedTuple):
    """The elements whose texts count; `settling` are those that decided which ones count."""

    form: EntryForm
    tokens: tuple[Node | None, ...]
    texts: tuple[Node | None, ...]
    remittance: tuple[Node, ...]
    settling: tuple[Node, ...]


def choose_nodes(entry: Node, details: int) -> EntryNodes:
    """Choose the elements of an entry with so many `TxDtls`.

    With exactly one its references, parties and remittance text belong to the entry; with several
    given or announced the entry is a batch and only its own texts count. A number that stands in
    every part of it may be that of all parts together.
    """
    counts = [node for path in _BATCH_COUNTS for node in entry.all(path)]
    announced = [_count(node) for node in counts]
    is_partial = 0 < details < sum(announced) and {details} != set(announced)
    is_alone = details == 1 and not is_partial
    found = entry.first("NtryDtls/TxDtls") or entry.first("TxDtls") if is_alone else None
    detail = found or _NO_DETAIL
    amount = entry.first("Amt")
    tokens = (
        amount,
        entry.first_filled("CdtDbtInd"),
        entry.first_filled("RvslInd"),
        entry.first_filled("Sts", "Sts/Cd"),
        _day(entry.first("BookgDt")),
        _day(entry.first("ValDt")),
    )
    types = tuple(_reference_types(detail))
    texts = (
        entry.first_filled("AcctSvcrRef"),
        detail.first_filled("Refs/AcctSvcrRef"),
        entry.first_filled("NtryRef"),
        _returned(detail),
        detail.first_filled("RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/CdtrRefInf/CdtrRef"),
        detail.first_filled("Refs/EndToEndId"),
        entry.first_filled(*_BATCH_REFERENCES),
        *_party(detail, "Dbtr"),
        *_party(detail, "Cdtr"),
        entry.first_filled("BkTxCd/Domn/Cd"),
        entry.first_filled("BkTxCd/Domn/Fmly/Cd"),
        entry.first_filled("BkTxCd/Domn/Fmly/SubFmlyCd"),
        entry.first_filled("BkTxCd/Prtry/Cd"),
        detail.first_filled("AddtlTxInf"),
        entry.first_filled("AddtlNtryInf"),
    )
    return EntryNodes(
        form=EntryForm(read_currency(amount), detail.first("RtrInf") is not None, is_partial),
        tokens=tokens,
        texts=texts,
        remittance=tuple(node for node in detail.all("RmtInf/Ustrd") if node.has_text),
        settling=(*types, *counts),
    )


def texts_of(nodes: EntryNodes) -> tuple[str, ...]:
    """Return the texts in their order, blanks made single; the remittance texts come last."""
    chosen = (*nodes.tokens, *nodes.texts, *nodes.remittance)
    return tuple(" ".join(node.text.split()) if node else "" for node in chosen)


def _count(node: Node) -> int:
    text = node.text.strip()
    return int(text) if _COUNT.fullmatch(text) else 0


def _day(choice: Node | None) -> Node | None:
    return choice.first_filled("Dt", "DtTm") if choice else None


def _party(detail: Node, role: str) -> tuple[Node | None, Node | None]:
    name = detail.first_filled(f"RltdPties/{role}/Nm", f"RltdPties/{role}/Pty/Nm")
    account = detail.first(f"RltdPties/{role}Acct/Id")
    return name, account.first_filled(*ACCOUNT_NUMBERS) if account else None


def _reference_types(detail: Node) -> Iterator[Node]:
    for item in detail.all("Refs/Prtry"):
        yield from item.all("Tp")


def _returned(detail: Node) -> Node | None:
    for item in detail.all("Refs/Prtry"):
        if item.text_at("Tp") == RETURNED_REFERENCE_TYPE:
            return item.first_filled("Ref")
    return None
