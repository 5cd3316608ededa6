"""What we ask of a gateway or bank, and what it answers: checkout, status, refund.

Requests and answers are values; whoever holds a connection sends them. A dialect that offers one
of these fulfils its protocol and is listed for it in the registry.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bank_adapters.contract import AdapterError, VerificationKey
from bank_adapters.vocabulary import NoticeResult

ANSWER_BYTES_MAX = 1024 * 1024
"""An answer larger than this is not read."""


class AnswerUnreadable(AdapterError):
    """The answer is not signed as its contract demands, or does not say what it promises."""


class AnswerRefuses(AnswerUnreadable):
    """The other side says that it did not do what we asked for, and will not."""


class RequestRefused(AdapterError):
    """We must not send this: the gateway would refuse it, or could not represent it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingRequest:
    """An HTTP request to be sent as it is; header names in lower case."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: status, header names in lower case with raw values, raw body."""

    status: int
    body: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """Who we are to one gateway: its code for us, where its services are, and our newest key."""

    code: str
    base_url: str
    """Address of its services without a final slash; each dialect adds its own paths."""
    key: VerificationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who pays and what for, for gateways that want it; empty where nobody knows."""

    full_name: str = ""
    identity_number: str = ""
    address: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """One fee or charge inside an order."""

    code: str
    name: str
    amount_minor: int
    is_charge: bool = False
    """True for *lệ phí*, false for *phí*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beneficiary:
    """Whose account the money is for, and for which procedure and dossier."""

    account_number: str = ""
    account_name: str = ""
    bank_code: str = ""
    bank_name: str = ""
    unit_code: str = ""
    unit_name: str = ""
    procedure_code: str = ""
    procedure_name: str = ""
    dossier_code: str = ""
    fee_lines: tuple[FeeLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One attempt to pay; `reference` is our name for it and is unique at the merchant."""

    reference: str
    amount_minor: int
    description: str
    """Plain ASCII; what the payer and the bank read."""
    created_at: datetime
    expires_at: datetime
    return_url: str
    notify_url: str
    client_ip: str = "127.0.0.1"
    language: str = "vi"
    """`vi` or `en`."""
    payer: Payer = Payer()
    beneficiary: Beneficiary = Beneficiary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """Where the payer goes on: an address for the browser, a QR text, or an account to pay into."""

    url: str = ""
    qr_text: str = ""
    provider_order: str = ""
    """The gateway's own name of the order, when it gives one."""
    account_number: str = ""
    """Where a transfer goes to; a virtual account where one was opened for this order."""
    account_name: str = ""
    bank_name: str = ""
    memo: str = ""
    """What the transfer has to say, where that decides what the money is for."""

    def __post_init__(self) -> None:
        if not (self.url or self.qr_text or (self.account_number and self.bank_name)):
            raise AnswerUnreadable("the answer names no address, no QR code and no account")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which payment we ask about: our reference, when we asked for it, the gateway's own name."""

    request_id: str
    """Unique for each asking; letters and digits, at most 32."""
    our_reference: str
    ordered_at: datetime
    asked_at: datetime
    provider_transaction: str = ""
    client_ip: str = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStatus:
    """What a gateway's books say of one payment; amounts are absent when it does not say them."""

    result: NoticeResult
    result_code: str
    our_reference: str
    provider_transaction: str = ""
    amount_minor: int | None = None
    memo: str = ""
    """The transfer's own text, where it decides what the money is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """Money to be sent back to the payer; `request_id` makes a repeated order harmless."""

    request_id: str
    our_reference: str
    provider_transaction: str
    paid_at: datetime
    paid_minor: int
    amount_minor: int
    reason: str
    """Plain ASCII."""
    ordered_by: str
    ordered_at: datetime
    payment_ordered_at: datetime | None = None
    """`created_at` of the payment's order; `paid_at` stands in, but VNPAY may not find that."""
    client_ip: str = "127.0.0.1"

    def __post_init__(self) -> None:
        if not 0 < self.amount_minor <= self.paid_minor:
            raise RequestRefused("a refund is positive and not more than what was paid")

    @property
    def is_full(self) -> bool:
        """True when everything that was paid goes back."""
        return self.amount_minor == self.paid_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAnswer:
    """What became of a refund order: PAID means that the money is on its way back."""

    result: NoticeResult
    result_code: str
    message: str = ""
    provider_refund: str = ""
    """The gateway's own name of the refund."""


class CheckoutDialect(Protocol):
    """A gateway that takes orders."""

    def order(self, merchant: Merchant, order: Order) -> Checkout | OutgoingRequest:
        """Return where the payer goes, or the request whose answer says it.

        Raises `RequestRefused` for an order that the gateway cannot take.
        """

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:
        """Read the answer to such a request; `AnswerUnreadable` for anything but an order taken.

        Only `AnswerRefuses` says that none was taken; after any other nobody knows.
        """


class StatusDialect(Protocol):
    """A gateway or bank that says on demand what became of a payment."""

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Write a status query."""

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read its answer; `AnswerUnreadable` for one that proves nothing about this question.

        Where notices are weakly signed, an answer that says "no such payment" is UNKNOWN: a notice
        may be ahead of the gateway's books. It is never PAID.
        """


class RefundDialect(Protocol):
    """A gateway that sends money back on demand."""

    def refund(self, merchant: Merchant, refund: RefundOrder) -> OutgoingRequest:
        """Write a refund order; `RequestRefused` for one that the gateway cannot take."""

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:
        """Read its answer; `AnswerUnreadable` for one that proves nothing about this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerToken:
    """A pass for a gateway's services; a secret, good from now on for so long."""

    value: str = field(repr=False)
    lives: timedelta


class TokenDialect(Protocol):
    """A gateway whose services want a token that has to be asked for first.

    Its other requests are written without; `with_token` adds the header before they are sent.
    """

    def ask_token(self, merchant: Merchant) -> OutgoingRequest:
        """Write the request for a token."""

    def read_token(self, merchant: Merchant, answer: Answer) -> BearerToken:
        """Read its answer; `AnswerUnreadable` for anything but a token."""


def with_token(request: OutgoingRequest, token: BearerToken) -> OutgoingRequest:
    """Return the request with the token in its header `authorization`."""
    headers = (*request.headers, ("authorization", f"Bearer {token.value}"))
    return replace(request, headers=headers)
