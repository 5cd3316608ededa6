"""The citizens' pages: what is asked, how to pay it, and where the payment stands.

A link's token is all a citizen has; every wrong token gets the same page. Nothing that the gateway
puts into the address on the way back is believed.
"""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from markupsafe import Markup

from bank_adapters import vietqr
from bank_adapters.registry import CHECKOUT_DIALECTS, takes_amount
from payment_service.db import attempts, endpoints, requests, standing
from payment_service.db.requests import PaymentRequest, RequestLine
from payment_service.db.standing import Standing
from payment_service.domain.attempt import Attempt, newest_reference
from payment_service.domain.errors import (
    GatewaySilent,
    GatewayUnavailable,
    NotFound,
    PaymentServiceError,
)
from payment_service.paper.qr_image import draw_qr_png, draw_qr_svg
from payment_service.use_cases.find_order import find_order
from payment_service.use_cases.start_checkout import start_checkout
from payment_service.web.citizen.progress import progress_of
from payment_service.web.forms import require_same_site
from payment_service.web.pages import (
    ERROR_PAGES,
    HttpRequest,
    Page,
    context_of,
    language_of,
    link,
    page,
    problem_key,
    render,
    security_headers,
    static_file,
)

FOLLOW_SECONDS: Final = 3
RELOAD_SECONDS: Final = 15
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """One request as its page shows it."""

    request: PaymentRequest
    lines: list[RequestLine]
    standing: Standing
    checkout_origins: dict[str, str]
    attempts: dict[str, Attempt]

    @property
    def path(self) -> str:
        return f"/pay/{self.request.link_token}"

    @property
    def open_minor(self) -> int:
        return 0 if self.request.cancelled_at else self.request.residual_minor

    @property
    def is_payable(self) -> bool:
        return self.open_minor > 0


async def _read(request: HttpRequest, token: str) -> _Shown:
    if not _TOKEN.fullmatch(token):
        raise NotFound
    context = context_of(request)
    now = context.clock()
    async with context.database.read_only(snapshot=True) as connection:
        found = await requests.find_request_by_token(connection, token)
        if found is None:
            raise NotFound
        lines = await requests.lines_of(connection, [found.request_id])
        offered = await endpoints.list_checkouts(connection, found.collecting_unit_id, now)
        return _Shown(
            request=found,
            lines=lines[found.request_id],
            standing=await standing.standing_of(connection, found, now),
            checkout_origins={
                channel: _origin(offered[channel])
                for channel in CHECKOUT_DIALECTS
                if channel in offered
            },
            attempts=await attempts.latest_attempts(connection, found.request_id),
        )


def _values(request: HttpRequest, shown: _Shown, known: str) -> dict[str, Any]:
    """Return what the changing parts show; `known` stays that of the whole page's last load."""
    language = language_of(request)
    return {
        "asked": shown.request,
        "lines": shown.lines,
        "payments": shown.standing.payments,
        "progress": progress_of(shown.request, shown.standing, language),
        "is_payable": shown.is_payable,
        "gateways": [
            channel
            for channel in shown.checkout_origins
            if takes_amount(channel, shown.request.residual_minor)
        ],
        "known": known,
        "path": shown.path,
    }


def _payment_page(
    request: HttpRequest,
    shown: _Shown,
    problem: Exception | None = None,
    order: Attempt | None = None,
) -> Page:
    status = problem.status if isinstance(problem, PaymentServiceError) else 200
    came_back = "from" in request.query_params
    return page(
        request,
        "citizen/payment.html",
        status_code=status,
        form_targets=sorted(set(shown.checkout_origins.values())),
        problem=problem_key(problem, "checkout") if problem else None,
        came_back=came_back and shown.is_payable,
        other_language_link=link(
            request.url.path if order else shown.path,
            "en" if language_of(request) == "vi" else "vi",
        ),
        follow_seconds=FOLLOW_SECONDS,
        reload_seconds=RELOAD_SECONDS,
        order=order,
        # Drawn by us from text, so that nothing in it is markup of the gateway's.
        qr_image=Markup(draw_qr_svg(order.qr_text)) if order and order.qr_text else "",  # noqa: S704 - see above
        **_values(request, shown, newest_reference(shown.attempts.values())),
    )


@get("/pay/{token:str}", include_in_schema=False)
async def show_payment(request: HttpRequest, token: FromPath[str]) -> Page:
    """Show what is asked, how to pay it and where it stands."""
    return _payment_page(request, await _read(request, token))


@get("/pay/{token:str}/status", include_in_schema=False)
async def follow_payment(request: HttpRequest, token: FromPath[str]) -> Page:
    """Return the parts of the page that change; 304 when they did not."""
    shown = await _read(request, token)
    content = render(request, "citizen/changing.html", **_values(request, shown, _known(request)))
    tag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    headers = {**security_headers(), "etag": tag, "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response("", status_code=304, headers=headers)
    return Response(content, media_type="text/html", headers=headers)


@get("/pay/{token:str}/qr.png", include_in_schema=False)
async def draw_qr(request: HttpRequest, token: FromPath[str]) -> Response[bytes] | Page:
    """Draw the VietQR code for what is still open."""
    shown = await _read(request, token)
    asked = shown.request
    if not shown.is_payable:
        return page(request, "problem.html", status_code=409, key="qr.gone")
    payload = asked.qr_payload
    if asked.residual_minor != asked.amount_minor:
        payload = vietqr.encode(
            bank_bin=asked.printed_bank_bin,
            account_number=asked.printed_account_number,
            amount_minor=asked.residual_minor,
            purpose=asked.reference,
        )
    headers = {**security_headers(), "cache-control": "private, no-cache"}
    return Response(draw_qr_png(payload), media_type="image/png", headers=headers)


@post("/pay/{token:str}/checkout/{channel:str}", include_in_schema=False)
async def go_to_gateway(
    request: HttpRequest, token: FromPath[str], channel: FromPath[str]
) -> Page | Redirect:
    """Place an order at a gateway, once; send the citizen there, or to the page of the order."""
    shown = await _read(request, token)
    client_ip = request.client.host if request.client else "127.0.0.1"
    try:
        require_same_site(request)
        address = await start_checkout(
            context_of(request),
            token,
            client_ip,
            language_of(request),
            channel,
            known_reference=_known(request),
        )
    except PaymentServiceError as error:
        return _payment_page(request, shown, error)
    # The page's policy lets its forms lead to the registered origins only; a link may go on.
    if not address or _origin(address) not in shown.checkout_origins.values():
        address = link(f"{shown.path}/checkout/{channel}", language_of(request))
    return Redirect(address, status_code=303, headers=dict(security_headers()))


@get("/pay/{token:str}/checkout/{channel:str}", include_in_schema=False)
async def show_order(
    request: HttpRequest, token: FromPath[str], channel: FromPath[str]
) -> Page | Redirect:
    """Show the live order at a gateway, as often as it is asked for, while one can be placed."""
    shown = await _read(request, token)
    context = context_of(request)
    now = context.clock()
    attempt = None
    with suppress(PaymentServiceError):
        async with context.database.read_only() as connection:
            _, attempt = await find_order(
                context, connection, shown.request, channel, shown.open_minor, now
            )
    if attempt is not None and attempt.has_failed_lately(now):
        problem = GatewayUnavailable() if attempt.is_answered else GatewaySilent(field="silent")
        return _payment_page(request, shown, problem)
    if attempt is None or not attempt.is_live(now, shown.open_minor):
        home = link(shown.path, language_of(request))
        return Redirect(home, status_code=303, headers=dict(security_headers()))
    if not attempt.is_answered:
        return page(request, "citizen/awaited.html", gateway=channel)
    if attempt.url:
        return page(request, "citizen/onward.html", address=attempt.url, gateway=channel)
    return _payment_page(request, shown, order=attempt)


def _known(request: HttpRequest) -> str:
    return str(request.query_params.get("known", ""))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


ROUTES: list[Router] = [
    Router(
        path="/",
        route_handlers=[
            show_payment,
            follow_payment,
            draw_qr,
            go_to_gateway,
            show_order,
            static_file,
        ],
        exception_handlers=ERROR_PAGES,
    )
]
