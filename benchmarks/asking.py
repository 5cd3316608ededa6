"""Payment requests to measure with: asked as a dossier system asks, or copied in great numbers."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from bank_adapters import payment_reference
from benchmarks.world import UNIT, World
from payment_service.domain.identifiers import new_link_token
from payment_service.use_cases.request_payment import (
    AskedLine,
    AskedPayment,
    Call,
    request_payment,
)

PATH = "/api/v1/payment-requests"
AMOUNT_MINOR = 10_000
LINE = AskedLine(fee_kind="chung-thuc-chu-ky", procedure_code="2.000884", variant="", quantity=1)

_COPY_REQUESTS = """
    INSERT INTO payment_request
    SELECT copy.* FROM payment_request AS original,
      unnest(CAST(:ids AS uuid[]), CAST(:found AS text[]), CAST(:tokens AS text[]))
        AS fresh (id, reference, token),
      jsonb_populate_record(original, jsonb_build_object('request_id', fresh.id,
        'reference', fresh.reference, 'link_token', fresh.token,
        'dossier_code', fresh.reference)) AS copy
    WHERE original.reference = :original
"""
_COPY_LINES = """
    INSERT INTO request_line
    SELECT copy.* FROM payment_request JOIN request_line AS original USING (request_id)
      CROSS JOIN unnest(CAST(:ids AS uuid[])) AS fresh (id),
      jsonb_populate_record(original, jsonb_build_object('line_id', uuidv7(),
        'request_id', fresh.id)) AS copy
    WHERE payment_request.reference = :original
"""
_COPY_DUES = """
    INSERT INTO item
    SELECT copy.* FROM item AS original,
      unnest(CAST(:ids AS uuid[]), CAST(:found AS text[])) AS fresh (id, reference),
      jsonb_populate_record(original, jsonb_build_object('item_id', uuidv7(),
        'request_id', fresh.id, 'reference', fresh.reference)) AS copy
    WHERE original.reference = :original AND original.kind = 'due'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request as it is sent: the body, and the key that makes a retry recognisable."""

    key: str
    body: bytes


def ask(number: int) -> Ask:
    """Return the request of a dossier number."""
    body: dict[str, Any] = {
        "dossier_code": f"H24.11-{number:09d}",
        "purpose": "fee",
        "sequence": 1,
        "collecting_unit": UNIT,
        "channel": "online",
        "payer_kind": "individual",
        "lines": [
            {
                "fee_kind": LINE.fee_kind,
                "procedure_code": LINE.procedure_code,
                "quantity": LINE.quantity,
            }
        ],
    }
    return Ask(key=f"benchmark-{number:09d}", body=json.dumps(body).encode())


async def ask_directly(world: World, number: int) -> dict[str, Any]:
    """Ask through the use case, without HTTP, and return the answer."""
    asked = AskedPayment(
        dossier_code=f"H24.11-{number:09d}",
        purpose="fee",
        sequence=1,
        collecting_unit=UNIT,
        receiving_unit=UNIT,
        competent_unit=UNIT,
        channel="online",
        payer_kind="individual",
        submitted_on=None,
        expires_in_days=7,
        lines=(LINE,),
    )
    sent = ask(number)
    call = Call(client_id=world.client_id, method="POST", path=PATH, key=sent.key, body=sent.body)
    answer: dict[str, Any] = json.loads(await request_payment(world.context, asked, call))
    return answer


async def copies(world: World, count: int) -> list[str]:
    """Ask once and copy that request; return the references of the copies."""
    original = (await ask_directly(world, 900_000_000 + secrets.randbelow(90_000_000)))["reference"]
    references = [payment_reference.make(secrets.token_bytes(16)) for _ in range(count)]
    async with world.context.database.transaction() as connection:
        ids = (
            await connection.execute(
                text("SELECT array_agg(uuidv7()) FROM generate_series(1, :count)"),
                {"count": count},
            )
        ).scalar_one()
        values = {
            "ids": ids,
            "found": references,
            "tokens": [new_link_token() for _ in references],
            "original": original,
        }
        for statement in (_COPY_REQUESTS, _COPY_LINES, _COPY_DUES):
            await connection.execute(text(statement), values)
    return references
