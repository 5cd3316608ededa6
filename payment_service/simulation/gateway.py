"""The gateways: they take payments, and settle net on the next business day, each for each unit."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path

from bank_adapters.counterpart.gateway import TakenOrder
from bank_adapters.counterpart.settlement import write_settlement_report
from bank_adapters.gateways.settlement_report import sign_settlement
from bank_adapters.vocabulary import Direction, SettlementLine, SettlementReport
from payment_service.simulation.bank import Bank, Booked, deliver
from payment_service.simulation.lives import Life
from payment_service.simulation.places import Place

PAYOUT, COST_TOP_UP = "payout", "cost-top-up"
"""The scenarios under which the lines of a whole batch are counted."""
WRONG_BY_MINOR = 1_000
OVER_COST_MINOR = 55
RATE_PPM, FIXED_MINOR, VAT_PERMILLE = 5_000, 1_100, 80
"""What a gateway may keep of a payment by its contract, each part rounded down."""
Till = tuple[str, str]
"""A unit's code and the gateway that takes money for it."""


class PayoutManner(StrEnum):
    """How a gateway pays out what it reports, where it does not pay every batch by itself."""

    WRONG_AMOUNT = "payout-wrong-amount"
    """Another amount than the report says."""
    TWO_IN_ONE = "payout-two-in-one"
    """Two reports, one transfer that names both."""
    IN_PARTS = "payout-in-parts"
    """One report, two transfers that name it."""
    OTHER_COSTS = "payout-other-costs"
    """The report keeps more than the contract says, and the transfer is what it says."""


@dataclass(slots=True, kw_only=True)
class Batch:
    """What one unit is paid out by one gateway, with the life that stands for it."""

    place: Place
    channel: str
    lines: list[SettlementLine]
    life: Life
    name: str

    @property
    def cost_minor(self) -> int:
        """What the gateway keeps."""
        return sum(line.fee_minor + line.vat_minor for line in self.lines)

    @property
    def net_minor(self) -> int:
        """What it pays out; negative when it took back more than it paid."""
        return sum(line.gross_minor for line in self.lines) - self.cost_minor


def fee_of(gross_minor: int) -> tuple[int, int]:
    """Return the gateway's fee and the VAT on it, in đồng."""
    fee_minor = FIXED_MINOR + gross_minor * RATE_PPM // 1_000_000
    return fee_minor, fee_minor * VAT_PERMILLE // 1_000


class Gateway:
    """Keeps what was paid until it is settled."""

    def __init__(self) -> None:
        self._taken: defaultdict[Till, list[SettlementLine]] = defaultdict(list)
        self._manners: dict[Till, PayoutManner] = {}
        self._to_top_up: list[Batch] = []

    def take(self, life: Life, order: TakenOrder, paid_at: datetime) -> None:
        """Take the money: it is settled whether or not a notification arrives."""
        fee_minor, vat_minor = fee_of(order.amount_minor)
        line = SettlementLine(
            position=0,
            provider_transaction=order.provider_transaction,
            our_reference=order.our_reference,
            kind="payment",
            gross_minor=order.amount_minor,
            fee_minor=fee_minor,
            vat_minor=vat_minor,
            paid_at=paid_at.astimezone(UTC).replace(microsecond=0),
        )
        self._taken[life.unit_code, life.channel].append(line)

    def change(
        self,
        life: Life,
        on: date,
        kind: str,
        gross_minor: int,
        *,
        original: str = "",
        our_reference: str = "",
    ) -> None:
        """Take money back, or adjust by it: it is told with the next settlement only."""
        line = SettlementLine(
            position=0,
            provider_transaction=life.next_transaction(on),
            our_reference=our_reference,
            kind=kind,
            gross_minor=gross_minor,
            fee_minor=0,
            vat_minor=0,
            paid_at=datetime.combine(on, time(5), UTC),
            original_transaction=original,
        )
        life.names.add(line.provider_transaction)
        self._taken[life.unit_code, life.channel].append(line)

    def waiting(self) -> list[Till]:
        """Return whose payments wait to be settled."""
        return sorted(self._taken)

    def settle_as(self, till: Till, manner: PayoutManner) -> None:
        """Settle next time in a manner of its own."""
        self._manners[till] = manner

    def settle(self, bank: Bank, batch_lives: dict[Till, Life], on: date, folder: Path) -> None:
        """Report and pay out what was taken before today; units put back the costs of the last day.

        `batch_lives` gives the life that stands for each batch of the day.
        """
        topped_up, self._to_top_up = self._to_top_up, []
        for batch in topped_up:
            self._top_up(bank, batch, on)
        taken, self._taken = self._taken, defaultdict(list)
        manners, self._manners = self._manners, {}
        for till in sorted(taken):
            lines = sorted(taken[till], key=lambda line: line.provider_transaction)
            place, manner = bank.places[till[0]], manners.get(till)
            if manner is PayoutManner.OTHER_COSTS:
                lines = [
                    replace(line, fee_minor=line.fee_minor + OVER_COST_MINOR) for line in lines
                ]
            batches = _batches(place, till[1], lines, batch_lives[till], manner, on)
            for batch in batches:
                _report(batch, on, folder)
            _pay_out(bank, batches, manner, on)
            self._to_top_up += batches

    @staticmethod
    def _top_up(bank: Bank, batch: Batch, on: date) -> None:
        if not batch.cost_minor:
            return
        bank.book(
            batch.life,
            batch.place,
            Booked(
                bank_reference=batch.life.next_reference(on),
                amount_minor=batch.cost_minor,
                direction=Direction.CREDIT,
                narrative=f"UBND nop bu phi cong thanh toan PHI{batch.name}",
            ),
            goes_to=f"cost:PHI{batch.name}",
            scenario=COST_TOP_UP,
        )


def _batches(
    place: Place,
    channel: str,
    lines: list[SettlementLine],
    life: Life,
    manner: PayoutManner | None,
    on: date,
) -> list[Batch]:
    halves = [lines]
    if manner is PayoutManner.TWO_IN_ONE and len(lines) > 1:
        halves = [lines[:1], lines[1:]]
    return [
        Batch(
            place=place,
            channel=channel,
            lines=[replace(line, position=at) for at, line in enumerate(half, 1)],
            life=life,
            name=f"VN{on:%y%m%d}{place.unit_code}{life.number}" + "B" * number,
        )
        for number, half in enumerate(halves)
    ]


def _report(batch: Batch, on: date, folder: Path) -> None:
    address = batch.place.gateways[batch.channel]
    report = SettlementReport(
        merchant=address.merchant,
        batch=batch.name,
        settled_on=on,
        currency="VND",
        lines=tuple(batch.lines),
        declared_count=len(batch.lines),
        declared_net_minor=batch.net_minor,
    )
    content = write_settlement_report(report)
    signature = sign_settlement(content, address.material.encode())
    deliver(folder, f"{on}-{address.merchant}-{batch.name}.settlement", content, signature)
    batch.life.names |= {batch.name, f"PHI{batch.name}"}


def _pay_out(bank: Bank, batches: list[Batch], manner: PayoutManner | None, on: date) -> None:
    """Pay the batches of a till out in one transfer, or what else its manner is."""
    first, is_wrong = batches[0], manner is PayoutManner.WRONG_AMOUNT
    net_minor = sum(batch.net_minor for batch in batches) - (WRONG_BY_MINOR if is_wrong else 0)
    amounts = [net_minor]
    if manner is PayoutManner.IN_PARTS:
        amounts = [net_minor // 3, net_minor - net_minor // 3]
    names = " ".join(batch.name for batch in batches)
    has_field = first.place.statement_format == "camt053" and len(batches) == 1
    for amount_minor in amounts:
        if not amount_minor:
            continue
        bank.book(
            first.life,
            first.place,
            Booked(
                bank_reference=first.life.next_reference(on),
                amount_minor=abs(amount_minor),
                direction=Direction.CREDIT if amount_minor > 0 else Direction.DEBIT,
                narrative=f"{first.channel.upper()} THANH TOAN LO {names}",
                batch_reference=first.name if has_field else "",
            ),
            goes_to="" if is_wrong else f"payout:{first.name}",
            is_readable=not is_wrong,
            scenario=PAYOUT,
        )
