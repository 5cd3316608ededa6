"""Where banks and gateways call: raw bytes in, kept, acted on, and the exact answer they wait for.

Whatever goes wrong on our side is answered so that the sender sends again, never as success.
"""

from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from litestar import HttpMethod, Request, Response, route
from litestar.datastructures import State
from litestar.exceptions import MethodNotAllowedException
from litestar.params import FromPath
from sqlalchemy.exc import IntegrityError

from bank_adapters.contract import (
    CALLBACK_BODY_BYTES_MAX,
    CallbackDialect,
    CallbackRejected,
    CallbackRequest,
    Outcome,
)
from bank_adapters.registry import DIALECTS, SIGNED_REPLIES
from payment_service.context import Context
from payment_service.db.endpoints import is_slug
from payment_service.domain.errors import NotFound, Unavailable
from payment_service.use_cases.act_on_callback import act_on_callback
from payment_service.use_cases.confirm_notice import confirm_notice, must_ask
from payment_service.use_cases.keep_callback import Kept, keep_callback
from payment_service.web.body import receive_body
from payment_service.web.errors import log_unforeseen
from payment_service.web.headers import request_id_of
from payment_service.web.injected import GivenContext
from payment_service.web.metrics import Metrics
from payment_service.web.strict_json import require_not_encoded

_METHODS: Final = [
    HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE,
    HttpMethod.HEAD, HttpMethod.OPTIONS,
]  # fmt: skip
_log = structlog.get_logger("payment_service.web.callbacks")


@route(
    "/callbacks/{channel:str}/{slug:str}",
    http_method=_METHODS,
    status_code=200,
    include_in_schema=False,
    request_max_body_size=CALLBACK_BODY_BYTES_MAX,
)
async def receive_callback(
    request: Request[Any, Any, State],
    channel: FromPath[str],
    slug: FromPath[str],
    context: GivenContext,
) -> Response[bytes]:
    """Receive one callback; its method, and what its answer looks like, belong to the channel."""
    dialect = DIALECTS.get(channel)
    if dialect is None or not is_slug(slug):
        raise NotFound
    if request.method != dialect.method:
        raise MethodNotAllowedException(headers={"allow": dialect.method})
    require_not_encoded(request)
    address = urlsplit(context.public_url)
    received = CallbackRequest(
        method=str(request.method),
        query=request.scope["query_string"],
        headers=tuple(
            (name.decode("latin-1").lower(), value) for name, value in request.scope["headers"]
        ),
        body=await receive_body(request),
        # What the sender was told to call, as HTTP Message Signatures write it.
        authority=address.netloc.rpartition("@")[2].removesuffix(":443"),
        path=f"{address.path}/callbacks/{channel}/{slug}",
    )
    outcome, kept = await _receive(context, dialect, slug, received, request_id_of(request.scope))
    _count(request.app.state.metrics, channel, outcome)
    signed = SIGNED_REPLIES.get(channel)
    if signed is None or kept is None:
        answer = dialect.acknowledge(outcome)
    else:
        answer = signed.reply(received, outcome, kept.keys)
    return Response(answer.body, status_code=answer.status, media_type=answer.content_type)


async def _receive(
    context: Context, dialect: CallbackDialect, slug: str, received: CallbackRequest, number: str
) -> tuple[Outcome, Kept | None]:
    try:
        kept = await keep_callback(context, dialect, slug, received)
    except NotFound:
        raise
    except CallbackRejected:
        return Outcome.REJECTED, None
    except Unavailable:
        return Outcome.RETRY_LATER, None
    except Exception as error:  # noqa: BLE001 - the door: a sender must never read success
        log_unforeseen("callback not kept", error, request_id=number, channel=dialect.code)
        return Outcome.RETRY_LATER, None
    try:
        return await _act(context, dialect, received, kept), kept
    except Unavailable:
        return Outcome.RETRY_LATER, kept
    except Exception as error:  # noqa: BLE001 - the door: a sender must never read success
        log_unforeseen("callback not acted on", error, request_id=number, channel=dialect.code)
        return Outcome.RETRY_LATER, kept


async def _act(
    context: Context, dialect: CallbackDialect, received: CallbackRequest, kept: Kept
) -> Outcome:
    if kept.outcome is not None:
        return kept.outcome
    if must_ask(dialect, received):
        await confirm_notice(context, kept.message_id)
    try:
        return await act_on_callback(context, kept.message_id)
    except IntegrityError:
        # Another message of the same payment was first; the second look sees what it did.
        return await act_on_callback(context, kept.message_id)


def _count(metrics: Metrics, channel: str, outcome: Outcome) -> None:
    count = metrics.count_callback(channel, outcome.value)
    # A flood of forged callbacks is counted in full and logged at 1, 2, 4, 8, …
    if outcome in {Outcome.REJECTED, Outcome.RETRY_LATER} and count & (count - 1) == 0:
        _log.warning("callback refused", channel=channel, outcome=outcome.value, count=count)
