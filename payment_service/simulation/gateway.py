"""The gateways: they take payments, and settle net on the next business day, each for each unit."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
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
Till = tuple[str, str]
"""A unit's code and the gateway that takes money for it."""


@dataclass(slots=True, kw_only=True)
class Batch:
    """What one unit is paid out by one gateway, with the life that stands for it."""

    place: Place
    channel: str
    lines: list[SettlementLine]
    life: Life
    is_wrong: bool = False
    name: str = ""
    cost_minor: int = 0


def fee_of(gross_minor: int) -> tuple[int, int]:
    """Return the gateway's fee and the VAT on it, in đồng."""
    fee_minor = 1_100 + gross_minor * 5 // 1_000
    return fee_minor, fee_minor * 8 // 100


class Gateway:
    """Keeps what was paid until it is settled."""

    def __init__(self) -> None:
        self._taken: defaultdict[Till, list[SettlementLine]] = defaultdict(list)
        self._wrong: set[Till] = set()
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

    def waiting(self) -> list[Till]:
        """Return whose payments wait to be settled."""
        return sorted(self._taken)

    def spoil_payout(self, till: Till) -> None:
        """Make the next payout differ from its report."""
        self._wrong.add(till)

    def settle(self, bank: Bank, batch_lives: dict[Till, Life], on: date, folder: Path) -> None:
        """Report and pay out what was taken before today; units put back the costs of the last day.

        `batch_lives` gives the life that stands for each batch of the day.
        """
        topped_up, self._to_top_up = self._to_top_up, []
        for batch in topped_up:
            self._top_up(bank, batch, on)
        taken, self._taken = self._taken, defaultdict(list)
        for unit_code, channel in sorted(taken):
            payments = sorted(taken[unit_code, channel], key=lambda line: line.provider_transaction)
            batch = Batch(
                place=bank.places[unit_code],
                channel=channel,
                lines=[replace(line, position=at) for at, line in enumerate(payments, 1)],
                life=batch_lives[unit_code, channel],
                is_wrong=(unit_code, channel) in self._wrong,
            )
            self._pay_out(bank, batch, on, folder)
            self._to_top_up.append(batch)
        self._wrong.clear()

    def _pay_out(self, bank: Bank, batch: Batch, on: date, folder: Path) -> None:
        place, life = batch.place, batch.life
        address = place.gateways[batch.channel]
        batch.name = f"VN{on:%y%m%d}{place.unit_code}{life.number}"
        gross_minor = sum(line.gross_minor for line in batch.lines)
        batch.cost_minor = sum(line.fee_minor + line.vat_minor for line in batch.lines)
        net_minor = gross_minor - batch.cost_minor
        report = SettlementReport(
            merchant=address.merchant,
            batch=batch.name,
            settled_on=on,
            currency="VND",
            lines=tuple(batch.lines),
            declared_count=len(batch.lines),
            declared_net_minor=net_minor,
        )
        content = write_settlement_report(report)
        signature = sign_settlement(content, address.material.encode())
        deliver(folder, f"{on}-{address.merchant}-{life.number}.settlement", content, signature)
        life.names |= {batch.name, f"PHI{batch.name}"}
        bank.book(
            life,
            place,
            Booked(
                bank_reference=life.next_reference(on),
                amount_minor=net_minor - (WRONG_BY_MINOR if batch.is_wrong else 0),
                direction=Direction.CREDIT,
                narrative=f"{batch.channel.upper()} THANH TOAN LO {batch.name}",
                batch_reference=batch.name if place.statement_format == "camt053" else "",
            ),
            goes_to="" if batch.is_wrong else f"payout:{batch.name}",
            is_readable=not batch.is_wrong,
            scenario=PAYOUT,
        )

    @staticmethod
    def _top_up(bank: Bank, batch: Batch, on: date) -> None:
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
