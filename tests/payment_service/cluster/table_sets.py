"""Generates inputs as folders of Parquet files, and runs the command line over them."""

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from reconciliation.schemas import ITEMS, LINES
from tests.reconciliation.tables import DAY, Row
from tests.reconciliation.worlds import world

PROGRAM = (sys.executable, "-c", "from payment_service.cli import main; main()")
LINES_ONLY, ITEMS_ONLY = "only lines", "only items"
FILES_PER_TABLE = 3


def rows_of_group(rng: random.Random, group: str, worlds: int) -> tuple[list[Row], list[Row]]:
    """Return so many small worlds as the rows of one account group."""
    lines: list[Row] = []
    items: list[Row] = []
    for number in range(worlds):
        some_lines, some_items = world(rng, f"{group}/{number}")
        lines += [row | {"account_group": group} for row in some_lines]
        items += [row | {"account_group": group} for row in some_items]
    return lines, items


def write_table_set(folder: Path, seed: int, sizes: Sequence[int]) -> list[str]:
    """Write `lines/` and `items/`, each of three files, rows shuffled; return the group names.

    There is a group for each size, one with lines only and one with items only.
    """
    rng = random.Random(seed)  # noqa: S311 - a repeatable table set
    lines: list[Row] = []
    items: list[Row] = []
    for number, worlds in enumerate(sizes):
        some_lines, some_items = rows_of_group(rng, f"{11300 + number}", worlds)
        lines += some_lines
        items += some_items
    lines += rows_of_group(rng, LINES_ONLY, 20)[0]
    items += rows_of_group(rng, ITEMS_ONLY, 20)[1]
    for name, rows, schema in (("lines", lines, LINES), ("items", items, ITEMS)):
        rng.shuffle(rows)
        write_files(folder / name, pa.Table.from_pylist(rows, schema=schema))
    return sorted({row["account_group"] for row in (*lines, *items)})


def write_files(folder: Path, table: pa.Table) -> None:
    """Write a table as three files of a folder."""
    folder.mkdir(parents=True)
    each = -(-table.num_rows // FILES_PER_TABLE)
    for number in range(FILES_PER_TABLE):
        path = folder / f"part-{number} [{number}] ă.parquet"
        parquet.write_table(table.slice(number * each, each), path)


def arguments(inputs: Path, out: Path, *more: str) -> list[str]:
    """Return the words of one run, by the local engine unless more words say otherwise."""
    return [
        "reconcile-parquet", "--engine", "local", "--lines", str(inputs / "lines"),
        "--items", str(inputs / "items"), "--out", str(out), "--as-of", DAY.isoformat(), *more,
    ]  # fmt: skip


def start(words: Sequence[str], **environment: str) -> "subprocess.Popen[str]":
    """Start the program as a process of its own."""
    return subprocess.Popen(
        [*PROGRAM, *words],
        env=environment or None,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def contents(out: Path) -> dict[str, bytes]:
    """Return every file of a result by name."""
    return {path.name: path.read_bytes() for path in out.iterdir()}
