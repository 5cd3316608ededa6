"""What people may do about a break, for which reasons, and a proposal of it as it was seen.

Values only: who may do it, and what it does to the books, is decided by the use cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

AWAITED: Final = ("payout", "refund", "cost_top_up", "unit_transfer")
"""Kinds of items that a line of the bank settles as a whole: announced or ordered with a key."""
NOTE_LENGTH_MAX: Final = 500
PARTS_MAX: Final = 20


class Act(StrEnum):
    """An act about a break; each is asked for by one person and approved by another."""

    MATCH_BY_HAND = "match_by_hand"
    """Match a credit with one due, or split it over several; a line with what it was awaited as."""
    UNMATCH = "unmatch"
    """Undo a match, or another act of people."""
    WRITE_OFF = "write_off"
    """Give a small credit that nobody explains to the budget; let the unit bear a small claim."""
    BOOK_AS_CHARGE = "book_as_charge"
    """Book a debit as bank charge, a credit as interest."""
    PAIR_LINES = "pair_lines"
    """Declare two lines to be a payment and its return."""
    REFUND = "refund"
    """Order money back to its payer: of an open credit, a surplus or a part payment."""
    MOVE_TO_UNIT = "move_to_unit"
    """Hand a credit over to the unit whose due it was meant for."""
    MOVE_TO_REQUEST = "move_to_request"
    """Take a payment off one request and give it to another of the same unit."""
    LEARN_PAYER = "learn_payer"
    """Keep in mind, for a year, that the account of a payment pays for its dossier."""
    SETTLE_ITEM = "settle_item"
    """Pair what is expected (a payout, a claim, a refund, ...) with the line that settles it."""
    ANSWER = "answer"
    """Close a break in which no money is open, with the answer that people got."""
    REOPEN = "reopen"
    """Take such an answer back."""


class Reason(StrEnum):
    """Why somebody proposes an act; the note beside it may say more."""

    PAYER_PROOF = "payer_proof"
    """The payer showed the transfer order or its receipt."""
    DOSSIER_FILE = "dossier_file"
    """The dossier holds the proof of payment."""
    MISTYPED_REFERENCE = "mistyped_reference"
    """The memo names the request, mistyped or cut."""
    SEVERAL_DOSSIERS = "several_dossiers"
    """One transfer pays for several dossiers, as its payer says."""
    WRONG_REQUEST = "wrong_request"
    """The money was meant for another request."""
    WRONG_ACT = "wrong_act"
    """What was booked about this line was not so."""
    NOBODY_FOUND = "nobody_found"
    """Nobody could be found for it, and asking further costs more than it is."""
    PAYMENT_ORDER = "payment_order"
    """The written order to the bank shows what was paid."""
    NOT_TO_BE_HAD = "not_to_be_had"
    """The gateway or bank does not pay it, and asking further costs more than it is."""
    BANK_ADVICE = "bank_advice"
    """The bank's own advice says what it is."""
    PAYER_ASKS = "payer_asks"
    """The payer asks for the money back."""
    PAID_TWICE = "paid_twice"
    """It was paid before, or beyond what was asked."""
    NOTHING_OWED = "nothing_owed"
    """Nobody was asked for this money."""
    OTHER_UNIT = "other_unit"
    """The memo or the payer names a request of another unit."""
    SENDER_CONFIRMED = "sender_confirmed"
    """The gateway or bank confirmed in writing that it is as it says."""
    SENDER_MISTAKE = "sender_mistake"
    """The gateway or bank says that it sent this by mistake, or as a test."""
    CONTRACT_CORRECTED = "contract_corrected"
    """The contract that is registered here was wrong, or has changed; it is put right."""
    GATEWAY_CORRECTS = "gateway_corrects"
    """The gateway sees its mistake and makes it good in a later report."""
    CHARGEBACK_ACCEPTED = "chargeback_accepted"
    """The payer's bank is right; the request is to be paid again."""
    CHARGEBACK_WON = "chargeback_won"
    """It was contested, and the gateway gives the money back."""
    FILE_NEEDLESS = "file_needless"
    """What this file holds came otherwise, or was not to come."""


_R = Reason
REASONS: Final[Mapping[Act, tuple[Reason, ...]]] = MappingProxyType(
    {
        Act.MATCH_BY_HAND: (
            _R.PAYER_PROOF, _R.DOSSIER_FILE, _R.MISTYPED_REFERENCE, _R.SEVERAL_DOSSIERS,
            _R.PAYMENT_ORDER, _R.BANK_ADVICE,
        ),
        Act.UNMATCH: (_R.WRONG_REQUEST, _R.WRONG_ACT),
        Act.WRITE_OFF: (_R.NOBODY_FOUND, _R.NOT_TO_BE_HAD),
        Act.BOOK_AS_CHARGE: (_R.BANK_ADVICE,),
        Act.PAIR_LINES: (_R.BANK_ADVICE, _R.PAYER_PROOF),
        Act.REFUND: (_R.PAYER_ASKS, _R.PAID_TWICE, _R.NOTHING_OWED),
        Act.MOVE_TO_UNIT: (_R.OTHER_UNIT, _R.PAYER_PROOF),
        Act.MOVE_TO_REQUEST: (_R.WRONG_REQUEST, _R.PAYER_PROOF, _R.DOSSIER_FILE),
        Act.LEARN_PAYER: (_R.PAYER_PROOF, _R.DOSSIER_FILE),
        Act.SETTLE_ITEM: (_R.BANK_ADVICE, _R.SENDER_CONFIRMED),
        Act.ANSWER: (
            _R.SENDER_CONFIRMED, _R.SENDER_MISTAKE, _R.CONTRACT_CORRECTED, _R.GATEWAY_CORRECTS,
            _R.CHARGEBACK_ACCEPTED, _R.CHARGEBACK_WON, _R.PAYER_ASKS, _R.FILE_NEEDLESS,
        ),
        Act.REOPEN: (_R.WRONG_ACT,),
    }
)  # fmt: skip
"""The reasons that can stand for an act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An amount of a line, an item, a line for an item, or a break, as it was seen.

    `group_id` is the match that is to be undone, `break_id` the break that is to be answered, or
    opened again.
    """

    amount_minor: int
    line_id: UUID | None = None
    line_version: int | None = None
    item_id: UUID | None = None
    item_version: int | None = None
    group_id: UUID | None = None
    break_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One act in full: `subject_id` is the line, the item, or the match that is to be undone.

    For an answer it is the object of the break, whatever that is.

    `effect` is what it would post, as canonical JSON; empty until that was worked out.
    """

    act: Act
    subject_id: UUID
    reason: Reason
    parts: tuple[Part, ...]
    note: str = ""
    break_id: UUID | None = None
    effect: str = ""
    asked_by: str = ""

    @property
    def amount_minor(self) -> int:
        """What the act is about: only a split adds up, else every part is one side of it."""
        total_minor = sum(part.amount_minor for part in self.parts)
        return total_minor if self.act is Act.MATCH_BY_HAND else total_minor // len(self.parts)

    @property
    def line_ids(self) -> list[UUID]:
        """Every line of the act."""
        return [part.line_id for part in self.parts if part.line_id]

    @property
    def item_ids(self) -> list[UUID]:
        """Every item of the act."""
        return [part.item_id for part in self.parts if part.item_id]

    @property
    def answered_ids(self) -> list[UUID]:
        """Every break of the act that is answered or opened again."""
        return [part.break_id for part in self.parts if part.break_id]
