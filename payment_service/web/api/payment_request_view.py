"""A payment request as dossier systems see it: what was asked, every fact, and the label."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from payment_service.db.requests import PaymentRequest, RequestLine
from payment_service.db.standing import Standing
from reconciliation.labels import Label

PATH: Final = "/api/v1/payment-requests"
_OVER: Final = frozenset(
    {Label.CANCELLED, Label.EXEMPT, Label.SETTLED_ELSEWHERE, Label.REFUNDED, Label.COLLECTED}
)


class LineView(Struct, frozen=True, kw_only=True):
    """One fee as it was priced, with the regulation."""

    fee_kind: str
    procedure_code: str
    quantity: int
    amount_minor: int
    citation: str
    is_verified_rate: bool


class TransferView(Struct, frozen=True, kw_only=True):
    """What a bank transfer must carry, as it was printed for the payer."""

    bank_bin: str
    account_number: str
    holder_name: str
    memo: str
    qr_payload: str


class RequestLinks(Struct, frozen=True, kw_only=True):
    """Where to go from here."""

    self: str
    cancellation: str
    qr_png: str
    pay: str


class FactsView(Struct, frozen=True, kw_only=True):
    """The amount of each fact, in đồng; they arrive in any order."""

    requested_minor: int
    notified_minor: int
    reported_minor: int
    collected_minor: int
    returned_minor: int
    refunded_minor: int
    surplus_minor: int


class CreatedRequest(Struct, kw_only=True):
    """The answer to a new request; a retry gets the same bytes."""

    request_id: UUID
    reference: str
    dossier_code: str
    purpose: str
    sequence: int
    collecting_unit: str
    amount_minor: int
    currency: str
    lines: list[LineView]
    transfer: TransferView
    created_at: datetime
    expires_at: datetime
    label: str
    links: RequestLinks


class RequestView(CreatedRequest, kw_only=True):
    """A request with everything known of it now; `finished`: nothing more is expected."""

    facts: FactsView
    residual_minor: int
    finished: bool
    cancelled_at: datetime | None


class ListLinks(Struct, frozen=True, kw_only=True):
    """This page of the list and the next one."""

    self: str
    next: str | None


class RequestList(Struct, frozen=True, kw_only=True):
    """One page of requests, oldest first; `next` is null on the last page."""

    items: list[RequestView]
    next: str | None
    links: ListLinks


def view(
    public_url: str, request: PaymentRequest, lines: Sequence[RequestLine], standing: Standing
) -> RequestView:
    """Return the representation of a request."""
    base = f"{public_url}{PATH}/{request.request_id}"
    pay = f"{public_url}/pay/{request.link_token}"
    facts = standing.facts
    return RequestView(
        request_id=request.request_id,
        reference=request.reference,
        dossier_code=request.dossier_code,
        purpose=request.purpose,
        sequence=request.sequence,
        collecting_unit=request.collecting_unit_code,
        amount_minor=request.amount_minor,
        currency="VND",
        lines=[
            LineView(
                fee_kind=line.fee_kind,
                procedure_code=line.procedure_code,
                quantity=line.quantity,
                amount_minor=line.amount_minor,
                citation=line.citation,
                is_verified_rate=line.is_verified_rate,
            )
            for line in lines
        ],
        transfer=TransferView(
            bank_bin=request.printed_bank_bin,
            account_number=request.printed_account_number,
            holder_name=request.printed_holder_name,
            memo=request.reference,
            qr_payload=request.qr_payload,
        ),
        created_at=request.created_at,
        expires_at=request.expires_at,
        label=standing.label.value,
        links=RequestLinks(
            self=base, cancellation=f"{base}/cancellation", qr_png=f"{pay}/qr.png", pay=pay
        ),
        facts=FactsView(
            requested_minor=facts.asked_minor,
            notified_minor=facts.notified_minor,
            reported_minor=facts.reported_minor,
            collected_minor=facts.collected_minor,
            returned_minor=facts.returned_minor,
            refunded_minor=facts.refunded_minor,
            surplus_minor=facts.surplus_minor,
        ),
        residual_minor=0 if request.cancelled_at else request.residual_minor,
        finished=_is_finished(standing),
        cancelled_at=request.cancelled_at,
    )


def _is_finished(standing: Standing) -> bool:
    facts = standing.facts
    kept_minor = facts.collected_minor - facts.gone_minor
    is_late_but_whole = standing.label is Label.LATE and kept_minor >= facts.asked_minor
    return standing.label in _OVER or is_late_but_whole
