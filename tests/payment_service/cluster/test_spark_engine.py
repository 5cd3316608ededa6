"""The cluster gives the same bytes as one machine, also when a worker dies in the middle."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from payment_service.cli import main
from tests.payment_service.cluster.spark_cluster import (
    PARTITIONS,
    Cluster,
    missing_part,
    running_cluster,
)
from tests.payment_service.cluster.table_sets import (
    ITEMS_ONLY,
    LINES_ONLY,
    arguments,
    contents,
    start,
    write_table_set,
)

RUN_SECONDS_MAX = 240
MANY_GROUPS = (1,) * 14 + (3, 9, 27, 81)
SOME_GROUPS = (1, 4, 16)
MISSING = missing_part()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("spark"),
    pytest.mark.skipif(bool(MISSING), reason=MISSING),
]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("spark")) as started:
        yield started


def _expected(folder: Path) -> dict[str, bytes]:
    """Return what the local engine makes of a table set."""
    with pytest.raises(SystemExit) as ended:
        main(arguments(folder, folder / "local"))
    assert ended.value.code == 0
    return contents(folder / "local")


def _on(cluster: Cluster) -> list[str]:
    return ["--engine", "spark", "--master", cluster.master]


def test_two_workers_write_what_one_machine_writes(cluster: Cluster, tmp_path: Path) -> None:
    groups = write_table_set(tmp_path, 20261116, MANY_GROUPS)
    out = tmp_path / "out"
    process = start(arguments(tmp_path, out, *_on(cluster)), **cluster.environment)
    _, errors = process.communicate(timeout=RUN_SECONDS_MAX)
    assert process.returncode == 0, errors
    assert len(groups) == 20
    assert {LINES_ONLY, ITEMS_ONLY} < set(groups)
    found = contents(out)
    assert found.keys() >= {"decisions.parquet", "breaks.parquet", "manifest.json"}
    assert found == _expected(tmp_path)


def test_a_worker_killed_in_the_middle_changes_nothing(cluster: Cluster, tmp_path: Path) -> None:
    write_table_set(tmp_path, 20261117, SOME_GROUPS)
    out = tmp_path / "out"
    process = start(arguments(tmp_path, out, *_on(cluster)), **cluster.environment)
    finished = out / "unfinished" / "envelopes" / "_temporary" / "0"
    deadline = time.monotonic() + RUN_SECONDS_MAX
    while not list(finished.glob("task_*")) and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    cluster.kill_a_worker()
    done = len(list(finished.glob("task_*")))
    _, errors = process.communicate(timeout=RUN_SECONDS_MAX)
    assert 0 < done < PARTITIONS, "the worker was not killed in the middle"
    assert process.returncode == 0, errors
    assert "Lost executor" in errors
    assert contents(out) == _expected(tmp_path)
