"""What the tests of gateways share: orders, questions, refunds, spoiled signatures."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import GatewayBooks, GatewayCounterpart
from bank_adapters.outgoing import (
    Answer,
    Checkout,
    CheckoutDialect,
    Merchant,
    Order,
    OutgoingRequest,
    Question,
    RefundOrder,
)
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.keys import NOW, key

MEMOS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0&"), max_size=99)
"""Free texts without `&`, which could look like a field."""
MOMENTS = st.datetimes(
    min_value=datetime(2002, 1, 1),  # noqa: DTZ001  hypothesis wants bounds without a zone
    max_value=datetime(2098, 1, 1),  # noqa: DTZ001  the same
    timezones=st.just(UTC),
)

SPOILED: list[Callable[[str], object]] = [
    lambda _: None,
    lambda _: "",
    lambda _: 12,
    lambda good: good[:-1],
    lambda good: good + "\n",
    lambda good: f"{int(good[0], 16) ^ 1:x}{good[1:]}",
    lambda good: " " + good[1:],
    lambda good: "0x" + good[2:],
    lambda good: good[:8] + " " + good[9:],
    lambda good: "é" + good[1:],
    lambda good: "０" + good[1:],
    lambda good: good * 2,
    lambda good: [good],
]
"""Ways in which a hexadecimal signature is no longer one."""


def merchant(algorithm: Algorithm, material: bytes, code: str, base_url: str) -> Merchant:
    """Return us, as one gateway knows us."""
    return Merchant(code=code, base_url=base_url, key=key(algorithm, material))


def order(**changes: object) -> Order:
    """Return an order of 50,000 đồng that is open for a quarter of an hour."""
    values: dict[str, object] = {
        "reference": "HPFX3F3CZ7GCF001",
        "amount_minor": 50_000,
        "description": "Nop phi HPFX3F3CZ7GCF",
        "created_at": NOW,
        "expires_at": NOW + timedelta(minutes=15),
        "return_url": "https://thanhtoan.example.vn/pay/x?from=momo&lang=en",
        "notify_url": "https://thanhtoan.example.vn/callbacks/momo/x",
        "client_ip": "203.0.113.7",
    }
    return Order(**(values | changes))  # type: ignore[arg-type]  # wrong values are the point of some tests


def question(**changes: object) -> Question:
    """Ask about that order an hour later."""
    values: dict[str, object] = {
        "request_id": "ask0001",
        "our_reference": "HPFX3F3CZ7GCF001",
        "ordered_at": NOW,
        "asked_at": NOW + timedelta(hours=1),
    }
    return Question(**(values | changes))  # type: ignore[arg-type]  # the same


def refund(**changes: object) -> RefundOrder:
    """Send that order's money back."""
    values: dict[str, object] = {
        "request_id": "refund0001",
        "our_reference": "HPFX3F3CZ7GCF001",
        "provider_transaction": "14422574",
        "paid_at": NOW + timedelta(minutes=5),
        "payment_ordered_at": NOW,
        "paid_minor": 50_000,
        "amount_minor": 50_000,
        "reason": "Hoan phi nop thua",
        "ordered_by": "ketoan01",
        "ordered_at": NOW + timedelta(days=1),
    }
    return RefundOrder(**(values | changes))  # type: ignore[arg-type]  # the same


def pay(
    books: GatewayBooks, result: NoticeResult = NoticeResult.PAID, transaction: str = "14422574"
) -> None:
    """Let the one order in the books be decided."""
    (taken,) = books.orders.values()
    taken.result, taken.provider_transaction = result, transaction
    taken.paid_at = NOW


@dataclass(frozen=True, kw_only=True)
class Side:
    """Both ends of one gateway: our dialect and ourselves, and who answers."""

    dialect: CheckoutDialect
    them: GatewayCounterpart
    us: Merchant

    def send(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes | None = None
    ) -> Answer:
        """Let the gateway answer a request, with our key or another one."""
        return self.them.answer(request, books, material or self.us.key.material, NOW)

    def books(self) -> GatewayBooks:
        """Return the gateway's books after it took our order."""
        books = GatewayBooks()
        placed = self.dialect.order(self.us, order())
        if isinstance(placed, Checkout):
            placed = OutgoingRequest(method="GET", url=placed.url)
        self.send(placed, books)
        return books


def changed(answer: Answer, **changes: object) -> Answer:
    """Return an answer with other fields; `...` takes one out."""
    told = json.loads(answer.body) | changes
    kept = {name: value for name, value in told.items() if value is not ...}
    return answered(json.dumps(kept).encode())


def answered(body: bytes, status: int = 200) -> Answer:
    """Return an answer with this body."""
    return Answer(status=status, body=body)
