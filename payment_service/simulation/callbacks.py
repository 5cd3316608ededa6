"""Callbacks on their way to the service: sent, sent again, and answered as their sender expects.

Of a doubted channel nothing is believed, whatever comes of the same notice on another one.
"""

import json
from typing import Final

from bank_adapters.contract import Outcome
from bank_adapters.registry import DIALECTS
from payment_service.simulation.http_client import Answer
from payment_service.simulation.lives import Life, Sent
from payment_service.simulation.scenario import DOUBTED
from payment_service.simulation.stage import Act, Stage, Surprise

_BELIEVED: Final = frozenset(
    {
        Outcome.RECORDED,
        Outcome.ALREADY_RECORDED,
        Outcome.AMOUNT_DIFFERS,
        Outcome.ALREADY_COVERED,
        Outcome.UNKNOWN_REFERENCE,
    }
)


async def send(stage: Stage, life: Life, sent: Sent, expected: Outcome) -> None:
    """Send a callback; raise `Surprise` unless its channel's answer for this outcome comes back."""
    life.sent, request = sent, sent.request
    answer = await stage.transport.send(
        request.method,
        f"{sent.path}?{request.query.decode('ascii')}" if request.query else sent.path,
        headers=[(name, value.decode("latin-1")) for name, value in request.headers],
        body=request.body,
    )
    if sent.channel in DOUBTED and expected in _BELIEVED:
        expected = Outcome.UNCONFIRMED
    due = DIALECTS[sent.channel].acknowledge(expected)
    if answer.status != due.status or not _says(answer, due.body):
        raise Surprise(
            f"{life.scenario}: a notice of {sent.channel} was answered {answer.status} "
            f"{answer.body!r}, expected {due.status} {due.body!r}"
        )


def replay(expected: Outcome) -> Act:
    """Let somebody send the very bytes of the last notice once more."""

    async def act(stage: Stage, life: Life) -> None:
        if life.sent is None:
            raise Surprise("nothing was sent that could be replayed")
        await send(stage, life, life.sent, expected)

    return act


def _says(answer: Answer, due: bytes) -> bool:
    """Say whether an answer holds what is due; one that repeats the request holds more."""
    if answer.body == due or not due.startswith(b"{"):
        return answer.body == due
    told, expected = json.loads(answer.body), json.loads(due)
    return all(told.get(name) == value for name, value in expected.items() if value != "")
