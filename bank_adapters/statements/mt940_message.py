"""One message of MT940 or MT942 while its fields come in: their order, and the statement it is."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bank_adapters.statements.batches import LineBatch
from bank_adapters.statements.decoding import excerpt, unreadable
from bank_adapters.statements.draft import Decimals, DraftBalance, DraftLine, read_decimals
from bank_adapters.statements.filling import BatchFiller
from bank_adapters.statements.mt940_entry import add_text, read_balance, read_entry
from bank_adapters.statements.mt940_fields import FIELD_LINES_MAX, TEXT_CHARACTERS_MAX, Field
from bank_adapters.statements.pages import Page
from bank_adapters.statements.proof import DeclaredTotal
from bank_adapters.vocabulary import Direction

_FLOOR: Final = re.compile(r"([A-Z]{3})[CD]?[0-9]{1,15}(?:,[0-9]*)?")
_TOTAL: Final = re.compile(r"([0-9]{1,5})([A-Z]{3})([0-9]{1,15},[0-9]{0,5})")
_FREE_TEXT_TAGS: Final = frozenset({"61", "86", "NS"})
_LINES_MAX: Final = {"25P": 2}


@dataclass(slots=True, kw_only=True)
class Message:
    """What has been read of one message; its entries leave through its filler.

    `entry` is the entry whose text may still go on; `zeros` counts entries of zero.
    """

    line: int
    filler: BatchFiller
    account: str = ""
    number: str = ""
    currency: str = ""
    opening: DraftBalance | None = None
    closing: DraftBalance | None = None
    opens_midway: bool = False
    closes_midway: bool = False
    is_interim: bool = False
    totals: dict[Direction, tuple[int, Decimals]] = field(default_factory=dict)
    has_entries: bool = False
    entry: DraftLine | None = None
    zeros: Counter[Direction] = field(default_factory=Counter)

    @property
    def takes_entries(self) -> bool:
        """Whether an entry may stand here: between the balances and above the totals."""
        has_begun = self.opening is not None or self.is_interim
        return has_begun and self.closing is None and not self.totals


def take_field(message: Message | None, item: Field) -> None:
    """Take a field that has been read whole; one out of its order refuses the file."""
    if message is None:
        raise unreadable(item.line, f"tag :{item.tag}: before tag :20:")
    handler = _HANDLERS.get(item.tag)
    if handler is not None:
        handler(message, item)


def take_columns(message: Message, columns: LineBatch) -> None:
    """Take entries that were read in bulk, each whole; see `takes_entries`."""
    _end_entry(message)
    message.has_entries = True
    message.filler.extend(columns)


def refuse_extra_lines(item: Field) -> None:
    """Refuse text below a field that has one line."""
    if item.tag in _FREE_TEXT_TAGS:
        return
    for offset in range(_LINES_MAX.get(item.tag, 1), len(item.lines)):
        if item.lines[offset].strip():
            raise unreadable(
                item.line + offset, f"text below :{item.tag}: {excerpt(item.lines[offset])}"
            )


def format_of(message: Message, *, is_ended: bool) -> str:
    """Return the format of a message that is complete; `is_ended` says that its end is marked."""
    if not message.account:
        raise unreadable(message.line, "the statement that starts here has no account :25:")
    if message.opening is not None and message.closing is not None:
        return "MT940"
    if message.opening is not None or not message.is_interim:
        missing = ":62F: (closing)" if message.opening is not None else ":60F: (opening)"
        raise unreadable(message.line, f"the statement that starts here has no balance {missing}")
    if not (is_ended or message.totals):
        raise unreadable(message.line, "the report that starts here has no end: neither - nor :90")
    return "MT942"


def finish_message(message: Message) -> Page:
    """Close the last batch and return what the statement says of itself."""
    account = message.account
    if message.currency and account.endswith(message.currency):
        account = account.removesuffix(message.currency).rstrip() or account
    if not message.currency:
        raise unreadable(message.line, "the report that starts here names no currency")
    _end_entry(message)
    message.filler.finish()
    summary = message.filler.proof.finish(
        account=account,
        currency=message.currency,
        number=message.number,
        line=message.line,
        opening=message.opening,
        closing=message.closing,
        owes_balances=not message.is_interim,
        declared=[
            # The bank counts its entries of zero, too.
            DeclaredTotal(direction, count - message.zeros[direction], amount)
            for direction, (count, amount) in message.totals.items()
        ],
    )
    return Page(summary, message.opens_midway, message.closes_midway)


def _end_entry(message: Message) -> None:
    entry = message.entry
    if entry is None:
        return
    if not entry.amount.unscaled:
        message.zeros[entry.direction] += 1
    message.filler.add(entry)
    message.entry = None


def _take_account(message: Message, item: Field) -> None:
    message.account = _only_value(item, message.account)


def _take_number(message: Message, item: Field) -> None:
    message.number = _only_value(item, message.number)


def _only_value(item: Field, known: str) -> str:
    value = item.lines[0].strip()
    if known not in {"", value}:
        raise unreadable(item.line, f"a second :{item.tag}: in one statement: {excerpt(value)}")
    return value


def _take_opening(message: Message, item: Field) -> None:
    if message.opening is not None or message.has_entries:
        raise unreadable(item.line, f"tag :{item.tag}: out of order; was the file cut?")
    message.opening = read_balance(item)
    _take_currency(message, item, message.opening.currency)
    message.opens_midway = item.tag == "60M"


def _take_closing(message: Message, item: Field) -> None:
    if message.opening is None or message.closing is not None:
        raise unreadable(item.line, f"tag :{item.tag}: out of order; was the file cut?")
    message.closing = read_balance(item)
    message.closes_midway = item.tag == "62M"
    _take_currency(message, item, message.closing.currency)


def _take_currency(message: Message, item: Field, currency: str) -> None:
    message.currency = message.currency or currency
    if currency != message.currency:
        raise unreadable(item.line, f":{item.tag}: is in {currency}, not {message.currency}")


def _take_entry(message: Message, item: Field) -> None:
    if not message.takes_entries:
        raise unreadable(item.line, "tag :61: outside the balances of a statement")
    _end_entry(message)
    message.entry = read_entry(item)
    message.has_entries = True


def _take_text(message: Message, item: Field) -> None:
    # Above the first entry and below the closing balance the text speaks of the whole statement.
    entry = message.entry
    if entry is None or message.closing is not None or message.totals:
        return
    if item.line - entry.source_line > FIELD_LINES_MAX:
        raise unreadable(
            entry.source_line, f":61: has more than {FIELD_LINES_MAX} lines of text below it"
        )
    add_text(entry, "\n".join(item.lines))
    if len(entry.narrative) > TEXT_CHARACTERS_MAX:
        raise unreadable(
            entry.source_line, f":61: has more than {TEXT_CHARACTERS_MAX} characters of text below"
        )


def _take_floor(message: Message, item: Field) -> None:
    match = _FLOOR.fullmatch(item.lines[0].strip())
    if match is None:
        raise unreadable(item.line, f":34F: is not a floor limit: {excerpt(item.lines[0])}")
    message.is_interim = True
    _take_currency(message, item, match[1])


def _take_moment(message: Message, _: Field) -> None:
    message.is_interim = message.is_interim or message.opening is None


def _take_total(message: Message, item: Field) -> None:
    match = _TOTAL.fullmatch(item.lines[0].strip())
    if match is None:
        raise unreadable(item.line, f":{item.tag}: is not a total: {excerpt(item.lines[0])}")
    direction = Direction.CREDIT if item.tag == "90C" else Direction.DEBIT
    if direction in message.totals:
        raise unreadable(item.line, f"a second :{item.tag}: in one statement")
    message.totals[direction] = (int(match[1]), read_decimals(match[3], ","))
    message.is_interim = message.is_interim or message.opening is None
    _take_currency(message, item, match[2])


def _take_available(message: Message, item: Field) -> None:
    if message.closing is None and not message.is_interim:
        raise unreadable(item.line, f"tag :{item.tag}: before the closing balance :62F:")


_HANDLERS: Final[dict[str, Callable[[Message, Field], None]]] = {
    "25": _take_account,
    "25P": _take_account,
    "28": _take_number,
    "28C": _take_number,
    "60F": _take_opening,
    "60M": _take_opening,
    "61": _take_entry,
    "62F": _take_closing,
    "62M": _take_closing,
    "64": _take_available,
    "65": _take_available,
    "86": _take_text,
    "34F": _take_floor,
    "13D": _take_moment,
    "90C": _take_total,
    "90D": _take_total,
}
