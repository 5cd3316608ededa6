"""Ways to read one statement file: ours, the peers', and passes that build nothing.

`python -m benchmarks.readers NAME FILE` reads once in a process of its own and prints the count of
entries and the peak of its memory.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bank_adapters.statements.batches import FileSummary

CHUNK_BYTES: Final = 64 * 1024
_ENTRY: Final = re.compile(rb"^:61:(.*)\r?$(?:\n:86:(.*)\r?$)?", re.MULTILINE)


def chunks(path: Path) -> Iterator[bytes]:
    """Yield a file piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            yield piece


def ours(path: Path) -> int:
    """Read with the house's own stream; typed columns out, nothing kept."""
    from bank_adapters.statements.detect import stream_statement_file  # noqa: PLC0415 - on demand

    entries = 0
    for item in stream_statement_file(chunks(path)):
        if isinstance(item, FileSummary):
            return sum(statement.entries for statement in item.statements)
        entries += len(item)
    return entries


def mt940_library(path: Path) -> int:
    """Read with the `mt-940` library."""
    import mt940  # noqa: PLC0415 - on demand

    return len(mt940.parse(path.read_text(encoding="utf-8")))


def regular_expression(path: Path) -> int:
    """Find every `:61:` with its `:86:` in one pass of one regular expression."""
    return sum(1 for _ in _ENTRY.finditer(path.read_bytes()))


def lxml_iterparse(path: Path) -> int:
    """Walk every `Ntry` with lxml and read nothing in it."""
    from lxml import etree  # noqa: PLC0415 - on demand

    entries = 0
    for _, element in etree.iterparse(str(path), tag="{*}Ntry"):
        element.clear()
        entries += 1
    return entries


def bankstatementparser(path: Path) -> int:
    """Read with the `bankstatementparser` library."""
    from bankstatementparser import CamtParser  # noqa: PLC0415 - on demand

    return len(CamtParser(str(path)).parse())


def pycamt(path: Path) -> int:
    """Read with the `pycamt` library."""
    from pycamt.parser import Camt053Parser  # noqa: PLC0415 - on demand

    return len(Camt053Parser(path.read_bytes()).get_transactions())


READERS: Final[dict[str, Callable[[Path], int]]] = {
    reader.__name__: reader
    for reader in (
        ours, mt940_library, regular_expression, lxml_iterparse, bankstatementparser, pycamt,
    )
}  # fmt: skip


def main() -> None:
    """Read one file with one reader."""
    entries = READERS[sys.argv[1]](Path(sys.argv[2]))
    # What `getrusage` calls the peak began with the size of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [peak_kib] = (int(line.split()[1]) for line in status.splitlines() if line[:6] == "VmHWM:")
    print(json.dumps({"entries": entries, "peak_kib": peak_kib}))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
