"""The errors of the API as its description shows them."""

from litestar.openapi import ResponseSpec
from msgspec import Struct

from payment_service.web.errors import PROBLEM_JSON


class ProblemView(Struct, frozen=True, kw_only=True):
    """An error by RFC 9457; `code` never changes its meaning, further members depend on it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str


_SENTENCES = {
    400: "Not well-formed.",
    401: "No live key.",
    404: "Not there, or not yours.",
    409: "Asked for before, still running, or no longer possible.",
    413: "The body is too large.",
    415: "Not uncompressed JSON in UTF-8.",
    422: "Well-formed, but the content is not acceptable.",
    503: "Try again later (`Retry-After`).",
}


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the descriptions of these error statuses."""
    return {
        status: ResponseSpec(
            ProblemView,
            generate_examples=False,
            description=_SENTENCES[status],
            media_type=PROBLEM_JSON,
        )
        for status in statuses
    }
