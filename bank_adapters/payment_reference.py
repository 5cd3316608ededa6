"""The code that payers type into a transfer memo: make it, check it, find it in hostile text.

It finds and suggests, it never repairs: what nearly is a reference stays as it was read, and
whoever acts on a suggestion needs another reason beside it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
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

FOREIGN: Final = f"{PREFIX}T[0-9]*"
"""What is never a reference: `HP`, as everyone shortens the name of the city, before a number that
a bank begins with `FT`. No reference is made like that."""

SUGGESTIONS_MAX: Final = 200

TRUNCATED_MIN: Final = len(PREFIX) + 5
"""A reference cut off by the end of a memo is told from other text by five symbols of its body."""

_ALPHABET_ONLY: Final = re.compile(f"[{ALPHABET}]*")
_VALUES: Final = {symbol: value for value, symbol in enumerate(ALPHABET)}
_BODY: Final = f"[{ALPHABET}]{{{LENGTH - len(PREFIX)}}}"
_SHAPE: Final = re.compile(PREFIX + _BODY)
_FOREIGN: Final = re.compile(FOREIGN)
_UPPER: Final = bytes.maketrans(b"abcdefghijklmnopqrstuvwxyz", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NOISE: Final = re.sub(rb"[A-Za-z0-9]", b"", bytes(range(128)))
_NOISE_OF_LINES: Final = _NOISE.replace(b"\n", b"")

_BROKEN_PREFIXES: Final = tuple(
    re.compile(f"(?={shape})")
    for shape in (
        *(f"{prefix}({_BODY})" for prefix in ("[^H]PF", "H[^P]F", "HP[^F]")),  # another symbol
        *(f"{prefix}({_BODY})" for prefix in ("PF", "HF", "HP")),  # one is missing
        *(f"{prefix}({_BODY})" for prefix in ("H.PF", "HP.F")),  # one is too many
        *(f"{prefix}({_BODY})" for prefix in ("PHF", "HFP")),  # two are swapped
        f"HP(.)F(.{{{BODY_LENGTH}}})",  # the last one is swapped with its neighbour
    )
)


def make(random_bytes: bytes) -> str:
    """Turn at least `RANDOM_BYTES_MIN` random bytes into a reference; fewer raise `ValueError`."""
    if len(random_bytes) < RANDOM_BYTES_MIN:
        raise ValueError(f"a reference needs {RANDOM_BYTES_MIN} random bytes")
    number = int.from_bytes(random_bytes, "big")
    while True:
        number, stem = _draw(number)
        # A second draw is needed once in a million times; there is randomness enough for it.
        if not _FOREIGN.fullmatch(stem):
            # The check symbol weighs 30, that is -1, so it equals the sum of all the others.
            return stem + ALPHABET[_weighted_sum(stem) % len(ALPHABET)]


def is_valid(reference: str) -> bool:
    """Say whether this is exactly one reference as we print it, with the right check symbol."""
    if not _SHAPE.fullmatch(reference) or _FOREIGN.fullmatch(reference):
        return False
    return _weighted_sum(reference) % len(ALPHABET) == 0


def normalise(text: str) -> str:
    """Reduce a memo to `[A-Z0-9]`: marks stripped (NFKD), đ as D, upper case, the rest dropped."""
    if not text.isascii():
        plain = text.replace("đ", "d").replace("Đ", "D")
        text = unicodedata.normalize("NFKD", plain).upper()
    return text.encode("ascii", "ignore").translate(_UPPER, _NOISE).decode("ascii")


def normalise_all(texts: Sequence[str]) -> list[str]:
    """Normalise many memos at the price of one long text; none of them may hold a line break."""
    plain = "\n".join(texts)
    if not plain.isascii():
        plain = "\n".join([text if text.isascii() else normalise(text) for text in texts])
    symbols = plain.encode("ascii").translate(_UPPER, _NOISE_OF_LINES).decode("ascii")
    return symbols.split("\n") if texts else []


def find(text: str) -> tuple[str, ...]:
    """Return the distinct valid references in a memo, in the order in which they appear.

    Guaranteed: a reference whose 13 symbols stand in the memo in their order, with nothing but
    blanks, line breaks, punctuation or marks between them, is found: in any case, glued to other
    letters and digits, twice, or beside another one. What is found has the right check symbol.

    Not guaranteed: that what is found was ever given out. Other text that happens to begin with the
    prefix is valid once in 31 times if its ten symbols are in the alphabet; this also befalls a
    reference that was cut and that other text follows. Whoever acts looks the reference up; windows
    that overlap are all returned, and of two references this function never chooses one.
    """
    symbols = normalise(text)
    if PREFIX not in symbols:
        return ()
    windows = (symbols[start : start + LENGTH] for start in _starts(symbols))
    return tuple(dict.fromkeys(window for window in windows if is_valid(window)))


def near_misses(text: str) -> tuple[str, ...]:
    """Return what begins like a reference but is none, as it stands in the normalised memo.

    That is: a wrong check symbol, symbols outside the alphabet (O, 0, 1, I, L), or a reference cut
    off by the end of the memo with at least `TRUNCATED_MIN` symbols, all of the alphabet, which is
    then shorter than `LENGTH`. Windows that begin inside a valid reference are not reported, nor is
    `FOREIGN`.
    """
    symbols = normalise(text)
    starts = _broken_starts(symbols)
    return tuple(dict.fromkeys(symbols[start : start + LENGTH] for start in starts))


def suggestions(text: str) -> tuple[str, ...]:
    """Return the valid references that are one slip away from what stands in a memo.

    A slip is one symbol that is another one, missing or too many, or two neighbours that changed
    places, in the prefix too. The check symbol leaves about twenty candidates for one broken
    reference and one alone where a symbol outside the alphabet (0 for Q, 1 for J) shows the place,
    unless it is the last; most were never given out, so each is worth something only if it names
    an open request. At most `SUGGESTIONS_MAX` are returned; a reference that `find` returns is not
    among them, and nothing is made of its own symbols.
    """
    symbols = normalise(text)
    candidates = dict.fromkeys(islice(_candidates(symbols), SUGGESTIONS_MAX))
    found = find(text)
    return tuple(candidate for candidate in candidates if candidate not in found)


def _draw(number: int) -> tuple[int, str]:
    stem = PREFIX
    for _ in range(BODY_LENGTH):
        number, value = divmod(number, len(ALPHABET))
        stem += ALPHABET[value]
    return number, stem


def _candidates(symbols: str) -> Iterator[str]:
    for start in _broken_starts(symbols):
        fragment = symbols[start : start + LENGTH]
        yield from _substituted(fragment)
        yield from _swapped(fragment)
        yield from _shortened(symbols[start : start + LENGTH + 1])
        yield from _lengthened(fragment[: LENGTH - 1])
    for pattern in _BROKEN_PREFIXES:
        for match in pattern.finditer(symbols):
            candidate = PREFIX + "".join(match.groups())
            if is_valid(candidate) and not _is_inside_reference(symbols, match.start()):
                yield candidate


def _is_inside_reference(symbols: str, place: int) -> bool:
    starts = range(max(place - LENGTH + 1, 0), place + 1)
    return any(is_valid(symbols[start : start + LENGTH]) for start in starts)


def _substituted(fragment: str) -> Iterator[str]:
    foreign = [place for place, symbol in enumerate(fragment) if symbol not in _VALUES]
    for place in foreign or range(len(PREFIX), LENGTH):
        yield from _completed(fragment[:place], fragment[place + 1 :])


def _swapped(fragment: str) -> Iterator[str]:
    for place in range(len(PREFIX), len(fragment) - 1):
        left, right = fragment[place], fragment[place + 1]
        swapped = fragment[:place] + right + left + fragment[place + 2 :]
        if is_valid(swapped):
            yield swapped


def _shortened(fragment: str) -> Iterator[str]:
    for place in range(len(PREFIX), len(fragment)):
        shorter = fragment[:place] + fragment[place + 1 :]
        if is_valid(shorter):
            yield shorter


def _lengthened(fragment: str) -> Iterator[str]:
    for place in range(len(PREFIX), LENGTH):
        yield from _completed(fragment[:place], fragment[place:])


def _completed(before: str, after: str) -> Iterator[str]:
    """Put the one symbol between that makes a reference, if the others can be part of one."""
    if len(before) + len(after) != LENGTH - 1 or not set(before + after) <= _VALUES.keys():
        return
    rest = _weighted_sum(f"{before}{ALPHABET[0]}{after}")
    inverse = pow(WEIGHTS[len(before)], -1, len(ALPHABET))
    yield before + ALPHABET[-rest * inverse % len(ALPHABET)] + after


def _broken_starts(symbols: str) -> Iterator[int]:
    valid_until = 0
    for start in _starts(symbols):
        fragment = symbols[start : start + LENGTH]
        if is_valid(fragment):
            valid_until = start + LENGTH
        elif start >= valid_until and _may_be_broken(fragment):
            yield start


def _may_be_broken(fragment: str) -> bool:
    is_cut = len(fragment) >= TRUNCATED_MIN and _ALPHABET_ONLY.fullmatch(fragment, len(PREFIX))
    return len(fragment) == LENGTH or bool(is_cut)


def _starts(symbols: str) -> Iterator[int]:
    start = symbols.find(PREFIX)
    while start >= 0:
        if not _FOREIGN.fullmatch(symbols, start, start + LENGTH):
            yield start
        start = symbols.find(PREFIX, start + 1)


def _weighted_sum(symbols: str) -> int:
    return sum(weight * _VALUES[symbol] for weight, symbol in zip(WEIGHTS, symbols, strict=False))
