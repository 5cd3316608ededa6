"""Genuine messages with fields changed, taken out, doubled or moved: none of it is believed.

The grammar is the channel's own: fields of JSON at any depth, of a form or query, and headers. What
a target holds of an accepted message (`targets._verify`) is the property.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank_adapters.contract import CallbackRequest
from bank_adapters.registry import DIALECTS
from tests.fuzz.messages import genuine, written
from tests.fuzz.targets import TARGETS

Change = Callable[[list[tuple[Any, Any]], int, Any], list[tuple[Any, Any]]]
"""Makes other pairs of name and value, from a place among them and another value."""

CHANGES: tuple[Change, ...] = (
    lambda pairs, at, value: [*pairs[:at], (pairs[at][0], value), *pairs[at + 1 :]],
    lambda pairs, at, _: [*pairs[:at], *pairs[at + 1 :]],
    lambda pairs, at, value: [*pairs, (pairs[at][0], value)],
    lambda pairs, at, value: [(pairs[at][0], value), *pairs],
    lambda pairs, at, value: [*pairs, (f"{pairs[at][0]}x", value)],
    lambda pairs, at, _: [*pairs[at:], *pairs[:at]],
    lambda pairs, at, _: [
        *((name, pairs[at][1]) for name, _ in pairs[at : at + 2]),
        *pairs[:at],
        *pairs[at + 2 :],
    ],
)
TEXTS = st.one_of(
    st.sampled_from(
        ["", "0", "00", "1", "8000", "80000", "800000", "-1", "8e3", "HPG", "&a=1", "|"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
VALUES = st.one_of(
    TEXTS, st.integers(-1, 10**7), st.none(), st.booleans(), st.just([]), st.just({})
)


def _like(value: object) -> st.SearchStrategy[object]:
    """Return values of the same kind, which readers take."""
    match value:
        case bool():
            return st.just(not value)
        case int():
            return st.integers(1, 10**7)
        case str() if value.isascii() and value.isdigit():
            return st.integers(1, 10**7).map(str)
        case str():
            return st.sampled_from([f"{value}1", value[:-1], value.lower(), value.upper()])
        case bytes():
            return st.sampled_from([value + b"1", value[:-1], value.upper(), b" " + value])
    return st.just(value)


class Doubled(dict[str, Any]):
    """An object that is written with all its pairs, a name given twice included."""

    def __init__(self, pairs: list[tuple[Any, Any]]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def items(self) -> Any:
        """Return every pair."""
        return self._pairs


@st.composite
def forgeries(draw: st.DrawFn, code: str) -> CallbackRequest:
    """Return one to three changes of one genuine message."""
    request = draw(st.sampled_from(genuine(code)))
    for _ in range(draw(st.integers(1, 3))):
        if request.headers and draw(st.integers(0, 3)) == 0:
            headers = _changed(draw, list(request.headers), TEXTS.map(str.encode))
            request = replace(request, headers=tuple(headers))
        elif request.query:
            request = replace(request, query=_form(draw, request.query))
        elif request.body[:1] != b"{":
            request = replace(request, body=_form(draw, request.body))
        else:
            told = json.loads(request.body, object_pairs_hook=Doubled)
            body = json.dumps(_object(draw, told), ensure_ascii=draw(st.booleans())).encode()
            request = replace(request, body=body)
    return request


def _changed(
    draw: st.DrawFn, pairs: list[tuple[Any, Any]], values: st.SearchStrategy[Any]
) -> list[tuple[Any, Any]]:
    if not pairs:
        return pairs
    at = draw(st.integers(0, len(pairs) - 1))
    return draw(st.sampled_from(CHANGES))(pairs, at, draw(_like(pairs[at][1]) | values))


def _form(draw: st.DrawFn, text: bytes) -> bytes:
    pairs = parse_qsl(text.decode("latin-1"), keep_blank_values=True)
    return urlencode(_changed(draw, pairs, TEXTS)).encode()


def _object(draw: st.DrawFn, told: Doubled) -> Doubled:
    """Change an object inside this one, or this one."""
    pairs = list(told.items())
    inner = [at for at, (_, value) in enumerate(pairs) if isinstance(value, Doubled)]
    if inner and draw(st.integers(0, 3)) > 0:
        place = draw(st.sampled_from(inner))
        name, told_inside = pairs[place]
        changed = (name, _object(draw, told_inside))
        return Doubled([*pairs[:place], changed, *pairs[place + 1 :]])
    return Doubled(_changed(draw, pairs, VALUES))


@pytest.mark.parametrize("code", DIALECTS)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_no_change_of_a_genuine_message_tells_of_other_money(
    code: str, data: st.DataObject
) -> None:
    forged = written(data.draw(forgeries(code)))
    TARGETS[f"verify-{code}"](forged)
    TARGETS[f"read-{code}"](forged)
