"""A run that the database holds is performed again from its export, with nothing but files."""

import argparse
import hashlib
import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from payment_service import commands
from payment_service.cli import main
from payment_service.cluster.run_files import read_ruleset, write_inputs, write_run
from payment_service.db import matching
from payment_service.db.matching import OpenRows
from payment_service.domain.calendar import BusinessCalendar
from payment_service.use_cases.reconcile_accounts import reconcile_accounts
from reconciliation.ruleset import RuleSet
from tests.builders import UNIT
from tests.payment_service.use_cases.days import line, only_group
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, Town

pytestmark = pytest.mark.anyio
FRIDAY = TUESDAY + timedelta(days=3)


async def _a_day(town: Town) -> None:
    """A fee paid in full, one in two parts, a notice without its line, and money nobody knows."""
    asked = [(await town.ask())["reference"] for _ in range(3)]
    await town.notify(asked[2], FEE, "FT9", MONDAY)
    memos = [(FEE, asked[0]), (4_000, asked[1]), (FEE - 4_000, asked[1]), (700, "tien gi do")]
    lines = [
        line(amount, memo, MONDAY, reference=f"FT{number}")
        for number, (amount, memo) in enumerate(memos)
    ]
    await town.statement(MONDAY, lines)


async def _run(town: Town, export: Path, *, is_dry_run: bool = False) -> dict[str, Any]:
    parsed = argparse.Namespace(group=UNIT, date=TUESDAY, dry_run=is_dry_run, export=export)
    assert await commands.reconcile(town.context, parsed) == 0
    run: dict[str, Any] = json.loads((export / "run.json").read_text())
    return run


def _again(export: Path, run: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    out = export.with_name("out")
    shutil.rmtree(out, ignore_errors=True)
    with pytest.raises(SystemExit) as ended:
        main(
            [
                "reconcile-parquet", "--engine", "local", "--lines", str(export / "lines"),
                "--items", str(export / "items"), "--ruleset", str(export / "ruleset.json"),
                "--calendar", str(export / "calendar.csv"), "--as-of", run["as_of"],
                "--out", str(out),
            ]
        )  # fmt: skip
    assert ended.value.code == 0
    [proof] = json.loads((out / "manifest.json").read_text())["account_groups"]
    return proof, parquet.read_table(out / "decisions.parquet").to_pylist()


async def test_the_decisions_are_those_the_database_stored(town: Town, tmp_path: Path) -> None:
    await _a_day(town)
    export = tmp_path / "export"
    run = await _run(town, export)
    proof, decisions = _again(export, run)
    [stored] = await town.rows(
        "SELECT run_id, encode(result_sha256, 'hex') AS result_sha256, decision_count,"
        " encode(run_key, 'hex') AS run_key, totals FROM run"
    )
    assert stored.decision_count == len(decisions) == 3
    assert proof["run_key"] == run["stored"]["run_key"] == stored.run_key
    assert proof["result_sha256"] == run["stored"]["result_sha256"] == stored.result_sha256
    assert [{**each, "pass": each["pass_name"]} for each in proof["totals"]] == [
        {**each, "currency": "VND", "pass_name": each["pass"]} for each in stored.totals
    ]
    allocations = await town.rows(
        "SELECT line_id::text, amount_minor FROM allocation"
        " JOIN match_group USING (group_id) WHERE run_id = :run_id AND line_id IS NOT NULL",
        run_id=stored.run_id,
    )
    assert sorted(map(tuple, allocations)) == sorted(
        (row["line_id"], row["amount_minor"]) for row in decisions
    )


async def test_the_export_carries_the_rule_set_that_the_database_keeps(
    town: Town, tmp_path: Path
) -> None:
    await _a_day(town)
    export = tmp_path / "export"
    run = await _run(town, export)
    [kept] = await town.rows(
        "SELECT encode(ruleset_sha256, 'hex') AS sha256, version, canonical_json(body) AS body"
        " FROM rule_set"
    )
    rules = (export / "ruleset.json").read_bytes()
    assert rules.decode() == kept.body == RuleSet().canonical_json()
    assert hashlib.sha256(rules).hexdigest() == kept.sha256 == run["stored"]["ruleset_sha256"]
    assert run["stored"]["ruleset_version"] == kept.version == RuleSet().version
    assert read_ruleset(export / "ruleset.json") == RuleSet()


async def test_a_run_under_older_rules_gives_the_same_bytes_again_and_under_others_not(
    town: Town, tmp_path: Path
) -> None:
    await _a_day(town)
    export = tmp_path / "export"
    older = replace(RuleSet(), version="older", bank_notice_business_days=5)
    [group_id] = await only_group(town.context)

    def write(rows: OpenRows, calendar: BusinessCalendar) -> None:
        write_inputs(export, rows.lines, rows.items, older, calendar)

    [result] = await reconcile_accounts(
        town.context, [group_id], FRIDAY, ruleset=older, observe=write
    )
    async with town.context.database.read_only() as connection:
        proof = await matching.stored_proof(connection, result.run_id)
    assert proof is not None
    write_run(export, group_id, FRIDAY, [proof])
    run = json.loads((export / "run.json").read_text())
    once, decisions = _again(export, run)
    manifest = (export.with_name("out") / "manifest.json").read_bytes()
    twice, _ = _again(export, run)
    assert (export.with_name("out") / "manifest.json").read_bytes() == manifest
    assert once == twice
    assert once["run_key"] == proof["run_key"]
    assert once["result_sha256"] == proof["result_sha256"]
    breaks = parquet.read_table(export.with_name("out") / "breaks.parquet").to_pylist()
    assert [_bytes(row) for row in decisions] == [_bytes(row) for row in result.decisions]
    assert [_bytes(row) for row in breaks] == [_bytes(row) for row in result.breaks]
    (export / "ruleset.json").write_text(RuleSet().canonical_json())
    other, _ = _again(export, run)
    assert other["run_key"] != proof["run_key"]
    assert other["result_sha256"] != proof["result_sha256"]


def _bytes(row: dict[str, Any]) -> bytes:
    return json.dumps(row, sort_keys=True, ensure_ascii=False).encode()


async def test_a_row_that_was_changed_in_the_export_shows(town: Town, tmp_path: Path) -> None:
    await _a_day(town)
    export = tmp_path / "export"
    run = await _run(town, export)
    path = export / "lines" / "lines.parquet"
    rows = parquet.read_table(path)
    cheaper = rows.to_pylist()
    cheaper[0] |= {"amount_minor": 1, "residual_minor": 1}
    parquet.write_table(type(rows).from_pylist(cheaper, schema=rows.schema), path)
    proof, _ = _again(export, run)
    assert proof["run_key"] != run["stored"]["run_key"]
    assert proof["result_sha256"] != run["stored"]["result_sha256"]


async def test_a_dry_run_is_exported_without_a_proof(town: Town, tmp_path: Path) -> None:
    await _a_day(town)
    run = await _run(town, tmp_path / "export", is_dry_run=True)
    assert run["stored"] is None
    assert await town.value("SELECT count(*) FROM run") == 0
    with pytest.raises(FileExistsError):
        await _run(town, tmp_path / "export")
    assert await town.value("SELECT count(*) FROM run") == 0
