"""Reads a JSON body strictly: one object, every name once and known, whole numbers as such.

The framework's own reader is lax about all of these; money must not pass through it.
"""

import json
import re
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec
from litestar.connection import ASGIConnection
from litestar.dto import AbstractDTO
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Reference, Schema
from litestar.types import Guard

from payment_service.domain.errors import Invalid, Malformed

Read = TypeVar("Read")
BODY_BYTES_MAX: Final = 1024 * 1024
UNSUPPORTED: Final = 415
_CONTENT_TYPE: Final = re.compile(
    r"""application/json[ \t]*(;[ \t]*charset="?utf-8"?[ \t]*)?""", re.IGNORECASE
)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class StrictJson(AbstractDTO[Read]):
    """Reads the body of a handler: `@post(dto=StrictJson[Struct])`."""

    def decode_bytes(self, value: bytes) -> Read:
        """Check the headers that describe the body, then read it."""
        require_plain_json(self.asgi_connection)
        return read_strictly(value, self.model_type)

    @classmethod
    def create_for_field_definition(cls, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: the struct itself says all, no transfer model is needed."""

    @classmethod
    def create_openapi_schema(
        cls, field_definition: Any, handler_id: str, schema_creator: Any
    ) -> Reference | Schema:
        """Describe the body as the struct that it is read into."""
        del handler_id
        schema: Reference | Schema = schema_creator.for_field_definition(field_definition)
        return schema


def require_plain_json(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse with 415 anything but JSON in UTF-8 that is not compressed."""
    content_types = connection.headers.getall("content-type", [])
    if len(content_types) != 1 or not _CONTENT_TYPE.fullmatch(content_types[0].strip()):
        raise HTTPException(status_code=UNSUPPORTED)
    require_not_encoded(connection)


def require_not_encoded(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse with 415 a compressed body: nothing is ever unpacked here."""
    encodings = connection.headers.getall("content-encoding", [])
    if any(encoding.strip().lower() not in {"", "identity"} for encoding in encodings):
        raise HTTPException(status_code=UNSUPPORTED)


def read_strictly(body: bytes, wanted: type[Read]) -> Read:
    """Read UTF-8 JSON (a byte order mark is allowed) into a struct.

    Raises `Malformed` for what is not one JSON text with each name once, and `Invalid` for a value
    that the struct does not take or text that cannot be stored.
    """
    try:
        value = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_float=Decimal,
            parse_constant=Decimal,
        )
        _require_storable(value)
    except (ValueError, RecursionError) as error:
        raise Malformed("the body is not one JSON text") from error
    try:
        return msgspec.convert(value, wanted, strict=True)
    except msgspec.ValidationError as error:
        sentence, _, place = str(error).partition(" - at ")
        raise Invalid(sentence, field=place.strip("`") or "$") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise Malformed("a name stands twice in one object")
    return read


def _require_storable(value: object) -> None:
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise Invalid("text holds NUL or half of a character")
    if isinstance(value, dict):
        for name, member in value.items():
            _require_storable(name)
            _require_storable(member)
    if isinstance(value, list):
        for member in value:
            _require_storable(member)


def only_query(*known: str) -> Guard:
    """Return a guard that refuses query parameters that are unknown or given twice."""

    # A coroutine, as the framework sends plain functions through a thread, for every request.
    async def require_known_query(
        connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
    ) -> None:
        for name, values in connection.query_params.dict().items():
            if name not in known:
                raise Invalid("an unknown query parameter", parameter=name[:100])
            if len(values) != 1 or _UNSTORABLE.search(values[0]):
                raise Invalid("a query parameter is given twice or not text", parameter=name)

    return require_known_query
