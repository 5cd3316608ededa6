"""The code that payers type into a transfer memo: make it, check it, find it in hostile text.

It finds and reports, it never repairs: a fragment that nearly is a reference stays as it was read.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""31 symbols, a prime number; I, L, O, 0 and 1 are left out because people confuse them."""

PREFIX: Final = "HPF"
BODY_LENGTH: Final = 9
LENGTH: Final = 13

WEIGHTS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 30)
"""One weight a position, all distinct and none zero modulo 31.

A reference is valid when the sum of weight times symbol value (its place in `ALPHABET`, from 0) is
a multiple of 31. A single substitution changes the sum by weight times difference, a swap by the
difference of weights times the difference of values: neither product is zero modulo a prime.
"""

RANDOM_BYTES_MIN: Final = 16
"""With this much randomness no body is likelier than another by more than 2^-83."""

_TRUNCATED_MIN: Final = len(PREFIX) + 8
_VALUES: Final = {symbol: value for value, symbol in enumerate(ALPHABET)}
_SHAPE: Final = re.compile(f"{PREFIX}[{ALPHABET}]{{{LENGTH - len(PREFIX)}}}")
_NOISE: Final = re.compile(r"[^A-Z0-9]+")


def make(random_bytes: bytes) -> str:
    """Turn at least `RANDOM_BYTES_MIN` random bytes into a reference; fewer raise `ValueError`."""
    if len(random_bytes) < RANDOM_BYTES_MIN:
        raise ValueError(f"a reference needs {RANDOM_BYTES_MIN} random bytes")
    number = int.from_bytes(random_bytes, "big")
    body = ""
    for _ in range(BODY_LENGTH):
        number, value = divmod(number, len(ALPHABET))
        body += ALPHABET[value]
    # The check symbol weighs 30, that is -1, so it equals the sum of all the others.
    return PREFIX + body + ALPHABET[_weighted_sum(PREFIX + body) % len(ALPHABET)]


def is_valid(reference: str) -> bool:
    """Say whether this is exactly one reference as we print it, with the right check symbol."""
    if not _SHAPE.fullmatch(reference):
        return False
    return _weighted_sum(reference) % len(ALPHABET) == 0


def normalise(text: str) -> str:
    """Reduce a memo to `[A-Z0-9]`: marks stripped (NFKD), đ as D, upper case, the rest dropped."""
    if text.isascii():
        return _NOISE.sub("", text.upper())
    decomposed = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(symbol for symbol in decomposed if not unicodedata.combining(symbol))
    return _NOISE.sub("", plain.upper())


def find(text: str) -> tuple[str, ...]:
    """Return the distinct valid references in a memo, in the order in which they appear.

    Case, blanks, dots and line breaks inside a reference do not matter; overlapping windows are
    all tried.
    """
    symbols = normalise(text)
    windows = (symbols[start : start + LENGTH] for start in _starts(symbols))
    return tuple(dict.fromkeys(window for window in windows if is_valid(window)))


def near_misses(text: str) -> tuple[str, ...]:
    """Return what begins like a reference but is none, as it stands in the normalised memo.

    That is: a wrong check symbol, symbols outside the alphabet (O, 0, 1, I, L), or a reference cut
    off by the end of the memo with at least eight symbols after the prefix. Windows that begin
    inside a valid reference are not reported.
    """
    symbols = normalise(text)
    fragments: list[str] = []
    valid_until = 0
    for start in _starts(symbols):
        fragment = symbols[start : start + LENGTH]
        if is_valid(fragment):
            valid_until = start + LENGTH
        elif start >= valid_until and len(fragment) >= _TRUNCATED_MIN:
            fragments.append(fragment)
    return tuple(dict.fromkeys(fragments))


def _starts(symbols: str) -> Iterator[int]:
    start = symbols.find(PREFIX)
    while start >= 0:
        yield start
        start = symbols.find(PREFIX, start + 1)


def _weighted_sum(symbols: str) -> int:
    return sum(weight * _VALUES[symbol] for weight, symbol in zip(WEIGHTS, symbols, strict=False))
