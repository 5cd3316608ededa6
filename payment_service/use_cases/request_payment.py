"""A dossier system asks for money: priced by the tariff, fixed at that moment, asked once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters import payment_reference, vietqr
from payment_service.context import Context
from payment_service.db import accounts, requests, tariff, units
from payment_service.domain.calendar import business_date, expires_at
from payment_service.domain.errors import (
    AlreadyRequested,
    IdempotencyKeyReused,
    Invalid,
    RequestInFlight,
)
from payment_service.domain.identifiers import new_id, new_link_token
from payment_service.domain.tariff import PricedLine, TariffError, TariffQuestion, price


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """One fee to be priced."""

    fee_kind: str
    procedure_code: str
    variant: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPayment:
    """What a dossier system asks for; units are statistical codes."""

    dossier_code: str
    purpose: str
    sequence: int
    collecting_unit: str
    receiving_unit: str
    competent_unit: str
    channel: str
    payer_kind: str
    submitted_on: date | None
    expires_in_days: int
    lines: tuple[AskedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who calls, and the key and body hash that make a retry recognisable."""

    client_id: UUID
    method: str
    path: str
    key: str
    body: bytes


async def request_payment(context: Context, asked: AskedPayment, call: Call) -> bytes:
    """Create a payment request and return its answer (JSON); a retry gets the same bytes.

    Raises `IdempotencyKeyReused`, `RequestInFlight`, `AlreadyRequested` (with the link of the live
    request), or `Invalid` when a unit, an account or a price is missing.
    """
    now = context.clock()
    body_sha256 = hashlib.sha256(call.body).digest()
    identity = {
        "client_id": call.client_id,
        "method": call.method,
        "path": call.path,
        "key": call.key,
    }
    try:
        async with context.database.transaction() as connection:
            known = await _recall(connection, identity, body_sha256)
            return known or await _create(context, connection, asked, now, identity, body_sha256)
    except IntegrityError as error:
        if "idempotency_pkey" in str(error.orig):
            raise RequestInFlight from error
        raise


async def _recall(
    connection: AsyncConnection, identity: dict[str, Any], body_sha256: bytes
) -> bytes | None:
    seen = await requests.recall_answer(connection, identity)
    if not seen.is_free:
        raise RequestInFlight
    if seen.status is None:
        return None
    if seen.body_sha256 != body_sha256:
        raise IdempotencyKeyReused
    return bytes(seen.answer)


async def _create(
    context: Context,
    connection: AsyncConnection,
    asked: AskedPayment,
    now: datetime,
    identity: dict[str, Any],
    body_sha256: bytes,
) -> bytes:
    values = await _prepare(context, connection, asked, now)
    values |= identity | {"body_sha256": body_sha256}
    if await requests.create_request(connection, values):
        return bytes(values["answer"])
    # The first call with this key may have committed since we looked for its answer.
    known = await _recall(connection, identity, body_sha256)
    if known:
        return known
    live = await requests.find_request_by_business_key(connection, values)
    if live is None:
        raise RequestInFlight("the same request was cancelled at this moment; send it again")
    raise AlreadyRequested(
        request_id=str(live.request_id),
        link=f"{context.public_url}/api/v1/payment-requests/{live.request_id}",
    )


async def _prepare(
    context: Context, connection: AsyncConnection, asked: AskedPayment, now: datetime
) -> dict[str, Any]:
    today = business_date(now, None)
    submitted_on = asked.submitted_on or today
    if submitted_on > today:
        raise Invalid("submitted_on lies in the future", field="submitted_on")
    codes = {asked.collecting_unit, asked.receiving_unit, asked.competent_unit}
    found = await units.find_units(connection, codes, today)
    for code in sorted(codes - found.keys()):
        raise Invalid(f"no unit has the code {code}", field="collecting_unit")
    collecting = found[asked.collecting_unit]
    account = await accounts.live_account_of_unit(connection, collecting.unit_id)
    if account is None:
        raise Invalid(f"{collecting.name_vi} has no live collection account")
    lines = await _price(connection, asked, collecting.territory, submitted_on)
    amount_minor = sum(line.amount_minor for line in lines)
    if amount_minor == 0:
        raise Invalid("nothing is to be paid for these lines", reason="all prices are 0 đồng")
    reference = payment_reference.make(secrets.token_bytes(payment_reference.RANDOM_BYTES_MIN))
    expiry = expires_at(now, asked.expires_in_days)
    values = {
        "request_id": new_id(now),
        "reference": reference,
        "link_token": new_link_token(),
        "dossier_code": asked.dossier_code,
        "purpose": asked.purpose,
        "sequence": asked.sequence,
        "receiving_unit_id": found[asked.receiving_unit].unit_id,
        "competent_unit_id": found[asked.competent_unit].unit_id,
        "collecting_unit_id": collecting.unit_id,
        "account_group_id": collecting.account_group_id,
        "account_id": account.account_id,
        "printed_bank_bin": account.bank_bin,
        "printed_account_number": account.account_number,
        "printed_holder_name": account.holder_name,
        "channel": asked.channel,
        "payer_kind": asked.payer_kind,
        "submitted_on": submitted_on,
        "amount_minor": amount_minor,
        "qr_payload": vietqr.encode(
            bank_bin=account.bank_bin,
            account_number=account.account_number,
            amount_minor=amount_minor,
            purpose=reference,
        ),
        "created_at": now,
        "expires_at": expiry,
        "item_id": new_id(now),
        "opened_on": today,
        "due_on": business_date(expiry, None),
        "line_ids": [new_id(now) for _ in lines],
        "fee_kinds": [line.fee_kind for line in lines],
        "procedure_codes": [line.procedure_code for line in asked.lines],
        "quantities": [line.quantity for line in lines],
        "amounts_minor": [line.amount_minor for line in lines],
        "rule_codes": [line.rule_code for line in lines],
        "citations": [line.citation for line in lines],
        "explanations_vi": [line.explanation_vi for line in lines],
        "explanations_en": [line.explanation_en for line in lines],
    }
    values["answer"] = _answer(context.public_url, values, collecting.code, lines, asked)
    return values


async def _price(
    connection: AsyncConnection, asked: AskedPayment, territory: str, submitted_on: date
) -> list[PricedLine]:
    rules = await tariff.rules_for(
        connection,
        {line.fee_kind for line in asked.lines},
        {line.procedure_code for line in asked.lines},
    )
    priced = []
    for position, line in enumerate(asked.lines):
        try:
            question = TariffQuestion(
                fee_kind=line.fee_kind,
                procedure_code=line.procedure_code,
                territory=territory,
                channel=asked.channel,
                payer_kind=asked.payer_kind,
                variant=line.variant,
                quantity=line.quantity,
                submitted_on=submitted_on,
            )
            priced.append(price(rules, question))
        except TariffError as error:
            raise Invalid(str(error), field=f"lines[{position}]") from error
    return priced


def _answer(
    public_url: str,
    values: dict[str, Any],
    unit_code: str,
    lines: list[PricedLine],
    asked: AskedPayment,
) -> bytes:
    base = f"{public_url}/api/v1/payment-requests/{values['request_id']}"
    pay = f"{public_url}/pay/{values['link_token']}"
    return msgspec.json.encode(
        {
            "request_id": str(values["request_id"]),
            "reference": values["reference"],
            "dossier_code": asked.dossier_code,
            "purpose": asked.purpose,
            "sequence": asked.sequence,
            "collecting_unit": unit_code,
            "amount_minor": values["amount_minor"],
            "currency": "VND",
            "lines": [
                {
                    "fee_kind": line.fee_kind,
                    "procedure_code": asked_line.procedure_code,
                    "quantity": line.quantity,
                    "amount_minor": line.amount_minor,
                    "citation": line.citation,
                    "is_verified_rate": line.verified,
                }
                for line, asked_line in zip(lines, asked.lines, strict=True)
            ],
            "transfer": {
                "bank_bin": values["printed_bank_bin"],
                "account_number": values["printed_account_number"],
                "holder_name": values["printed_holder_name"],
                "memo": values["reference"],
                "qr_payload": values["qr_payload"],
            },
            "created_at": values["created_at"],
            "expires_at": values["expires_at"],
            "label": "requested",
            "links": {
                "self": base,
                "cancellation": f"{base}/cancellation",
                "qr_png": f"{pay}/qr.png",
                "pay": pay,
            },
        }
    )
