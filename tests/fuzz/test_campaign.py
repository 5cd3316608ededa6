"""The campaign finds what is planted: an exception, a slow input, much memory; and it counts."""

from pathlib import Path

import pytest

from tests.fuzz import __main__ as campaign

RUNS = 1_000


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("raises", "ZeroDivisionError: planted"),
        ("spins", "TooSlow: "),
        ("swells", "out-of-memory"),
    ],
)
def test_a_planted_fault_is_found(
    name: str, finding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "FOLDER", tmp_path)
    # On a busy machine a few seconds of the processor's time take long.
    monkeypatch.setattr(campaign, "HANG_SECONDS", 120)
    result = campaign.run(name, 100 * RUNS, 120, "tests.fuzz.planted")
    assert finding in result.finding
    assert finding in result.line(RUNS)
    assert any((tmp_path / name / "found").iterdir())


def test_a_clean_target_does_all_its_executions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "FOLDER", tmp_path)
    result = campaign.run("holds", RUNS, 0, "tests.fuzz.planted")
    assert (result.executions, result.finding) == (RUNS, "")
    assert result.line(RUNS).endswith("whole")
    assert result.line(RUNS + 1).endswith("time over")
