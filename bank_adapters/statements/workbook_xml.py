"""One part of a workbook through expat: no document type, no deep nesting, no prefixes."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final
from xml.parsers import expat

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.decoding import excerpt

_DEPTH_MAX: Final = 32
_TOKEN_BYTES_MAX: Final = 256 * 1024
_NAMES_MAX: Final = 1000

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def parse(
    pieces: Iterable[bytes],
    part: str,
    *,
    start: Start,
    end: End | None = None,
    text: Text | None = None,
) -> None:
    """Read a whole part; see `parse_slowly`."""
    for _ in parse_slowly(pieces, part, start=start, end=end, text=text):
        pass


def parse_slowly(
    pieces: Iterable[bytes],
    part: str,
    *,
    start: Start,
    end: End | None = None,
    text: Text | None = None,
) -> Iterator[None]:
    """Read a part piece by piece and pause after each, so that what was found can be taken away.

    Element names lose their prefix: what they mean here needs no namespace. XML that is broken,
    nested deep, has a document type or one tag or comment of more than 256 KiB is
    `StatementUnreadable`.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    names = _Names()
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH_MAX:
            raise StatementUnreadable(f"{excerpt(part)} is nested deeper than {_DEPTH_MAX}")
        start(names[name], attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(names[name])

    def refused(*_: object) -> None:
        raise StatementUnreadable(f"{excerpt(part)} has a document type")

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refused
    try:
        yield from _fed(parser, pieces, part)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise StatementUnreadable(f"{excerpt(part)} is broken XML") from error
    yield


def _fed(parser: expat.XMLParserType, pieces: Iterable[bytes], part: str) -> Iterator[None]:
    fed = 0
    for piece in pieces:
        parser.Parse(piece, False)  # noqa: FBT003 - expat takes no keyword
        fed += len(piece)
        # Until a tag or comment ends, expat scans it from its start with every piece.
        if fed - parser.CurrentByteIndex > _TOKEN_BYTES_MAX:
            raise StatementUnreadable(f"{excerpt(part)} has a tag without end")
        yield
    parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keyword


class _Names(dict[str, str]):
    """Element names without their prefix; a workbook has a few dozen."""

    def __missing__(self, name: str) -> str:
        if len(self) >= _NAMES_MAX:
            raise StatementUnreadable("the workbook has too many kinds of elements")
        bare = self[name] = name.rpartition(":")[2]
        return bare
