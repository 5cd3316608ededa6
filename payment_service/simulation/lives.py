"""What really happened: lives of payments with their requests and bank lines, as only we know it.

The service never reads this; `score` compares it with what the service found out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

import msgspec

from bank_adapters.contract import CallbackRequest
from bank_adapters.counterpart.gateway import TakenOrder
from bank_adapters.vocabulary import PaymentNotice


@dataclass(slots=True, kw_only=True)
class Asked:
    """A payment request as the service answered it; `pay_path` is the citizen's link."""

    request_id: str
    reference: str
    amount_minor: int
    pay_path: str


@dataclass(slots=True, kw_only=True)
class TrueLine:
    """A bank line and what it really was for.

    `goes_to` is `request:…`, `notice:…` (of the bank, for nothing asked), `payout:…`, `cost:…`,
    `refund:…`, `pair` for a payment and its return, `bank` for the bank's own charges and interest,
    or empty when nothing explains it.
    `is_readable` says whether a perfect reader could know that from what is on record.
    """

    bank_reference: str
    account_number: str
    life: str
    scenario: str
    goes_to: str
    is_readable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A callback as it was sent, and to which address."""

    channel: str
    path: str
    request: CallbackRequest


@dataclass(slots=True, kw_only=True)
class Life:
    """One story from asking to its end, with a random source of its own.

    `channel` is the gateway at which it is paid, if it is; `teller` the channel on which the bank
    tells of `credits`, if it does. `names` are the texts by which an open break can be recognised
    as this life's: request, transaction, bank reference, batch, or `account/number` of a statement.
    `orders` are the gateway's, by the place of their request among `requests`.
    """

    number: int
    scenario: str
    unit_code: str
    starts_on: int
    random: Random
    channel: str = "vnpay"
    teller: str = "rsabank"
    requests: list[Asked] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    label: str = ""
    breaks: list[str] = field(default_factory=list)
    credits: list[PaymentNotice] = field(default_factory=list)
    orders: dict[int, TakenOrder] = field(default_factory=dict)
    sent: Sent | None = None
    references: int = 0

    @property
    def name(self) -> str:
        """How the truth calls this life."""
        return f"{self.number:06d}"

    @property
    def asked(self) -> Asked:
        """The first request."""
        return self.requests[0]

    def next_reference(self, on: date) -> str:
        """Return a bank's own reference, never used before; 16 characters, as MT940 carries."""
        self.references += 1
        return f"FT{on:%y%j}{self.number:06d}{self.references:03d}"

    def next_transaction(self, on: date) -> str:
        """Return a gateway's own number, never used before."""
        self.references += 1
        return f"{on:%y%j}{self.number:06d}{self.references:03d}"


class TrueLife(msgspec.Struct, kw_only=True, frozen=True):
    """A life as it is written down: what its requests should end as, and its open breaks."""

    life: str
    scenario: str
    unit_code: str
    requests: list[Asked]
    names: list[str]
    label: str
    breaks: list[str]


class Truth(msgspec.Struct, kw_only=True, frozen=True):
    """Everything that happened in a simulation."""

    seed: int
    days: list[date]
    lives: list[TrueLife]
    lines: list[TrueLine]


def truth_of(
    seed: int, days: Sequence[date], lives: Sequence[Life], lines: Sequence[TrueLine]
) -> Truth:
    """Put what happened in order."""
    return Truth(
        seed=seed,
        days=list(days),
        lives=[
            TrueLife(
                life=life.name,
                scenario=life.scenario,
                unit_code=life.unit_code,
                requests=life.requests,
                names=sorted(life.names),
                label=life.label,
                breaks=sorted(life.breaks),
            )
            for life in sorted(lives, key=lambda life: life.number)
        ],
        lines=sorted(lines, key=lambda line: line.bank_reference),
    )


def write_truth(truth: Truth, path: Path) -> None:
    """Write the truth as readable JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(truth), indent=1))


def read_truth(path: Path) -> Truth:
    """Read a truth that was written before."""
    return msgspec.json.decode(path.read_bytes(), type=Truth)
