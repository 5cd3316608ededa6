"""What is wrong with an input is said in one line, by either engine, and leaves nothing behind."""

import random
import re
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from payment_service.cli import main
from payment_service.cluster.account_group import Job, reconcile_groups
from payment_service.cluster.envelopes import SCHEMA, opened, reconcile_to_envelopes
from reconciliation.errors import InputError
from reconciliation.ruleset import RuleSet
from reconciliation.schemas import ITEMS, LINES
from tests.payment_service.cluster.table_sets import arguments, rows_of_group, write_files
from tests.reconciliation.tables import DAY, WEEKENDS, line

REFUSED, COULD_NOT_RUN = 1, 2
JOB = Job(
    ruleset=RuleSet(),
    as_of=DAY,
    non_working_days=WEEKENDS,
    memory_limit_bytes=1 << 28,
    spill_folder=None,
)
LINE = pa.Table.from_pylist([line("l", 5)], schema=LINES)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    write_files(tmp_path / "lines", LINE)
    write_files(tmp_path / "items", ITEMS.empty_table())
    return tmp_path


@pytest.fixture
def refusal(inputs: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run the command, which must end in one clear line and without a result."""

    def execute(*more: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(arguments(inputs, inputs / "out", *more))
        sentence = capsys.readouterr().err
        assert re.fullmatch(r"payment-service: [^\n]+\n", sentence)
        assert not list((inputs / "out").glob("*")) or "not empty" in sentence
        return int(ended.value.code or 0), sentence

    return execute


def _with_null(names: list[str], *, is_counted: bool) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        row = LINE.to_pylist()[0] | dict.fromkeys(names)
        nullable = pa.schema([field.with_nullable(nullable=True) for field in LINES])
        table = pa.Table.from_pylist([row], schema=nullable)
        parquet.write_table(table, path, write_statistics=is_counted)

    return write


def _as(name: str, kind: pa.DataType) -> Callable[[Path], None]:
    place = LINES.get_field_index(name)
    return lambda path: parquet.write_table(
        LINE.set_column(place, name, LINE.column(name).cast(kind)), path
    )


WRONG_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a missing column": (
        lambda path: parquet.write_table(LINE.drop_columns("narrative"), path),
        "no column narrative",
    ),
    "a wrong type": (_as("amount_minor", pa.int32()), "column amount_minor is int32, not int64"),
    "a fraction": (_as("amount_minor", pa.float64()), "is double, not int64"),
    "an instant": (_as("booking_date", pa.timestamp("ms")), "booking_date is timestamp"),
    "an empty cell": (
        _with_null(["narrative"], is_counted=True),
        "column narrative has an empty cell",
    ),
    "an uncounted empty cell": (
        _with_null(["narrative"], is_counted=False),
        "'narrative' with null values",
    ),
    "no account group": (
        _with_null(["account_group"], is_counted=False),
        "lines have an empty account_group",
    ),
    "another format": (lambda path: path.write_text("a,b\n1,2\n"), "not a readable Parquet file"),
    "an empty file": (lambda path: path.touch(), "not a readable Parquet file"),
    "half a file": (
        lambda path: path.write_bytes((path.parent / "part-0 [0] ă.parquet").read_bytes()[:-9]),
        "not a readable Parquet file",
    ),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_file_is_refused(
    inputs: Path, refusal: Callable[..., tuple[int, str]], name: str
) -> None:
    write, expected = WRONG_FILES[name]
    write(inputs / "lines" / "wrong.parquet")
    status, sentence = refusal()
    assert expected in sentence
    assert status == REFUSED


def test_rows_that_contradict_each_other_are_refused(
    inputs: Path, refusal: Callable[..., tuple[int, str]]
) -> None:
    parquet.write_table(LINE, inputs / "lines" / "again.parquet")
    status, sentence = refusal()
    assert "a line identifier is used twice in a group: l" in sentence
    assert status == REFUSED


def test_folders_and_files_that_do_not_serve(
    inputs: Path, refusal: Callable[..., tuple[int, str]]
) -> None:
    wrong = inputs / "wrong.json"
    wrong.write_text('{"version": "2026-1"}')
    assert "not the whole rule set" in refusal("--ruleset", str(wrong))[1]
    assert "not a calendar: wrong.json" in refusal("--calendar", str(wrong))[1]
    wrong.write_bytes(b"\xff\xfe")
    assert refusal("--ruleset", str(wrong))[0] == REFUSED
    assert refusal("--calendar", str(wrong))[0] == REFUSED
    assert refusal("--calendar", str(inputs / "none"))[0] == COULD_NOT_RUN
    assert refusal("--spill-folder", str(inputs / "none"))[0] == COULD_NOT_RUN
    assert refusal("--lines", str(inputs / "none"))[0] == COULD_NOT_RUN
    assert refusal("--as-of", "0001-01-01")[0] == REFUSED
    assert "no file *.parquet" in refusal("--lines", str(inputs))[1]
    (inputs / "out" / "precious").touch()
    assert refusal()[0] == COULD_NOT_RUN
    shutil.rmtree(inputs / "out")


@pytest.mark.parametrize(
    "more",
    [
        "--engine many",
        "--as-of 16/11/2026",
        "--memory-limit-mib 63",
        "--memory-limit-mib 1.5",
        "--master",
        "--suggest",
    ],
)
def test_usage_is_told(inputs: Path, capsys: pytest.CaptureFixture[str], more: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*arguments(inputs, inputs / "out"), *more.split()])
    assert ended.value.code == COULD_NOT_RUN
    assert capsys.readouterr().err.startswith("usage: payment-service")


@pytest.mark.skipif(find_spec("pyspark") is not None, reason="Spark is installed")
def test_without_spark_the_cluster_says_how_to_install_it(
    refusal: Callable[..., tuple[int, str]],
) -> None:
    status, sentence = refusal("--engine", "spark")
    assert "make install-cluster" in sentence
    assert status == COULD_NOT_RUN


def test_a_result_survives_its_envelopes() -> None:
    lines, items = rows_of_group(random.Random(3), "G", 6)  # noqa: S311 - a repeatable world
    tables = (
        pa.Table.from_pylist(lines, schema=LINES),
        pa.Table.from_pylist(items, schema=ITEMS),
    )
    envelopes = reconcile_to_envelopes(*tables, JOB)
    assert envelopes.schema == SCHEMA
    assert list(opened(envelopes.to_pylist())) == list(reconcile_groups(*tables, JOB))


def test_a_refusal_is_no_failure_of_the_worker_and_is_raised_where_it_is_opened() -> None:
    envelopes = reconcile_to_envelopes(pa.concat_tables([LINE, LINE]), ITEMS.empty_table(), JOB)
    with pytest.raises(InputError, match="a line identifier is used twice in a group: l"):
        list(opened(envelopes.to_pylist()))
