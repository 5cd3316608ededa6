"""Statement files read beside a peer, and beside the floor of their syntax."""

import csv
import io
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from xml.parsers import expat

import mt940

from bank_adapters import payment_reference
from bank_adapters.counterpart.statements import write_camt053, write_csv, write_mt940
from bank_adapters.statements.detect import read_statement_file
from benchmarks.figures import Figure, compared
from benchmarks.statements import statement_of
from benchmarks.stopwatch import seconds_of

_DAY = date(2026, 11, 23)
_UNIT = "lines/s"


def measure(lines: int, repeats: int) -> list[Figure]:
    """Read one statement of so many lines in each format."""
    references = [payment_reference.make(secrets.token_bytes(16)) for _ in range(lines)]
    statement = statement_of(
        "1132900001", _DAY - timedelta(days=1), _DAY, references, amount_minor=10_000
    )
    written_at = datetime.combine(_DAY, time(), UTC)
    mt = write_mt940(statement)
    files: list[tuple[str, bytes, str, Callable[[bytes], object]]] = [
        ("MT940 read", mt, "mt-940 library", _read_by_peer),
        (
            "camt.053 read",
            write_camt053(statement, written_at),
            "expat, nothing built",
            _walk_xml,
        ),
        ("CSV read", write_csv(statement), "csv module, nothing read", _walk_csv),
    ]
    figures = []
    for name, content, against, walk in files:
        _require_whole(content, lines)
        ours = lines / seconds_of(partial(read_statement_file, content), repeats)
        other = lines / seconds_of(partial(walk, content), repeats)
        figures.append(compared(name, lines, ours, _UNIT, against=against, other=other))
    return figures


def _require_whole(content: bytes, lines: int) -> None:
    [read] = read_statement_file(content).statements
    if len(read.lines) != lines or not read.is_balanced:
        raise RuntimeError(f"{len(read.lines)} of {lines} lines were read")


def _read_by_peer(content: bytes) -> object:
    return mt940.parse(io.StringIO(content.decode()))


def _walk_xml(content: bytes) -> object:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda _name, _attributes: None
    parser.EndElementHandler = lambda _name: None
    parser.CharacterDataHandler = lambda _text: None
    return parser.Parse(content, True)  # noqa: FBT003 - expat takes no keyword


def _walk_csv(content: bytes) -> object:
    return sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig"))))
