"""Bytes become whole lines of text by one rule, however they arrive."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.decoding import LINE_CHARACTERS_MAX, text_blocks

PIECES = st.lists(
    st.sampled_from(
        ["a", "phí", "lệ phí €", "\r\n", "\n", "\r", "\ufeff", "\x1d500", "\0", "x" * 15_000]
    ),
    max_size=12,
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
STRAYS = st.binary(max_size=3)


def read(*chunks: bytes) -> str:
    return "".join(text_blocks(chunks))


def outcome(chunks: list[bytes]) -> tuple[str, str]:
    """Return the text that came out, and the refusal that ended it."""
    text = ""
    try:
        for block in text_blocks(chunks):
            text += block
    except StatementUnreadable as error:
        return text, str(error)
    return text, ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_whatever_its_form(encoding: str) -> None:
    text = "lệ phí\nhồ sơ €\n"
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    assert read((mark + text).encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_a_file_that_starts_as_windows_text_stays_it(encoding: str) -> None:
    text = "Trà phí\nÃ© Ç\xbd\n"
    assert read(text.encode(encoding)) == text


def test_the_open_codes_of_windows_text_are_kept() -> None:
    assert read(b"\x80\x81\x8d\x8f\x90\x9d\xff\n") == "€\x81\x8d\x8f\x90\x9dÿ\n"


def test_half_a_character_does_not_turn_a_unicode_file_into_another() -> None:
    whole = "lệ phí ".encode()
    assert read(whole + "ộ".encode()[:2] + b"\n" + whole) == "lệ phí á»\nlệ phí "
    assert read(b"\xef\xbb\xbf" + b"\xe9 " + whole) == "é lệ phí "


def test_every_line_end_is_one() -> None:
    assert read(b"a\r\nb\rc\nd\r\r\ne\r") == "a\nb\nc\nd\n\ne\n"
    assert read(b"a\r", b"\nb\r", b"c") == "a\nb\nc"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a\nb\0\n", "line 2: NUL"),
        (b"\xff\xfea\0\n\0\0\xd8a\0", "line 2: NUL or half a character"),
        (b"\xff\xfea\0\n\0b", "line 2: NUL or half a character"),
        (b"a\n\n" + b"x" * (LINE_CHARACTERS_MAX + 1), "line 3: longer than"),
        (b"a\n" + b"x" * 10**6 + b"\0", "line 2: longer than"),
        (b"a\n" + b"x" * LINE_CHARACTERS_MAX + b"\0", "line 2: NUL"),
    ],
)
def test_what_is_no_text_is_refused_by_its_line(data: bytes, words: str) -> None:
    for chunks in ([data], [data[start : start + 1] for start in range(len(data))][:30_000]):
        with pytest.raises(StatementUnreadable) as caught:
            read(*chunks)
        assert str(caught.value).startswith(words)


def test_the_longest_line_is_read() -> None:
    text = "x" * LINE_CHARACTERS_MAX + "\n"
    assert read(text.encode() * 9) == text * 9


def test_blocks_are_whole_lines_and_small() -> None:
    blocks = list(text_blocks([b"some line of text\r\n" * 50_000 + b"end"]))
    assert all(block.endswith("\n") for block in blocks[:-1])
    assert blocks[-1] == "end"
    assert max(map(len, blocks)) < 70_000


@given(PIECES, ENCODINGS, STRAYS, st.lists(st.integers(0, 200), max_size=30))
@settings(max_examples=200, deadline=None)
def test_chunks_change_nothing(
    pieces: list[str], encoding: str, stray: bytes, cuts: list[int]
) -> None:
    data = b"".join(piece.encode(encoding, "ignore") for piece in pieces) + stray
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    chunks = [data[start:end] for start, end in pairwise(edges)]
    assert outcome(chunks) == outcome([data])
