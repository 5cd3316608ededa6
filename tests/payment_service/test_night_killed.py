"""A night killed at any point and run again decides what an unbroken night decides."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

from bank_adapters.registry import DIALECTS
from payment_service.context import Context
from payment_service.db.database import Database
from payment_service.domain.errors import RequestInFlight, Unavailable
from payment_service.nightly import run_night
from payment_service.use_cases.keep_callback import keep_callback
from tests.payment_service.db.worlds import run
from tests.payment_service.use_cases.days import (
    bank_notice,
    broken,
    line,
)
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    Town,
    morning_after,
)

pytestmark = pytest.mark.anyio


def _drop(context: Context, name: str, content: bytes, signature: bytes) -> None:
    """Leave a closed file in the pick-up folder: its signature comes last."""
    context.pick_up_folder.mkdir(parents=True, exist_ok=True)
    (context.pick_up_folder / name).write_bytes(content)
    (context.pick_up_folder / f"{name}.sig").write_bytes(signature)


class _Killed(BaseException):
    """Ends a night where it stands, as a kill does."""


def _killer(at: tuple[str, int, int]) -> Callable[[str, int, int], None]:
    def progress(*step: str | int) -> None:
        if step == at:
            raise _Killed

    return progress


@asynccontextmanager
async def _copies(
    town: Town, database_url: str, folder: Path, count: int
) -> AsyncIterator[list[Context]]:
    """Copy the town's database and pick-up folder, as they are now."""
    await town.context.database.close()
    url = make_url(database_url)
    administrator = Database(
        url.set(database="template1").render_as_string(hide_password=False),
        pool_size=1,
        role=None,
    )
    names = [f"{url.database}_{number}" for number in range(count)]
    contexts = []
    for number, name in enumerate(names):
        await run(administrator, f"CREATE DATABASE {name} TEMPLATE {url.database}")
        address = url.set(database=name).render_as_string(hide_password=False)
        pick_up = folder / f"copy-{number}"
        pick_up.mkdir()
        for path in town.context.pick_up_folder.iterdir():
            (pick_up / path.name).write_bytes(path.read_bytes())
        contexts.append(
            replace(
                town.context,
                database=Database(address, pool_size=6),
                pick_up_folder=pick_up,
            )
        )
    try:
        yield contexts
    finally:
        for context, name in zip(contexts, names, strict=True):
            await context.database.close()
            await run(administrator, f"DROP DATABASE {name} WITH (FORCE)")
        await administrator.close()


_DECIDED = {
    "matches": """
        SELECT pass_name, evidence, line.content_key::text, line.occurrence, item.kind,
               item.reference, allocation.amount_minor
        FROM allocation JOIN match_group USING (group_id)
        LEFT JOIN statement_line AS line USING (line_id)
        LEFT JOIN item ON item.item_id = allocation.item_id
        WHERE pass_name <> 'part_payments_complete'
        ORDER BY 3, 4, 1, 5, 6, 7""",
    "breaks": """
        SELECT code, amount_minor, details::text FROM break_case
        WHERE closed_at IS NULL ORDER BY 1, 2, 3""",
    "books": """
        SELECT account, business_date, detail, side, sum(amount_minor)::bigint
        FROM posting JOIN journal_entry USING (entry_id) WHERE detail !~ '^[0-9a-f]{8}-'
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
    "money": "SELECT kind, amount_minor, applied_minor FROM money ORDER BY 1, 2, 3",
    "lines": "SELECT content_key::text, occurrence, residual_minor FROM statement_line ORDER BY 1",
    "declared": "SELECT declared_on, sum(amount_minor)::bigint FROM declaration GROUP BY 1",
}


async def _decided(context: Context) -> dict[str, list[Any]]:
    async with context.database.read_only(snapshot=True) as connection:
        return {
            name: [tuple(row) for row in await connection.execute(text(query))]
            for name, query in _DECIDED.items()
        }


async def test_a_killed_night_ends_as_if_it_had_not_been(
    town: Town, database_url: str, tmp_path: Path
) -> None:
    """Cancelled at one point after another, then run again: the same decisions and report."""
    paid = await town.ask_at_gateway()
    await town.ipn(paid, FEE, "77")
    asked = [await town.ask() for _ in range(4)]
    kept = bank_notice(town.bank.opened, asked[0]["reference"], FEE, "FT0", MONDAY)
    await keep_callback(town.context, DIALECTS["rsabank"], town.bank.opened.slug, kept)
    report = town.written_report([("77", paid, FEE)], settled_on=MONDAY, fee_minor=100)
    _drop(town.context, "z.settlement", report, town.sign_report(report))
    amounts = [FEE, FEE, 4_000, 13_000]
    lines = [
        line(minor, each["reference"], MONDAY, reference=f"FT{number}")
        for number, (minor, each) in enumerate(zip(amounts, asked, strict=True))
    ]
    lines += [
        line(FEE - 100, "TT LO2611230001", MONDAY, reference="FT8"),
        line(1_000, "khong ro", MONDAY, reference="FT9"),
    ]
    _drop(town.context, "a.sta", *town.bank.statement(MONDAY, lines))
    town.clock.now = morning_after(MONDAY)
    steps: list[tuple[str, int, int]] = []
    async with _copies(town, database_url, tmp_path, 9) as (whole, *killed):
        started = asyncio.get_running_loop().time()
        expected_report = await run_night(whole, MONDAY, progress=lambda *step: steps.append(step))
        duration = asyncio.get_running_loop().time() - started
        expected = await _decided(whole)
        assert expected_report["declared_minor"] == 4 * FEE
        assert len(steps) == 5
        for number, context in enumerate(killed):
            if number < len(steps):
                with pytest.raises(_Killed):
                    await run_night(context, MONDAY, progress=_killer(steps[number]))
            else:
                task = asyncio.create_task(run_night(context, MONDAY))
                await asyncio.sleep(duration * (0.25 + 0.25 * (number - len(steps))))
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            found = await _after_a_kill(context)
            assert await _decided(context) == expected, number
            assert await broken(context) == {}, number
            assert _comparable(found) == _comparable(expected_report), number


async def _after_a_kill(context: Context) -> dict[str, Any]:
    # The server notices a cut connection a moment later; the clock rings again every minute.
    for _ in range(100):
        try:
            return await run_night(context, MONDAY)
        except (RequestInFlight, Unavailable):
            await asyncio.sleep(0.05)
    raise AssertionError("the night stays taken")


def _comparable(report: dict[str, Any]) -> str:
    """Leave out what a second run cannot see again: which files the first one had moved."""
    unlike = {"files", "left_over_messages"}
    kept = {key: value for key, value in report.items() if key not in unlike}
    return json.dumps(kept, sort_keys=True)
