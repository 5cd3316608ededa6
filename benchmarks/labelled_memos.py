"""Memo templates of the simulation's own shapes, in which any reference can be put by SQL.

A shape is written once with marks in the place of the thirteen symbols; the marks are capital
letters, so that shapes that lower or split the reference do so with the marks.
"""

from random import Random
from typing import Final

import pyarrow as pa

from bank_adapters.payment_reference import ALPHABET, LENGTH
from payment_service.simulation.memos import KEEPING, LOSING, Shape

TEMPLATES_PER_SHAPE: Final = 16
"""How many names, numbers and places one shape is written with."""

_MARKS: Final = "ΑΒΓΔΕΖΗΘΙΚΛΜΝ"
_WRONG_MARK: Final = "Ω"
_KINDS: Final = {"BROKEN_REFERENCE": "broken", "NO_REFERENCE": "nameless"}

# A template that holds a symbol for the wrong one gets the neighbour of the right one, in the order
# of the alphabet: a symbol that was chosen without knowing the right one is right once in 31 times.
FILLED_IN: Final = f"""
CREATE MACRO filled_in(template, wrong_place, reference) AS translate(
    template, '{_MARKS}{_MARKS.lower()}{_WRONG_MARK}',
    reference || lower(reference)
    || substr('{ALPHABET}{ALPHABET[0]}', 1 + strpos('{ALPHABET}',
        substr(reference, greatest(wrong_place, 1), 1)), 1))
"""


def memo_templates(seed: int) -> pa.Table:
    """Return templates numbered from 0 within `keeping`, `broken` and `nameless`.

    `broken` and `nameless` lose the reference; the engine must say so under the code of the shape.
    """
    random = Random(seed)  # noqa: S311 - the same seed gives the same days
    shapes = [("keeping", shape) for shape in KEEPING.values()]
    shapes += [(_KINDS[code], shape) for shape, code in LOSING.values()]
    rows: list[dict[str, object]] = []
    for _ in range(TEMPLATES_PER_SHAPE):
        rows += [{"kind": kind, **_template(shape, random)} for kind, shape in shapes]
    places = dict.fromkeys(("keeping", "broken", "nameless"), 0)
    for row in rows:
        row["slot"] = places[str(row["kind"])]
        places[str(row["kind"])] += 1
    return pa.Table.from_pylist(rows)


def _template(shape: Shape, random: Random) -> dict[str, object]:
    text = shape(_MARKS, random)
    missing = [place for place, mark in enumerate(_MARKS) if mark not in text.upper()]
    # Where the reference goes on after a missing symbol, that symbol was written wrong.
    wrong = [place for place in missing if place + 1 < LENGTH and _MARKS[place + 1] in text]
    is_last = missing == [LENGTH - 1] and not text.endswith(_MARKS[LENGTH - 2])
    if is_last:
        wrong = missing
    if not wrong:
        return {"template": text, "wrong_place": 0}
    [place] = wrong
    before = text.index(_MARKS[place - 1]) + 1
    if text[before] not in ALPHABET:  # 0 or O, which no reference contains
        return {"template": text, "wrong_place": 0}
    marked = f"{text[:before]}{_WRONG_MARK}{text[before + 1 :]}"
    return {"template": marked, "wrong_place": place + 1}
