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
    """Give a small credit that nobody explains to the budget."""
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


_R = Reason
REASONS: Final[Mapping[Act, tuple[Reason, ...]]] = MappingProxyType(
    {
        Act.MATCH_BY_HAND: (
            _R.PAYER_PROOF, _R.DOSSIER_FILE, _R.MISTYPED_REFERENCE, _R.SEVERAL_DOSSIERS,
            _R.PAYMENT_ORDER, _R.BANK_ADVICE,
        ),
        Act.UNMATCH: (_R.WRONG_REQUEST, _R.WRONG_ACT),
        Act.WRITE_OFF: (_R.NOBODY_FOUND,),
        Act.BOOK_AS_CHARGE: (_R.BANK_ADVICE,),
        Act.PAIR_LINES: (_R.BANK_ADVICE, _R.PAYER_PROOF),
        Act.REFUND: (_R.PAYER_ASKS, _R.PAID_TWICE, _R.NOTHING_OWED),
        Act.MOVE_TO_UNIT: (_R.OTHER_UNIT, _R.PAYER_PROOF),
        Act.MOVE_TO_REQUEST: (_R.WRONG_REQUEST, _R.PAYER_PROOF, _R.DOSSIER_FILE),
        Act.LEARN_PAYER: (_R.PAYER_PROOF, _R.DOSSIER_FILE),
    }
)  # fmt: skip
"""The reasons that can stand for an act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An amount of a line, an item, or of a line for an item, with the versions that were seen.

    `group_id` is the match that is to be undone.
    """

    amount_minor: int
    line_id: UUID | None = None
    line_version: int | None = None
    item_id: UUID | None = None
    item_version: int | None = None
    group_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One act in full: `subject_id` is the line, the item, or the match that is to be undone.

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
