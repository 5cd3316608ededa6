"""One row of the tariff: who pays how much for what, where and since when, with its citation.

A rule knows its own arithmetic and validity; choosing among rules is `tariff`'s business.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bank_adapters.money import AMOUNT_MINOR_MAX
from payment_service.domain.errors import PaymentServiceError

ANY: Final = "*"
"""In a rule's key: this dimension does not matter."""
QUANTITY_MAX: Final = 10_000
"""Largest quantity of one line; more is a typing mistake or another kind of contract."""
RULE_AMOUNT_MINOR_MAX: Final = AMOUNT_MINOR_MAX // QUANTITY_MAX
"""Largest amount per unit, so that no quantity can leave the range of money."""


_FURTHER_FROM_MIN: Final = 2


class TariffError(PaymentServiceError):
    """The tariff cannot answer."""

    code = "tariff"
    status = 422


class RuleMalformed(TariffError):
    """A fee rule contradicts itself."""

    code = "fee-rule-malformed"
    status = 500


class FeeCategory(StrEnum):
    """The two kinds of public charge, kept apart in the books (Law 97/2015/QH13, Art. 14)."""

    PHI = "phi"
    """Phí: reimburses the cost of a public service; a share may stay with the collector."""
    LE_PHI = "le_phi"
    """Lệ phí: a fixed charge for state administration; all of it goes to the budget."""


class Territory(StrEnum):
    """Area whose resolutions still hold after the merger of 1 July 2025."""

    HAI_PHONG_CU = "hai-phong-cu"
    """Units of Hải Phòng as it was before the merger."""
    HAI_DUONG_CU = "hai-duong-cu"
    """Units of the former Hải Dương province."""


class Channel(StrEnum):
    """How the dossier was handed in."""

    ONLINE = "online"
    """Through the National Public Service Portal or VNeID."""
    COUNTER = "counter"
    """At a counter or by post."""


class PayerKind(StrEnum):
    """Who the dossier belongs to."""

    INDIVIDUAL = "individual"
    """A citizen or household."""
    ORGANISATION = "organisation"
    """A company, agency or association."""


class Per(StrEnum):
    """What one unit of the quantity is."""

    CASE = "case"
    """One act of the administration."""
    PAGE = "page"
    """One page of one copy; several copies are several lines."""
    COPY = "copy"
    """One copy handed out."""
    CONTRACT = "contract"
    """One contract or transaction."""
    REQUEST = "request"
    """One request, charged once; the quantity counts its copies, of which further ones cost."""
    CARD = "card"
    """One card."""
    BOOK = "book"
    """One passport booklet."""
    CERTIFICATE = "certificate"
    """One certificate."""
    FILE = "file"
    """One file examined."""
    PERMIT = "permit"
    """One permit or licence."""
    PLACE = "place"
    """One place of business."""
    VEHICLE = "vehicle"
    """One vehicle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule:
    """A rate in force from `valid_from` to `valid_to`, both days included; None is open.

    Key fields hold an exact value or `*`; an empty `variant` means the plain case. From unit
    number `further_from_quantity` on, each unit costs `further_amount_minor` instead. `per` may be
    given as its text, as the database stores it. Raises `RuleMalformed`.

    `verified` is true only when the rate was seen in the instrument or a transcription of it.
    """

    code: str
    fee_kind: str
    procedure_code: str
    territory: str
    channel: str
    payer_kind: str
    variant: str
    per: Per
    unit_amount_minor: int
    further_from_quantity: int | None = None
    further_amount_minor: int | None = None
    cap_minor: int | None = None
    citation: str
    valid_from: date
    valid_to: date | None = None
    verified: bool = False

    def __post_init__(self) -> None:
        if self.per not in tuple(Per):
            raise RuleMalformed(f"rule {self.code}: {self.per!r} is no unit")
        object.__setattr__(self, "per", Per(self.per))
        for value, allowed in (
            (self.territory, Territory),
            (self.channel, Channel),
            (self.payer_kind, PayerKind),
        ):
            if value != ANY and value not in tuple(allowed):
                raise RuleMalformed(f"rule {self.code}: {value!r} is no {allowed.__name__}")
        if not (self.code and self.fee_kind and self.procedure_code and self.citation.strip()):
            raise RuleMalformed(f"rule {self.code!r} lacks its code, kind, procedure or citation")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise RuleMalformed(f"rule {self.code} ends before it begins")
        self._check_amounts()

    def _check_amounts(self) -> None:
        for amount_minor in (self.unit_amount_minor, self.further_amount_minor, self.cap_minor):
            if amount_minor is not None and not 0 <= amount_minor <= RULE_AMOUNT_MINOR_MAX:
                raise RuleMalformed(f"rule {self.code}: amount out of range: {amount_minor}")
        if (self.further_from_quantity is None) != (self.further_amount_minor is None):
            raise RuleMalformed(f"rule {self.code}: half of a further rate")
        further_from = self.further_from_quantity
        if further_from is not None and further_from < _FURTHER_FROM_MIN:
            raise RuleMalformed(f"rule {self.code}: a further rate begins at unit 2 or later")

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What the rule is about; two rules of one key must not be in force on the same day."""
        return (
            self.fee_kind,
            self.procedure_code,
            self.territory,
            self.channel,
            self.payer_kind,
            self.variant,
        )

    def is_in_force(self, day: date) -> bool:
        """Whether a dossier handed in on this day pays by this rule."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def split_quantity(self, quantity: int) -> tuple[int, int]:
        """Return how many units cost the first amount and how many the further amount."""
        if self.further_from_quantity is None:
            first, further = quantity, 0
        else:
            first = min(quantity, self.further_from_quantity - 1)
            further = quantity - first
        return (1 if self.per is Per.REQUEST else first), further

    def uncapped_minor(self, quantity: int) -> int:
        """Return the price of a quantity before the cap."""
        first, further = self.split_quantity(quantity)
        return first * self.unit_amount_minor + further * (self.further_amount_minor or 0)

    def amount_minor(self, quantity: int) -> int:
        """Return the price of a quantity in đồng, never more than the cap."""
        amount_minor = self.uncapped_minor(quantity)
        return amount_minor if self.cap_minor is None else min(amount_minor, self.cap_minor)
