"""The texts that payOS signs: `data` of a message, and the body beside a header signature.

As the published vectors of payOS's own libraries have it; only texts are made here.
"""

import json
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from bank_adapters.contract import AdapterError
from bank_adapters.gateways.raw_pairs import join_pairs

LINK_FIELDS: Final = ("amount", "cancelUrl", "description", "orderCode", "returnUrl")
"""What is signed of an order; everything else in it travels unsigned."""

_EMPTY: Final = frozenset({"null", "undefined"})
"""Texts that payOS's libraries take for no value."""


def body_content(data: Mapping[str, object], refuse: Callable[[str], AdapterError]) -> bytes:
    """Return the text signed for `data`: every name sorted, values raw, arrays as JSON.

    Objects inside an array have their names sorted, one level deep. Refused is what the libraries
    would write differently: fractions, objects outside an array, arrays of other things.
    """
    return join_pairs((name, _raw(name, data[name], refuse)) for name in sorted(data))


def header_content(body: Mapping[str, object]) -> bytes:
    """Return the text signed in `x-signature`: names sorted at every depth, form-encoded.

    Nothing but payouts is signed so. A `/` stays as it is, as payOS's Python library has it; its
    JavaScript library escapes it, and no published vector decides between them.
    """
    pairs = ((name, _written(_sorted(body[name]))) for name in sorted(body))
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs).encode("ascii")


def _raw(name: str, value: object, refuse: Callable[[str], AdapterError]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return "" if value in _EMPTY else value
    if isinstance(value, bool | int):
        return _json(value)
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        items = [{key: item[key] for key in sorted(item)} for item in value]
        try:
            return _json(items)
        except TypeError as error:
            raise refuse(f"{name} holds a fraction") from error
    raise refuse(f"{name} is not a value that payOS signs")


def _written(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _json(value)


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
