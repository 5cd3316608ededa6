"""What people and dossier systems do: ask for a payment, withdraw it.

Each function here returns an act; the catalogue of scenarios is written in these words.
"""

from typing import Final
from urllib.parse import urlsplit

import msgspec

from bank_adapters.registry import COLLECTED_MINOR
from payment_service.simulation.http_client import Transport
from payment_service.simulation.lives import Asked, Life
from payment_service.simulation.stage import Act, Stage, Surprise, remember, require

REQUESTS: Final = "/api/v1/payment-requests"
FEES: Final = (
    ("chung-thuc-ban-sao", "2.000815", "", (2, 30)),
    ("chung-thuc-ban-sao", "2.000815", "", (2, 12)),
    ("chung-thuc-chu-ky", "2.000884", "", (1, 3)),
    ("chung-thuc-hop-dong", "2.001035", "", (1, 1)),
    ("trich-luc-ho-tich", "2.000635", "", (1, 4)),
    ("cu-tru", "1.004222", "", (1, 1)),
    ("cu-tru", "1.004194", "", (1, 1)),
    ("nuoi-con-nuoi", "2.001263", "", (1, 1)),
    ("thong-tin-giao-dich-bao-dam", "1.000000", "", (1, 1)),
)
"""What is asked for, with the least and greatest quantity: prices that many dossiers share."""
DEAREST: Final = ("chung-thuc-hop-dong", "2.001035", "", (1, 1))
"""What every gateway takes, those too that collect no small amounts."""


def ask(*, expires_in_days: int = 30) -> Act:
    """Let a dossier system ask for one or two fees."""

    async def act(stage: Stage, life: Life) -> None:
        fees = life.random.sample(FEES, life.random.choice((1, 1, 1, 2)))
        if life.channel in COLLECTED_MINOR:
            fees = [DEAREST]
        lines = [
            {
                "fee_kind": fee_kind,
                "procedure_code": procedure_code,
                "variant": variant,
                "quantity": life.random.randint(*quantities),
            }
            for fee_kind, procedure_code, variant, quantities in fees
        ]
        number = f"{life.number:06d}-{len(life.requests) + 1}"
        body = {
            "dossier_code": f"H24.{life.unit_code[-2:]}-{stage.today:%y%m%d}-{number}",
            "collecting_unit": life.unit_code,
            "lines": lines,
            "expires_in_days": expires_in_days,
        }
        answer = await stage.transport.send(
            "POST",
            REQUESTS,
            headers=(
                ("Authorization", f"Bearer {stage.api_key}"),
                ("Content-Type", "application/json"),
                ("Idempotency-Key", f"simulation-{stage.today}-{number}"),
            ),
            body=msgspec.json.encode(body),
        )
        told = require(answer, 201, "asking for a payment").json()
        asked = Asked(
            request_id=told["request_id"],
            reference=told["reference"],
            amount_minor=told["amount_minor"],
            pay_path=urlsplit(told["links"]["pay"]).path,
        )
        remember(life, asked)

    return act


async def labels_of(transport: Transport, api_key: str) -> dict[str, str]:
    """Return the label of every request of one API key, page by page."""
    labels: dict[str, str] = {}
    target: str | None = f"{REQUESTS}?limit=100"
    while target:
        headers = (("Authorization", f"Bearer {api_key}"),)
        answer = await transport.send("GET", target, headers=headers)
        told = require(answer, 200, "listing requests").json()
        labels |= {each["request_id"]: each["label"] for each in told["items"]}
        parts = urlsplit(told["next"] or "")
        target = f"{parts.path}?{parts.query}" if told["next"] else None
    return labels


def cancel() -> Act:
    """Let the dossier system withdraw its request."""

    async def act(stage: Stage, life: Life) -> None:
        answer = await stage.transport.send(
            "POST",
            f"{REQUESTS}/{life.asked.request_id}/cancellation",
            headers=(
                ("Authorization", f"Bearer {stage.api_key}"),
                ("Content-Type", "application/json"),
                ("Idempotency-Key", f"simulation-cancel-{life.name}"),
            ),
            body=b'{"reason": "Ho so duoc rut"}',
        )
        if answer.status not in {200, 204}:
            raise Surprise(f"cancelling: {answer.status} {answer.body[:300]!r}")

    return act
