"""What other rules would change is told as tables and JSON, and nothing is written."""

import argparse
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from payment_service import what_if_command
from payment_service.cluster.run_files import read_changed_ruleset
from payment_service.domain.errors import ConfigurationError
from reconciliation.ruleset import RuleSet
from tests.builders import UNIT
from tests.payment_service.db.worlds import fingerprint
from tests.payment_service.test_cli import COULD_NOT_RUN, Run, on_database, run
from tests.payment_service.use_cases.days import line
from tests.payment_service.use_cases.proposals import line_of
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town, morning_after, town

__all__ = ["on_database", "run", "town"]
pytestmark = pytest.mark.anyio

REFUSED = {
    '{"pair_dayz": 1}': "there is no rule 'pair_dayz'",
    '{"pair_days": -1}': "not negative",
    '{"pair_days": 4000}': "more than 3660 days",
    '{"payout_business_days": 1001}': "more than 1000 business days",
    '{"lump_sum_nodes_max": 1000000000001}': "at most",
    '{"pair_days": 1.0}': "1.0 is not a whole number",
    '{"pair_days": NaN}': "NaN is not a whole number",
    '{"pair_days": true}': "pair_days",
    '{"pair_days": "1"}': "pair_days",
    '{"pair_days": null}': "pair_days",
    '{"pair_days": 1, "pair_days": 2}': "given twice",
    '{"passes": ["references"]}': "order of strength",
    '{"bank_rules": [{"code": "X", "direction": "up"}]}': "a direction",
    '{"bank_rules": [{"code": "X", "direction": "debit", "limit": 1}]}': "more than a rule set",
    '{"version": ""}': "a version",
    "[]": "one JSON object",
    "{": "Expecting",
    "\xff": "decode",
}


def _file(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "rules.json"
    path.write_bytes(content.encode("latin-1"))
    return path


@pytest.mark.parametrize("content", REFUSED)
def test_a_rule_that_cannot_be_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_changed_ruleset(_file(tmp_path, content), RuleSet())
    assert REFUSED[content] in str(refused.value)
    assert "\n" not in str(refused.value)


def test_only_what_differs_is_given(tmp_path: Path) -> None:
    rules = read_changed_ruleset(_file(tmp_path, '{"pair_days": 7}'), RuleSet())
    assert rules == RuleSet(pair_days=7, version=f"{RuleSet().version}-what-if")


def test_the_command_refuses_before_it_looks(on_database: Run, tmp_path: Path) -> None:
    assert on_database("migrate").status == 0
    wrong = str(_file(tmp_path, '{"pair_dayz": 1}'))
    asked = ["reconcile", "--group", UNIT, "--rules"]
    for arguments in (
        [*asked, wrong, "--dry-run"],
        [*asked, str(tmp_path / "none.json"), "--dry-run"],
        [*asked, wrong],
        [*asked, wrong, "--dry-run", "--export", str(tmp_path / "out")],
    ):
        ended = on_database(*arguments)
        assert (ended.status, ended.output) == (COULD_NOT_RUN, ""), arguments
        assert len(ended.errors.splitlines()) == 1


async def _asked(
    town: Town, rules: Path, capsys: pytest.CaptureFixture[str], *, is_json: bool
) -> str:
    parsed = argparse.Namespace(
        group=UNIT, date=TUESDAY + timedelta(days=3), dry_run=True, export=None, rules=rules,
        json=is_json,
    )  # fmt: skip
    before = await fingerprint(town.context.database)
    assert await what_if_command.reconcile(town.context, parsed) == 0
    assert await fingerprint(town.context.database) == before
    return capsys.readouterr().out


async def test_what_would_change_is_told_and_nothing_is_written(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A payer who paid in part is believed for the rest after a week, not after three days."""
    asked = await town.ask()
    first = line(4_000, asked["reference"], MONDAY, reference="K1")
    rest = line(FEE - 4_000, "phan con lai", TUESDAY, reference="K2")
    first, rest = [replace(each, counterparty_account="0071") for each in (first, rest)]
    await town.statement(MONDAY, [first])
    await town.night(MONDAY)
    await town.statement(TUESDAY, [rest])
    town.clock.now = morning_after(TUESDAY + timedelta(days=3))
    slow = _file(tmp_path, '{"weak_after_days": 7}')
    document: dict[str, Any] = json.loads(await _asked(town, slow, capsys, is_json=True))
    assert document["rules"]["changed"]["weak_after_days"] == {"before": 3, "after": 7}
    assert document["rules"]["standing_sha256"] == RuleSet().sha256()
    line_id = str(await line_of(town, "K2"))
    [lost] = document["decisions"]["lost"]
    assert document["decisions"]["gained"] == document["decisions"]["changed"] == []
    assert lost["line_id"] == line_id
    assert [row["pass_name"] for row in lost["before"]] == ["mutual_pairs"]
    assert [row["code"] for row in document["breaks"]["gained"][0]["after"]] == ["NO_REFERENCE"]
    assert document["subjects"][line_id]["bank_reference"] == "K2"
    told = await _asked(town, slow, capsys, is_json=False)
    assert "weak_after_days: 3 → 7" in told
    assert "decisions: 0 gained, 1 lost, 0 changed" in told
    same = await _asked(town, _file(tmp_path, "{}"), capsys, is_json=False)
    assert "decisions: 0 gained, 0 lost, 0 changed" in same
    assert "breaks: 0 gained, 0 lost, 0 changed" in same
