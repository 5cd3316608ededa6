"""`reconcile-parquet`: from folders of Parquet files to a folder of results, by either engine."""

import argparse
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import Progress

from payment_service.cluster.account_group import GroupResult, Job, result_schemas
from payment_service.cluster.local_engine import reconcile_locally
from payment_service.cluster.parquet_tables import ParquetTable, open_table
from payment_service.cluster.result_files import write_results
from payment_service.cluster.run_files import empty_folder, read_calendar, read_ruleset
from payment_service.domain.errors import ConfigurationError, Invalid, Unavailable
from reconciliation.errors import MemoryOutgrownError, ReconciliationError
from reconciliation.schemas import ITEMS, LINES

_MEBIBYTE = 1 << 20
_UNFINISHED = "unfinished"


def reconcile_parquet(parsed: argparse.Namespace) -> int:
    """Reconcile every account group of two tables, write the results and print their sums."""
    job = _job(parsed)
    lines, items = open_table(parsed.lines, LINES), open_table(parsed.items, ITEMS)
    out = empty_folder(parsed.out)
    with _one_line(), _unfinished(out) as unfinished:
        with _engine(parsed, lines, items, job, unfinished) as results:
            manifest = write_results(unfinished, job, result_schemas(job), results)
        for path in unfinished.iterdir():
            if path.is_file():
                path.rename(out / path.name)
    summary = {name: manifest[name] for name in ("as_of", "ruleset_sha256", "files", "totals")}
    summary["account_groups"] = len(manifest["account_groups"])
    Console(emoji=False).print_json(json.dumps(summary), ensure_ascii=True)
    return 0


def _job(parsed: argparse.Namespace) -> Job:
    ruleset = read_ruleset(parsed.ruleset)
    calendar = read_calendar(parsed.calendar)
    try:
        since = parsed.as_of - timedelta(days=ruleset.look_back_days)
    except OverflowError as error:
        raise Invalid(f"no calendar looks back from {parsed.as_of}") from error
    return Job(
        ruleset=ruleset,
        as_of=parsed.as_of,
        non_working_days=calendar.non_working_days(since, parsed.as_of),
        memory_limit_bytes=parsed.memory_limit_mib * _MEBIBYTE,
        spill_folder=str(parsed.spill_folder.absolute()) if parsed.spill_folder else None,
    )


@contextmanager
def _unfinished(out: Path) -> Iterator[Path]:
    folder = out / _UNFINISHED
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _one_line() -> Iterator[None]:
    """Turn what an engine refuses or lacks into the errors that the command line shows."""
    try:
        yield
    except MemoryOutgrownError as error:
        raise Unavailable(f"{error}: raise --memory-limit-mib or give a --spill-folder") from error
    except ReconciliationError as error:
        raise Invalid(str(error)) from error
    except duckdb.Error as error:
        raise Unavailable(str(error)) from error


@contextmanager
def _engine(
    parsed: argparse.Namespace, lines: ParquetTable, items: ParquetTable, job: Job, folder: Path
) -> Iterator[Iterator[GroupResult]]:
    if parsed.engine == "spark":
        try:
            from payment_service.cluster.spark_engine import (  # noqa: PLC0415 - an extra, on demand
                reconcile_on_spark,
            )
        except ImportError as error:
            raise ConfigurationError("Spark is not installed: make install-cluster") from error
        yield reconcile_on_spark(lines, items, job, master=parsed.master, folder=folder)
        return
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("rows reconciled", total=lines.rows + items.rows)
        yield reconcile_locally(lines, items, job, lambda rows: bar.advance(task, rows))
