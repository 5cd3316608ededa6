"""Statement files of any size on disk, written block by block by the other side's own writers."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from bank_adapters import payment_reference
from bank_adapters.counterpart.statements import write_camt053, write_csv, write_mt940
from bank_adapters.vocabulary import Balance, Statement
from benchmarks.statements import statement_of

DAY: Final = date(2026, 11, 23)
BLOCK_ENTRIES: Final = 10_000
_AMOUNT_MINOR: Final = 10_000


def _camt(statement: Statement) -> bytes:
    return write_camt053(statement, datetime.combine(DAY, time(), UTC))


_WRITERS: Final[dict[str, tuple[Callable[[Statement], bytes], bytes, bytes]]] = {
    # Format → writer, and the marks between which the entries stand.
    "mt940": (write_mt940, b":61:", b":62F:"),
    "camt": (_camt, b"<Ntry>", b"</Stmt>"),
}


_SUFFIXES: Final = {"mt940": "sta", "camt": "xml", "csv": "csv"}
"""A peer looks at the name before it looks inside."""


def write_file(folder: Path, kind: str, entries: int) -> Path:
    """Write a balanced statement of so many different entries; again: the same file."""
    path = folder / f"{kind}-{entries}.{_SUFFIXES[kind]}"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            if kind == "csv":
                file.write(write_csv(_block(0, entries)))
            else:
                file.writelines(_parts(kind, entries))
        unfinished.rename(path)
    return path


def _parts(kind: str, entries: int) -> Iterator[bytes]:
    write, first, end = _WRITERS[kind]
    for start in range(0, entries, BLOCK_ENTRIES):
        count = min(BLOCK_ENTRIES, entries - start)
        closing = Balance(amount_minor=entries * _AMOUNT_MINOR, currency="VND", on=DAY)
        text = write(replace(_block(start, count), closing=closing))
        begins, ends = text.index(first), text.index(end)
        yield text[begins if start else 0 : ends]
    yield text[ends:]


def _block(start: int, count: int) -> Statement:
    references = [payment_reference.make(secrets.token_bytes(16)) for _ in range(count)]
    statement = statement_of(
        "1132900001", DAY - timedelta(days=1), DAY, references, amount_minor=_AMOUNT_MINOR
    )
    lines = tuple(
        replace(line, bank_reference=f"FT{start + line.position:010d}") for line in statement.lines
    )
    return replace(statement, lines=lines)
