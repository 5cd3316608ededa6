"""The login page and the way out; what a wrong name and a wrong password say is the same."""

import re
from typing import Any, Final

from litestar import get, post
from litestar.response import Redirect

from payment_service.domain.errors import PaymentServiceError
from payment_service.use_cases.log_in import log_in
from payment_service.web.forms import read_form, require_same_site
from payment_service.web.pages import (
    HttpRequest,
    Page,
    context_of,
    language_of,
    link,
    page,
    problem_key,
    security_headers,
)
from payment_service.web.sessions import (
    COOKIE,
    LOGIN_PATH,
    LOGOUT_PATH,
    end_session,
    session_cookie,
)

_OWN_PAGE: Final = re.compile(r"/staff(/[A-Za-z0-9-]+)*(\?[A-Za-z0-9=&%._-]*)?")


def _way_back(value: Any) -> str:
    """Return the officers' page to go to; any other address is dropped."""
    return value if isinstance(value, str) and _OWN_PAGE.fullmatch(value) else ""


def _login_page(
    request: HttpRequest, username: str, way_back: str, problem: PaymentServiceError | None = None
) -> Page:
    return page(
        request,
        "staff/log_in.html",
        status_code=problem.status if problem else 200,
        problem=problem_key(problem) if problem else None,
        username=username,
        way_back=way_back,
    )


@get(LOGIN_PATH, include_in_schema=False, sync_to_thread=False)
def show_login(request: HttpRequest) -> Page:
    """Show the login form."""
    return _login_page(request, "", _way_back(request.query_params.get("next")))


@post(LOGIN_PATH, include_in_schema=False)
async def enter(request: HttpRequest) -> Page | Redirect:
    """Log in and go to the page that was asked for."""
    require_same_site(request)
    form = await read_form(request)
    typed = form.typed()
    context = context_of(request)
    way_back = _way_back(typed.get("next"))
    source_address = request.client.host if request.client else ""
    try:
        username = form.secret("username")
        token = await log_in(context, username, form.secret("password"), source_address)
    except PaymentServiceError as error:
        return _login_page(request, typed.get("username", "")[:40], way_back, error)
    old = request.cookies.get(COOKIE)
    if old:
        await end_session(context, old)
    return Redirect(
        way_back or link("/staff", language_of(request)),
        status_code=303,
        headers=dict(security_headers()),
        cookies=[session_cookie(context, token)],
    )


@post(LOGOUT_PATH, include_in_schema=False)
async def leave(request: HttpRequest) -> Redirect:
    """End the session."""
    await end_session(context_of(request), request.cookies[COOKIE])
    headers = {**security_headers(), "clear-site-data": '"cache"'}
    response = Redirect(link(LOGIN_PATH, language_of(request)), status_code=303, headers=headers)
    response.delete_cookie(COOKIE, path="/staff")
    return response
