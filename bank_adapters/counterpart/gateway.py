"""What the other side of a gateway keeps and does, as values; for simulations and tests.

Each gateway's counterpart signs notices, and answers our orders, questions and refunds from books
of its own, so that `parse(write(x)) == x` holds in both directions.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bank_adapters.contract import CallbackRequest
from bank_adapters.outgoing import Answer, OutgoingRequest
from bank_adapters.vocabulary import NoticeResult, PaymentNotice


@dataclass(slots=True, kw_only=True)
class TakenOrder:
    """One order in the gateway's books; `result` is what really became of it."""

    merchant: str
    our_reference: str
    amount_minor: int
    memo: str = ""
    notify_url: str = ""
    provider_order: str = ""
    result: NoticeResult = NoticeResult.PENDING
    provider_transaction: str = ""
    paid_at: datetime | None = None
    refunded_minor: int = 0


@dataclass(slots=True, kw_only=True)
class GatewayBooks:
    """Orders by our reference, and the refund orders that were answered, by their request."""

    orders: dict[str, TakenOrder] = field(default_factory=dict)
    refunds: dict[str, str] = field(default_factory=dict)
    """Request → the gateway's name of the refund: a repeated order is not refunded twice."""

    def refund(self, order: TakenOrder, request_id: str, amount_minor: int) -> str | None:
        """Give the money back once per request; None when more is asked than is left."""
        if request_id in self.refunds:
            return self.refunds[request_id]
        is_paid = order.result is NoticeResult.PAID
        if not is_paid or order.refunded_minor + amount_minor > order.amount_minor:
            return None
        order.refunded_minor += amount_minor
        self.refunds[request_id] = f"{9_000_000 + len(self.refunds)}"
        return self.refunds[request_id]


class GatewayCounterpart(Protocol):
    """The other side of one gateway; `material` is what the service registered as its key."""

    code: str
    notifies: frozenset[NoticeResult]
    """What its notices can say; gateways that only tell of money have PAID alone."""

    def result_code(self, result: NoticeResult) -> str:
        """Return a `result_code` that the dialect reads as this result."""

    def notify(self, notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
        """Write and sign the notice that the dialect reads as this one."""

    def answer(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes, now: datetime
    ) -> Answer:
        """Answer an order, a question or a refund as the gateway would; refuse a bad signature.

        An order is entered into the books. The address of a browser's checkout (a GET) is entered
        too and answered with a page.
        """
