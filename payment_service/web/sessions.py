"""Who is logged in: a cookie whose hash names a session, and a token that every form repeats.

Every officers' page goes through `require_session`; auditors may read and change nothing.
"""

import hmac
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from litestar import Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from payment_service.context import Context
from payment_service.db import people
from payment_service.db.passwords import key_sha256
from payment_service.db.people import StaffSession
from payment_service.domain.errors import Forbidden
from payment_service.web.body import require_plain_path
from payment_service.web.forms import Form, read_form, require_same_site
from payment_service.web.pages import HttpRequest, context_of, language_of, link, security_headers

COOKIE: Final = "session"
IDLE_MINUTES: Final = 30
TOUCH_SECONDS: Final = 60
LOGIN_PATH: Final = "/staff/login"
LOGOUT_PATH: Final = "/staff/logout"


def session_of(request: HttpRequest) -> StaffSession:
    """Return the session of a request that `require_session` let through."""
    session: StaffSession = request.state.session
    return session


def form_of(request: HttpRequest) -> Form:
    """Return the form of a request that `require_session` let through."""
    form: Form = request.state.form
    return form


async def find_live_session(context: Context, token: str) -> StaffSession | None:
    """Return the session of a cookie; an idle or old one is ended and is none."""
    now = context.clock()
    token_sha256 = key_sha256(token)
    async with context.database.read_only() as connection:
        session = await people.find_session(connection, token_sha256)
    if session is None:
        return None
    idle = now - session.last_seen_at
    if now >= session.expires_at or idle >= timedelta(minutes=IDLE_MINUTES):
        await end_session(context, token)
        return None
    if idle >= timedelta(seconds=TOUCH_SECONDS):
        async with context.database.transaction() as connection:
            await people.touch_session(connection, token_sha256, now)
    return session


async def end_session(context: Context, token: str) -> None:
    """Forget a session; its cookie is worth nothing from then on."""
    async with context.database.transaction() as connection:
        await people.delete_session(connection, key_sha256(token))


async def require_session(request: HttpRequest) -> Response[object] | None:
    """Let a logged-in person pass; others are sent to log in. A form must carry its token.

    Raises `Forbidden` for a form without the session's token or an auditor who sends one.
    """
    await require_plain_path(request)
    token = request.cookies.get(COOKIE, "")
    session = await find_live_session(context_of(request), token) if token else None
    if session is None:
        return to_login(request)
    request.state.session = session
    if request.method != "POST":
        return None
    require_same_site(request)
    form = await read_form(request)
    sent = form.fields.get("form_token", [""])[0]
    if not isinstance(sent, str) or not hmac.compare_digest(
        sent.encode(), session.form_token.encode()
    ):
        raise Forbidden("the form does not carry this session's token", field="form-token")
    if session.person.role == "auditor" and request.url.path != LOGOUT_PATH:
        raise Forbidden
    request.state.form = form
    return None


def to_login(request: HttpRequest) -> Response[object]:
    """Return the way to the login page, remembering a page that was only to be read."""
    language = language_of(request)
    path = request.url.path
    if request.method == "GET" and path != "/staff":
        query = urlencode(list(request.query_params.multi_items()))
        address = link(LOGIN_PATH, language, next=f"{path}?{query}" if query else path)
    else:
        address = link(LOGIN_PATH, language)
    return Redirect(address, status_code=303, headers=dict(security_headers()))


def session_cookie(context: Context, token: str) -> Cookie:
    """Return the cookie of a session: out of reach of scripts and of other sites."""
    return Cookie(
        key=COOKIE,
        value=token,
        path="/staff",
        httponly=True,
        samesite="strict",
        secure=context.public_url.startswith("https://"),
    )
