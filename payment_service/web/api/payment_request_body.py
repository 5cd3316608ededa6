"""What dossier systems send about payment requests, checked before it can reach the database."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from payment_service.use_cases.request_payment import AskedLine, AskedPayment

# `$` alone would let a line feed pass at the end of a text.
DossierCode = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.\-]{4,50}$(?!\n)")]
UnitCode = Annotated[
    str, Meta(pattern=r"^[0-9]{5}$(?!\n)", description="Five-digit statistical code of a unit.")
]
_Purpose = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$(?!\n)")]
_TariffCode = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._\-]{1,60}$(?!\n)")]
_Variant = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._\-]{0,60}$(?!\n)")]
_Quantity = Annotated[int, Meta(ge=1, le=10_000)]
_Sequence = Annotated[int, Meta(ge=1, le=999)]
_Days = Annotated[int, Meta(ge=1, le=60)]
_Reason = Annotated[str, Meta(pattern=r"\S", min_length=1, max_length=200)]


class AskedLineBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fee to be priced by the tariff."""

    fee_kind: _TariffCode
    procedure_code: _TariffCode
    variant: _Variant = ""
    quantity: _Quantity = 1


_Lines = Annotated[list[AskedLineBody], Meta(min_length=1, max_length=20)]


class AskedPaymentBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A payment that is asked for; the other two units are the collecting one when absent."""

    dossier_code: DossierCode
    collecting_unit: UnitCode
    lines: _Lines
    purpose: _Purpose = "fee"
    sequence: _Sequence = 1
    receiving_unit: UnitCode | None = None
    competent_unit: UnitCode | None = None
    channel: Literal["online", "counter"] = "online"
    payer_kind: Literal["individual", "organisation"] = "individual"
    submitted_on: date | None = None
    expires_in_days: _Days = 7


class CancellationBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a request is withdrawn."""

    reason: _Reason


def asked_payment(body: AskedPaymentBody) -> AskedPayment:
    """Return the body in the words of the use case."""
    return AskedPayment(
        dossier_code=body.dossier_code,
        purpose=body.purpose,
        sequence=body.sequence,
        collecting_unit=body.collecting_unit,
        receiving_unit=body.receiving_unit or body.collecting_unit,
        competent_unit=body.competent_unit or body.collecting_unit,
        channel=body.channel,
        payer_kind=body.payer_kind,
        submitted_on=body.submitted_on,
        expires_in_days=body.expires_in_days,
        lines=tuple(
            AskedLine(
                fee_kind=line.fee_kind,
                procedure_code=line.procedure_code,
                variant=line.variant,
                quantity=line.quantity,
            )
            for line in body.lines
        ),
    )
