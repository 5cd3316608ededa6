"""Payment requests over HTTP: ask once, read, list, withdraw."""

import re
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, Router, get, post
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from payment_service.context import Context
from payment_service.db import requests
from payment_service.db.standing import standing_of
from payment_service.domain.errors import IdempotencyKeyMissing, Malformed, NotFound
from payment_service.use_cases.cancel_request import cancel_request
from payment_service.use_cases.request_payment import Call, request_payment
from payment_service.web.api.authentication import require_client
from payment_service.web.api.cursor import read_cursor, write_cursor
from payment_service.web.api.payment_request_body import (
    AskedPaymentBody,
    CancellationBody,
    asked_payment,
)
from payment_service.web.api.payment_request_view import (
    PATH,
    CreatedRequest,
    ListLinks,
    RequestList,
    RequestView,
    view,
)
from payment_service.web.api.problems import problems
from payment_service.web.body import receive_body, receive_in_time
from payment_service.web.injected import CLIENT, GivenClient, GivenContext
from payment_service.web.strict_json import BODY_BYTES_MAX, StrictJson, only_query

_KEY: Final = re.compile(r"[ -~]{1,255}")
_KEY_HEADER: Final = HeaderParameter(
    name="Idempotency-Key",
    description="1 to 255 printable ASCII characters; a retry carries the same key and body.",
    schema_extra={"minLength": 1, "maxLength": 255},
)


@post(
    "/",
    dto=StrictJson[AskedPaymentBody],
    guards=[only_query()],
    responses={201: ResponseSpec(CreatedRequest, description="Asked for.")}
    | problems(400, 401, 409, 413, 415, 422, 503),
)
async def ask(
    request: Request[Any, Any, Any],
    data: JSONBody[AskedPaymentBody],
    context: GivenContext,
    client_id: GivenClient,
    idempotency_key: Annotated[str | None, _KEY_HEADER] = None,
) -> Response[bytes]:
    """Ask for money: priced by the tariff, fixed from then on, asked once."""
    call = Call(
        client_id=client_id,
        method="POST",
        path=PATH,
        key=_require_key(request, idempotency_key),
        body=await receive_body(request),
    )
    answer = await request_payment(context, asked_payment(data), call)
    return Response(answer, media_type="application/json")


@get("/{request_id:uuid}", guards=[only_query()], responses=problems(401, 404, 422, 503))
async def read(
    request_id: FromPath[UUID], context: GivenContext, client_id: GivenClient
) -> RequestView:
    """Read one of your requests with every fact known of it now."""
    return await _represent(context, request_id, client_id)


@get(
    "/",
    guards=[only_query("dossier_code", "limit", "cursor")],
    responses=problems(400, 401, 422, 503),
)
async def list_own(
    context: GivenContext,
    client_id: GivenClient,
    dossier_code: Annotated[str | None, QueryParameter(max_length=50)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, QueryParameter(description="As in `next`.")] = None,
) -> RequestList:
    """List your requests, oldest first."""
    after = read_cursor(cursor) if cursor is not None else None
    now = context.clock()
    async with context.database.read_only(snapshot=True) as connection:
        found = await requests.list_requests(
            connection, client_id, dossier_code=dossier_code, after=after, limit=limit + 1
        )
        shown = found[:limit]
        lines = await requests.lines_of(connection, [each.request_id for each in shown])
        items = [
            view(
                context.public_url,
                each,
                lines[each.request_id],
                await standing_of(connection, each, now),
            )
            for each in shown
        ]
    asked: dict[str, object] = {"dossier_code": dossier_code, "limit": limit}
    following = None
    if len(found) > limit:
        last = shown[-1]
        place = write_cursor(last.created_at, last.request_id)
        following = _page(context.public_url, asked | {"cursor": place})
    return RequestList(
        items=items,
        next=following,
        links=ListLinks(self=_page(context.public_url, asked | {"cursor": cursor}), next=following),
    )


@post(
    "/{request_id:uuid}/cancellation",
    dto=StrictJson[CancellationBody],
    status_code=200,
    guards=[only_query()],
    responses=problems(400, 401, 404, 409, 413, 415, 422, 503),
)
async def cancel(
    request_id: FromPath[UUID],
    data: JSONBody[CancellationBody],
    context: GivenContext,
    client_id: GivenClient,
) -> RequestView:
    """Withdraw an unpaid request; again: the same. Money that comes later is kept as surplus."""
    await cancel_request(context, request_id, client_id, data.reason)
    return await _represent(context, request_id, client_id)


async def _represent(context: Context, request_id: UUID, client_id: UUID) -> RequestView:
    async with context.database.read_only(snapshot=True) as connection:
        found = await requests.find_request(connection, request_id, client_id)
        if found is None:
            raise NotFound
        lines = await requests.lines_of(connection, [request_id])
        standing = await standing_of(connection, found, context.clock())
    return view(context.public_url, found, lines[request_id], standing)


def _require_key(request: Request[Any, Any, Any], key: str | None) -> str:
    if key is None:
        raise IdempotencyKeyMissing
    if len(request.headers.getall("idempotency-key")) != 1 or not _KEY.fullmatch(key):
        raise Malformed("an Idempotency-Key is 1 to 255 printable ASCII characters, given once")
    return key


def _page(public_url: str, parameters: dict[str, object]) -> str:
    return f"{public_url}{PATH}?" + urlencode(
        {name: value for name, value in parameters.items() if value is not None}
    )


PAYMENT_REQUESTS: Final = Router(
    PATH,
    route_handlers=[ask, read, list_own, cancel],
    guards=[require_client],
    dependencies=CLIENT,
    before_request=receive_in_time,
    request_max_body_size=BODY_BYTES_MAX,
    security=[{"clientKey": []}],
    tags=["payment requests"],
)
