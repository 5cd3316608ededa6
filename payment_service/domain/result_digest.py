"""The digest that a stored run and a re-performed one are compared by."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

_ENCODER: Final = msgspec.json.Encoder(order="sorted")


def result_sha256(
    decisions: Iterable[Mapping[str, Any]], breaks: Iterable[Mapping[str, Any]]
) -> bytes:
    """Return the SHA-256 of canonical JSON: one list of the decisions and one of the breaks.

    Rows are taken one by one in their order; no whole text is ever in memory.
    """
    digest = hashlib.sha256(b"[")
    for separator, rows in ((b"[", decisions), (b",[", breaks)):
        digest.update(separator)
        for number, row in enumerate(rows):
            digest.update((b"," if number else b"") + _ENCODER.encode(row))
        digest.update(b"]")
    digest.update(b"]")
    return digest.digest()
