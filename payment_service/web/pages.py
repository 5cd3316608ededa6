"""Renders pages: templates, the language of a request, security headers, errors as pages.

Handlers decide what a page shows; nothing here reads a record.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.types import ExceptionHandlersMap
from markupsafe import Markup

from payment_service.context import Context
from payment_service.domain.errors import NotFound, PaymentServiceError
from payment_service.web import formats
from payment_service.web.formats import Language
from payment_service.web.texts import TEXTS, text

HttpRequest = Request[Any, Any, Any]
Page = Response[str]

_FOLDER: Final = Path(__file__).parent
_ASSETS: Final = {
    "pages.css": "text/css",
    "pages.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_HTTP_CODES: Final = {
    400: "malformed-request",
    404: "not-found",
    405: "method-not-allowed",
    408: "request-timeout",
    413: "content-too-large",
}


def context_of(request: HttpRequest) -> Context:
    """Return the parts that composition chose, kept in the application's state."""
    context: Context = request.app.state.context
    return context


def language_of(request: HttpRequest) -> Language:
    """Return the language a link asks for; Vietnamese unless it says English."""
    return "en" if request.query_params.get("lang") == "en" else "vi"


@lru_cache
def asset(name: str) -> tuple[bytes, str]:
    """Return a static file and the start of its SHA-256, which names its version in links."""
    content = (_FOLDER / "static" / name).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


def link(path: str, language: Language, **parameters: object) -> str:
    """Return a link that keeps the language; empty parameters are left out."""
    kept = {name: str(value) for name, value in parameters.items() if value not in {None, ""}}
    query = urlencode(kept | ({"lang": "en"} if language == "en" else {}))
    return f"{path}?{query}" if query else path


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = lambda name: f"/static/{name}?v={asset(name)[1]}"
    return environment


def render(request: HttpRequest, template: str, **values: object) -> str:
    """Render a template in the request's language."""
    language = language_of(request)
    other: Language = "en" if language == "vi" else "vi"
    session = getattr(request.state, "session", None)
    parameters = {name: value for name, value in request.query_params.items() if name != "lang"}
    return (
        _environment()
        .get_template(template)
        .render(
            {
                "language": language,
                "other_language": other,
                "other_language_link": link(request.url.path, other, **parameters),
                "t": lambda key, **filled: text(key, language, **filled),
                "has_text": TEXTS.__contains__,
                "link": lambda path, **filled: link(path, language, **filled),
                "money": lambda amount_minor: formats.money(amount_minor, language),
                "whole": lambda number: formats.whole(number, language),
                "day": lambda value: formats.day(value, language),
                "instant": lambda value: formats.instant(value, language),
                "deadline": lambda value: formats.deadline(value, language),
                "problem": None,
                "problem_detail": "",
                "done": f"done.{request.query_params.get('done', '')}",
                "officer": session,
                "form_token": lambda: Markup(
                    '<input type="hidden" name="form_token" value="{}">'
                ).format(session.form_token if session else ""),
                **values,
            }
        )
    )


def page(
    request: HttpRequest,
    template: str,
    *,
    status_code: int = 200,
    form_targets: Sequence[str] = (),
    **values: object,
) -> Page:
    """Return a page that runs only our own scripts and sends forms only to us or `form_targets`."""
    return Response(
        render(request, template, **values),
        status_code=status_code,
        media_type="text/html",
        headers=security_headers(form_targets),
    )


def security_headers(form_targets: Sequence[str] = ()) -> Mapping[str, str]:
    """Return what every page says to browsers: no foreign content, no frames, no copies."""
    targets = " ".join(("'self'", *form_targets))
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src 'self'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "x-robots-tag": "noindex",
        "cache-control": "no-store",
    }


def problem_keys(error: Exception, act: str = "") -> list[str]:
    """Return the keys of the sentence for an error, the most telling first."""
    if isinstance(error, HTTPException):
        code = _HTTP_CODES.get(error.status_code, "error")
    else:
        code = getattr(error, "code", "error")
    field = getattr(error, "data", {}).get("field", "")
    return [f"error.{act}.{field}", f"error.{field}", f"error.{act}.{code}", f"error.{code}"]


def problem_key(error: Exception, act: str = "") -> str:
    """Return the key of the one sentence that tells people about an error."""
    return next((key for key in problem_keys(error, act) if key in TEXTS), "error.error")


def show_error(request: HttpRequest, error: Exception) -> Page:
    """Return an error as a page; a door of its own for each status people can meet."""
    status = 500
    if isinstance(error, PaymentServiceError):
        status = error.status
    elif isinstance(error, HTTPException):
        status = error.status_code
    response = page(request, "problem.html", status_code=status, key=problem_key(error))
    if status >= PaymentServiceError.status:
        response.headers["retry-after"] = "30"
    return response


ERROR_PAGES: Final[ExceptionHandlersMap] = {
    PaymentServiceError: show_error,
    HTTPException: show_error,
}
"""The exception handlers of every router of pages."""


@get("/static/{name:str}", include_in_schema=False, sync_to_thread=False)
def static_file(name: FromPath[str]) -> Response[bytes]:
    """Return one of our own static files; its link changes with its content."""
    if name not in _ASSETS:
        raise NotFound
    return Response(
        asset(name)[0],
        media_type=_ASSETS[name],
        headers={
            "cache-control": "public, max-age=31536000, immutable",
            "x-content-type-options": "nosniff",
        },
    )
