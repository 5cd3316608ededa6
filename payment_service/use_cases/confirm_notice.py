"""A weakly signed or undecided notice is asked back at its gateway; the answer is kept.

Nothing is decided here: `act_on_callback` weighs notice and answer.
"""

import asyncio
import contextlib
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.contract import CallbackDialect, CallbackRequest, NoticeUnreadable
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    BearerToken,
    Merchant,
    PaymentStatus,
    Question,
    RequestRefused,
    with_token,
)
from bank_adapters.registry import DIALECTS, STATUS_DIALECTS, TOKEN_DIALECTS
from bank_adapters.vocabulary import NoticeResult
from payment_service.context import Context
from payment_service.db import attempts, endpoints, messages
from payment_service.db.endpoints import Endpoint
from payment_service.db.messages import KeptMessage
from payment_service.domain.errors import GatewayUnavailable
from payment_service.domain.identifiers import new_id
from payment_service.domain.weak_notice import ASKED_FOR_MAX

ASKING_SECONDS_MAX: Final = 3
"""For every key and token together: the sender waits for our reply all the while."""


def must_ask(dialect: CallbackDialect, request: CallbackRequest) -> bool:
    """Say whether a verified notice proves too little, or says that nothing is decided yet."""
    try:
        notice = dialect.read(request)
    except NoticeUnreadable:
        return False
    return dialect.scheme.is_weak or notice.result is NoticeResult.PENDING


async def confirm_notice(context: Context, message_id: UUID) -> None:
    """Ask the gateway about a kept notice that needs it; does nothing for any other.

    Raises `GatewayUnavailable` when the gateway does not answer, or not so that it proves
    anything: the sender has to send its notice again, and the night asks again. After three days
    silence is not waited for any longer; what nobody confirmed becomes a break.
    """
    now = context.clock()
    async with context.database.read_only() as connection:
        message = await messages.find_message(connection, message_id)
        if message is None or message.outcome:
            return
        endpoint = await endpoints.find_endpoint_by_id(
            connection, context.sealer, message.endpoint_id, now
        )
        if endpoint is None or not must_ask(DIALECTS[endpoint.channel], message.request):
            return
        question = await _question(connection, endpoint, message, now)
    can_ask = endpoint.channel in STATUS_DIALECTS and endpoint.checkout_base_url
    if not (can_ask and endpoint.keys):
        return
    answered = None
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ASKING_SECONDS_MAX):
            answered = await _ask(context, endpoint, question)
    if answered is None and now - message.received_at < ASKED_FOR_MAX:
        raise GatewayUnavailable("the gateway's answer proves nothing")
    if answered is None:
        return
    answer, status = answered
    async with context.database.transaction() as connection:
        await messages.insert_status_answer(
            connection,
            {
                "status_answer_id": new_id(now),
                "message_id": message_id,
                "result": status.result.value,
                "result_code": status.result_code,
                "our_reference": status.our_reference,
                "provider_transaction": status.provider_transaction,
                "amount_minor": status.amount_minor,
                "memo": status.memo,
                "answer_status": answer.status,
                "answer_body": answer.body,
                "asked_at": now,
            },
        )


async def _question(
    connection: AsyncConnection, endpoint: Endpoint, message: KeptMessage, asked_at: datetime
) -> Question:
    notice = DIALECTS[endpoint.channel].read(message.request)
    reference = notice.our_reference or ""
    ordered_at = await attempts.ordered_at(connection, endpoint.endpoint_id, reference)
    return Question(
        request_id=new_id(asked_at).hex,
        our_reference=reference,
        provider_transaction=notice.provider_transaction,
        ordered_at=ordered_at or message.received_at,
        asked_at=asked_at,
    )


async def _ask(
    context: Context, endpoint: Endpoint, question: Question
) -> tuple[Answer, PaymentStatus] | None:
    """Ask with the newest key; while a sender rolls over it may still sign with the older one."""
    dialect = STATUS_DIALECTS[endpoint.channel]
    for key in reversed(endpoint.keys):
        merchant = Merchant(code=endpoint.merchant, base_url=endpoint.checkout_base_url, key=key)
        with contextlib.suppress(AnswerUnreadable, RequestRefused, GatewayUnavailable):
            asking = dialect.ask(merchant, question)
            if endpoint.channel in TOKEN_DIALECTS:
                asking = with_token(asking, await _token(context, endpoint.channel, merchant))
            answer = await context.send(asking)
            return answer, dialect.read_status(merchant, question, answer)
    return None


async def _token(context: Context, channel: str, merchant: Merchant) -> BearerToken:
    dialect = TOKEN_DIALECTS[channel]
    return dialect.read_token(merchant, await context.send(dialect.ask_token(merchant)))
