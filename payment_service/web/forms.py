"""Reads what a form sent, strictly: one value a field, plain digits, real dates, no hidden bytes.

Raises `Invalid` with the field's name; nothing is guessed or repaired.
"""

import asyncio
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from payment_service.domain.errors import Forbidden, Invalid, Malformed, NotFound
from payment_service.web.pages import HttpRequest, context_of

AMOUNT_DIGITS_MAX: Final = 15
FIELDS_MAX: Final = 50
FORM_SECONDS_MAX: Final = 60
_DIGITS: Final = re.compile(r"[0-9]{1,15}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of one form as they came."""

    fields: dict[str, list[str | UploadFile]]

    def text(self, name: str, length_max: int) -> str:
        """Return a text, trimmed and in Unicode normal form C; missing or too long raises."""
        values = self.fields.get(name, [])
        if len(values) != 1 or not isinstance(values[0], str):
            raise Invalid(f"{name} is given once", field=name)
        value = unicodedata.normalize("NFC", values[0].strip())
        if not 0 < len(value) <= length_max:
            raise Invalid(f"{name} has 1 to {length_max} characters", field=name)
        if any(unicodedata.category(symbol) in {"Cc", "Cs"} for symbol in value):
            raise Invalid(f"{name} has a control character", field=name)
        return value

    def secret(self, name: str) -> str:
        """Return a password exactly as it was typed, up to 1,000 characters."""
        values = self.fields.get(name, [])
        if len(values) != 1 or not isinstance(values[0], str) or len(values[0]) > 1000:  # noqa: PLR2004 - said above
            raise Malformed
        return values[0]

    def whole_number(self, name: str, *, may_be_negative: bool = False) -> int:
        """Return a whole number of at most 15 ASCII digits, without separators."""
        value = self.text(name, AMOUNT_DIGITS_MAX + 1)
        digits = value.removeprefix("-") if may_be_negative else value
        if not _DIGITS.fullmatch(digits):
            raise Invalid(f"{name} has digits only", field=name)
        return int(value)

    def day(self, name: str) -> date:
        """Return a day written as YYYY-MM-DD."""
        value = self.text(name, 10)
        try:
            return date.fromisoformat(value if _DAY.fullmatch(value) else "")
        except ValueError as error:
            raise Invalid(f"{name} is a date", field=name) from error

    def files(self, name: str) -> list[UploadFile]:
        """Return the files that were chosen, at least one."""
        chosen = [value for value in self.fields.get(name, []) if isinstance(value, UploadFile)]
        if not chosen:
            raise Invalid(f"{name} holds no file", field=name)
        return chosen

    def typed(self) -> dict[str, str]:
        """Return the texts as they were typed, to show them again beside an error."""
        return {
            name: values[0]
            for name, values in self.fields.items()
            if isinstance(values[0], str) and name != "form_token"
        }


async def read_form(request: HttpRequest) -> Form:
    """Read the form of a request; raises `Malformed` for what is not a form, 408 if it is slow."""
    try:
        async with asyncio.timeout(FORM_SECONDS_MAX):
            return await _parse(request)
    except TimeoutError as error:
        raise HTTPException(status_code=HTTPStatus.REQUEST_TIMEOUT) from error


async def _parse(request: HttpRequest) -> Form:
    kind, _ = request.content_type
    try:
        if kind == "application/x-www-form-urlencoded":
            # Litestar's own parser remembers bodies, and a body may hold a password.
            fields = parse_qs(
                (await request.body()).decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=FIELDS_MAX,
            )
            return Form(fields={name: list(values) for name, values in fields.items()})
        if kind == "multipart/form-data":
            form = await request.form()
            return Form(fields={name: list(form.getall(name)) for name in form})
    except (ValueError, LookupError) as error:
        raise Malformed from error
    raise Malformed("this is not a form")


def require_same_site(request: HttpRequest) -> None:
    """Refuse a form that another site sent; browsers say so in headers scripts cannot set."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        is_ours = site in {"same-origin", "none"}
    else:
        ours = {request.headers.get("host"), urlsplit(context_of(request).public_url).netloc}
        is_ours = origin is None or urlsplit(origin).netloc in ours
    if not is_ours:
        raise Forbidden("the form came from another site", field="form-token")


def identifier(value: str) -> UUID:
    """Return the identifier in a path; anything else is not found."""
    if not _UUID.fullmatch(value):
        raise NotFound(field="not-here")
    return UUID(value)
