"""Signed texts of raw `name=value` pairs, and the one thing that is wrong with them.

Values stand in such a text as they are. One that itself reads `&name=` could be cut into two
fields, or two fields joined into one, under the same signature; no such value is ever read.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from bank_adapters.contract import AdapterError

_HIDDEN_FIELD: Final = re.compile(r"&[A-Za-z][A-Za-z0-9_]*=")


def join_pairs(pairs: Iterable[tuple[str, str]]) -> bytes:
    """Return `name=value&name=value` in UTF-8, in the order given."""
    return "&".join(f"{name}={value}" for name, value in pairs).encode()


def require_single_cut(
    values: Mapping[str, object],
    refuse: Callable[[str], AdapterError],
    *,
    known: Collection[str] = (),
) -> None:
    """Refuse a value that holds `&name=`, which could also be a field of its own.

    With `known` names only those count: a payer may type anything else into a memo.
    """
    for name, value in values.items():
        hidden = _HIDDEN_FIELD.findall(value) if isinstance(value, str) else []
        if any(not known or each[1:-1] in known for each in hidden):
            raise refuse(f"{name} holds what could be a field of its own")
