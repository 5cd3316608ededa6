"""The one table that turns every error into an answer: problem+json (RFC 9457) or a short page.

An answer never carries a stack trace, SQL, a path of this machine or a secret.
"""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from payment_service.domain.errors import Invalid, PaymentServiceError
from payment_service.web.headers import request_id_of
from payment_service.web.pages import show_error

PROBLEM_JSON: Final = "application/problem+json"
RETRY_SECONDS: Final = {409: 1, 429: 60, 503: 5}
_PAGES: Final = ("/pay", "/receipts", "/staff")
_CODES: Final = {
    400: "malformed-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    408: "request-timeout",
    413: "content-too-large",
    415: "unsupported-media-type",
    422: "invalid-content",
    429: "too-many-requests",
}
_DETAILS: Final = {
    400: "The request is not well-formed.",
    404: "There is nothing here, or nothing that you may see.",
    405: "This address does not take this method.",
    408: "The body did not arrive in time.",
    413: "The body is larger than this address takes.",
    415: "This address does not take this kind of content.",
}
_INTERNAL: Final = "Something went wrong on our side; the log knows it by this request's number."

_log = structlog.get_logger("payment_service.web")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One error as callers see it; `code` is stable, `data` are further members."""

    code: str
    title: str
    status: int
    detail: str
    data: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def _of_house(error: PaymentServiceError) -> Problem:
    headers = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    if error.code == "request-in-flight" or error.status in {429, 503}:
        headers["retry-after"] = str(RETRY_SECONDS[error.status])
    return Problem(
        code=error.code,
        title=_first_line(type(error).__doc__),
        status=error.status,
        detail=error.detail,
        data=error.data,
        headers=headers,
    )


def _of_framework(error: HTTPException) -> Problem:
    if isinstance(error, ValidationException):
        return _of_house(Invalid("a parameter is not acceptable", errors=_parameters(error)))
    status = error.status_code
    allowed = {name.lower(): text for name, text in (error.headers or {}).items()}
    return Problem(
        code=_CODES.get(status, f"http-{status}"),
        title=HTTPStatus(status).phrase,
        status=status,
        detail=_DETAILS.get(status, HTTPStatus(status).description),
        headers={name: text for name, text in allowed.items() if name in {"allow", "retry-after"}},
    )


def _parameters(error: ValidationException) -> list[dict[str, str]]:
    found = error.extra if isinstance(error.extra, list) else []
    return [
        {"parameter": str(each.get("key", "")), "message": str(each.get("message", ""))}
        for each in found
        if isinstance(each, dict)
    ]


def problem_of(error: Exception) -> Problem | None:
    """Return how an error is answered; None for one that nobody foresaw."""
    if isinstance(error, PaymentServiceError) and error.code != "configuration":
        return _of_house(error)
    if isinstance(error, HTTPException) and error.status_code != HTTPStatus.INTERNAL_SERVER_ERROR:
        return _of_framework(error)
    return None


def log_unforeseen(event: str, error: Exception, **values: str) -> None:
    """Log an error that nobody foresaw with its trace, without the values of any variable."""
    trace = "".join(traceback.format_exception(error))
    _log.error(event, error=type(error).__name__, trace=trace, **values)


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer any error of any route."""
    request_id = request_id_of(request.scope)
    problem = problem_of(error)
    if problem is None:
        log_unforeseen("request failed", error, request_id=request_id)
        problem = Problem(code="internal", title="Internal error", status=500, detail=_INTERNAL)
    if _wants_page(request):
        return show_error(request, error)
    return problem_response(request, problem, request_id)


def problem_response(
    request: Request[Any, Any, Any], problem: Problem, request_id: str
) -> Response[bytes]:
    """Return a problem as problem+json."""
    members = {
        **problem.data,
        "type": f"{request.app.state.context.public_url}/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "instance": f"urn:uuid:{request_id}",
    }
    return Response(
        msgspec.json.encode(members),
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers=dict(problem.headers),
    )


def _wants_page(request: Request[Any, Any, Any]) -> bool:
    path = request.scope["path"]
    if not any(path == page or path.startswith(f"{page}/") for page in _PAGES):
        return False
    return request.accept.best_match([PROBLEM_JSON, "text/html"], default="") == "text/html"
