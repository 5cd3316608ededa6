"""The gateway: takes payments at the checkout, notifies, settles net on the next business day."""

import hmac
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bank_adapters.counterpart.callbacks import sign_vnpay_ipn, vnpay_ipn_fields
from bank_adapters.counterpart.settlement import write_settlement_report
from bank_adapters.vocabulary import (
    Direction,
    NoticeResult,
    PaymentNotice,
    SettlementLine,
    SettlementReport,
)
from payment_service.simulation.bank import Bank, Booked, deliver
from payment_service.simulation.lives import Life
from payment_service.simulation.places import Place

PAID = "00/00"
PAYOUT, COST_TOP_UP = "payout", "cost-top-up"
"""The scenarios under which the lines of a whole batch are counted."""
WRONG_BY_MINOR = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What a citizen brings to the gateway in the signed address."""

    reference: str
    amount_minor: int
    memo: str


@dataclass(slots=True, kw_only=True)
class Batch:
    """What one unit is paid out, with the life that stands for it."""

    place: Place
    lines: list[SettlementLine]
    life: Life
    is_wrong: bool = False
    name: str = ""
    cost_minor: int = 0


def read_checkout(location: str) -> Checkout:
    """Read the address to which the service sends a citizen."""
    fields = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    return Checkout(
        reference=fields["vnp_TxnRef"],
        amount_minor=int(fields["vnp_Amount"]) // 100,
        memo=fields["vnp_OrderInfo"],
    )


def notice_query(
    place: Place,
    checkout: Checkout,
    transaction: str,
    paid_at: datetime,
    *,
    result_code: str = PAID,
    merchant: str = "",
    secret: str = "",
) -> bytes:
    """Return the signed query of a notification (IPN); another merchant or secret is a fraud."""
    fields = vnpay_ipn_fields(
        PaymentNotice(
            result=NoticeResult.UNKNOWN,
            result_code=result_code,
            merchant=merchant or place.vnpay_merchant,
            our_reference=checkout.reference,
            provider_transaction=transaction,
            amount_minor=checkout.amount_minor,
            currency="VND",
            paid_at=paid_at,
            memo=checkout.memo,
        )
    )
    return sign_vnpay_ipn(fields, (secret or place.vnpay_secret).encode())


def fee_of(gross_minor: int) -> tuple[int, int]:
    """Return the gateway's fee and the VAT on it, in đồng."""
    fee_minor = 1_100 + gross_minor * 5 // 1_000
    return fee_minor, fee_minor * 8 // 100


class Gateway:
    """Keeps what was paid until it is settled."""

    def __init__(self) -> None:
        self._taken: defaultdict[str, list[tuple[Life, Checkout, str, datetime]]] = defaultdict(
            list
        )
        self._wrong: set[str] = set()
        self._to_top_up: list[Batch] = []

    def take(self, life: Life, checkout: Checkout, transaction: str, paid_at: datetime) -> None:
        """Take the money: it is settled whether or not a notification arrives."""
        self._taken[life.unit_code].append((life, checkout, transaction, paid_at))

    def waiting_units(self) -> list[str]:
        """Return the units whose payments wait to be settled."""
        return sorted(self._taken)

    def spoil_payout(self, unit_code: str) -> None:
        """Make the next payout of a unit differ from its report."""
        self._wrong.add(unit_code)

    def settle(self, bank: Bank, batch_lives: dict[str, Life], on: date, folder: Path) -> None:
        """Report and pay out what was taken before today; units put back the costs of the last day.

        `batch_lives` gives the life that stands for each unit's batch of the day.
        """
        topped_up, self._to_top_up = self._to_top_up, []
        for batch in topped_up:
            self._top_up(bank, batch, on)
        taken, self._taken = self._taken, defaultdict(list)
        for unit_code in sorted(taken):
            place = bank.places[unit_code]
            payments = sorted(taken[unit_code], key=lambda each: each[2])
            lines = [_line(position, *payment[1:]) for position, payment in enumerate(payments, 1)]
            batch = Batch(
                place=place,
                lines=lines,
                life=batch_lives[unit_code],
                is_wrong=unit_code in self._wrong,
            )
            self._pay_out(bank, batch, on, folder)
            self._to_top_up.append(batch)
        self._wrong.clear()

    def _pay_out(self, bank: Bank, batch: Batch, on: date, folder: Path) -> None:
        place, life = batch.place, batch.life
        batch.name = f"VN{on:%y%m%d}{place.unit_code}{life.number}"
        gross_minor = sum(line.gross_minor for line in batch.lines)
        batch.cost_minor = sum(line.fee_minor + line.vat_minor for line in batch.lines)
        net_minor = gross_minor - batch.cost_minor
        report = SettlementReport(
            merchant=place.vnpay_merchant,
            batch=batch.name,
            settled_on=on,
            currency="VND",
            lines=tuple(batch.lines),
            declared_count=len(batch.lines),
            declared_net_minor=net_minor,
        )
        content = write_settlement_report(report)
        signature = hmac.digest(place.vnpay_secret.encode(), content, "sha512").hex().encode()
        deliver(folder, f"{on}-{place.vnpay_merchant}-{life.number}.settlement", content, signature)
        life.names |= {batch.name, f"PHI{batch.name}"}
        bank.book(
            life,
            place,
            Booked(
                bank_reference=life.next_reference(on),
                amount_minor=net_minor - (WRONG_BY_MINOR if batch.is_wrong else 0),
                direction=Direction.CREDIT,
                narrative=f"VNPAY THANH TOAN LO {batch.name}",
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


def _line(position: int, checkout: Checkout, transaction: str, paid_at: datetime) -> SettlementLine:
    fee_minor, vat_minor = fee_of(checkout.amount_minor)
    return SettlementLine(
        position=position,
        provider_transaction=transaction,
        our_reference=checkout.reference,
        kind="payment",
        gross_minor=checkout.amount_minor,
        fee_minor=fee_minor,
        vat_minor=vat_minor,
        paid_at=paid_at.astimezone(UTC).replace(microsecond=0),
    )
