"""What the local engine writes: what reconcile() says of each group, whatever the files."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import compute, parquet

from payment_service.cli import main
from payment_service.cluster import local_engine
from payment_service.cluster.run_files import read_calendar
from reconciliation.reconcile import reconcile
from reconciliation.ruleset import RuleSet
from reconciliation.schemas import ITEMS, LINES
from tests.payment_service.cluster.table_sets import (
    ITEMS_ONLY,
    LINES_ONLY,
    arguments,
    contents,
    write_files,
    write_table_set,
)
from tests.reconciliation.tables import DAY, item, line, reference

CALENDAR = "day,kind\n2026-11-09,holiday\n2026-11-14,make_up_working_day\n"
LOOK_BACK = timedelta(days=RuleSet().look_back_days)
Run = Callable[..., int]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def execute(*words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert not capsys.readouterr().err.strip(), words
        return int(ended.value.code or 0)

    return execute


def _of(table: pa.Table, group: str) -> pa.Table:
    return table.filter(compute.equal(table.column("account_group"), group))


def test_each_group_is_reconciled_as_if_it_were_alone(tmp_path: Path, run: Run) -> None:
    groups = write_table_set(tmp_path, 7, (2, 9))
    assert run(*arguments(tmp_path, tmp_path / "out")) == 0
    inputs = {name: parquet.read_table(tmp_path / name) for name in ("lines", "items")}
    written = {path.stem: parquet.read_table(path) for path in (tmp_path / "out").glob("*.parquet")}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {LINES_ONLY, ITEMS_ONLY} < set(groups)
    for group, proof in zip(groups, manifest["account_groups"], strict=True):
        alone = reconcile(
            _of(inputs["lines"], group),
            _of(inputs["items"], group),
            ruleset=RuleSet(),
            as_of=DAY,
            non_working_days=read_calendar(None).non_working_days(DAY - LOOK_BACK, DAY),
            memory_limit_bytes=1 << 28,
            spill_folder=None,
        )
        assert proof["run_key"] == alone.run_keys[group]
        assert proof["lines_sha256"] == alone.digests.lines_by_group.get(group)
        for name in ("decisions", "breaks", "suggestions"):
            assert _of(written[name], group).equals(getattr(alone, name)), (group, name)
    assert written["decisions"].num_rows > 0
    keys = written["decisions"].select(["account_group", "sequence"])
    assert keys.equals(keys.sort_by([("account_group", "ascending"), ("sequence", "ascending")]))
    totals = manifest["totals"]
    taken = sum(each["amount_minor"] for each in totals if each["bucket"] == "in")
    assert taken == sum(each["amount_minor"] for each in totals if each["bucket"] != "in") > 0


def test_order_and_files_of_the_rows_change_nothing(tmp_path: Path, run: Run) -> None:
    write_table_set(tmp_path / "a", 8, (5,))
    rng = random.Random(8)  # noqa: S311 - a repeatable order
    for name in ("lines", "items"):
        table = parquet.read_table(tmp_path / "a" / name)
        order = list(range(table.num_rows))
        rng.shuffle(order)
        write_files(tmp_path / "b" / name, table.take(order).select(table.column_names[::-1]))
        (tmp_path / "b" / name / "_not_data.parquet").write_bytes(b"nothing")
    for each in ("a", "b"):
        assert run(*arguments(tmp_path / each, tmp_path / each / "out")) == 0
    assert contents(tmp_path / "a" / "out") == contents(tmp_path / "b" / "out")


@pytest.mark.parametrize("rows_together", [1, 40])
def test_how_many_groups_run_together_changes_nothing(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, rows_together: int
) -> None:
    groups = write_table_set(tmp_path, 9, (1, 2, 1, 3))
    assert run(*arguments(tmp_path, tmp_path / "all")) == 0
    monkeypatch.setattr(local_engine, "_ROWS_TOGETHER", rows_together)
    assert run(*arguments(tmp_path, tmp_path / "some")) == 0
    assert contents(tmp_path / "all") == contents(tmp_path / "some")
    manifest = json.loads((tmp_path / "all" / "manifest.json").read_text())
    assert [each["account_group"] for each in manifest["account_groups"]] == groups


def test_the_calendar_decides_what_is_overdue(tmp_path: Path, run: Run) -> None:
    notice = item("n", "bank_notice", 5, opened_on=DAY.replace(day=13), due_on=DAY.replace(day=13))
    write_files(tmp_path / "lines", pa.Table.from_pylist([line("l", 7)], schema=LINES))
    write_files(tmp_path / "items", pa.Table.from_pylist([notice], schema=ITEMS))
    (tmp_path / "calendar.csv").write_text(CALENDAR)
    rows = []
    for out, more in (("seeds", []), ("file", ["--calendar", str(tmp_path / "calendar.csv")])):
        assert run(*arguments(tmp_path, tmp_path / out, *more)) == 0
        rows.append(parquet.read_table(tmp_path / out / "breaks.parquet").num_rows)
    # Between Friday and Monday lies a Saturday on which the file lets banks work.
    assert rows == [1, 2]


def test_tables_without_rows_give_tables_without_rows(tmp_path: Path, run: Run) -> None:
    write_files(tmp_path / "lines", LINES.empty_table())
    write_files(tmp_path / "items", ITEMS.empty_table())
    assert run(*arguments(tmp_path, tmp_path / "out")) == 0
    assert parquet.read_table(tmp_path / "out" / "decisions.parquet").num_rows == 0
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["account_groups"] == []


def test_what_the_memory_cannot_hold_goes_to_the_spill_folder(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [line(f"{number}", 5, narrative=reference(number) * 30) for number in range(16_000)]
    write_files(tmp_path / "lines", pa.Table.from_pylist(rows, schema=LINES))
    write_files(tmp_path / "items", ITEMS.empty_table())
    words = [*arguments(tmp_path, tmp_path / "out"), "--memory-limit-mib", "64"]
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "--spill-folder" in capsys.readouterr().err
    (tmp_path / "spill").mkdir()
    assert run(*words, "--spill-folder", str(tmp_path / "spill")) == 0
    assert not list((tmp_path / "spill").iterdir())
