"""Nights run once, however often they are started, killed or fed with rubbish."""

import asyncio
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from bank_adapters.registry import DIALECTS
from payment_service.context import Context
from payment_service.db.database import Database, lock
from payment_service.domain.errors import Invalid, RequestInFlight, StateConflict, Unavailable
from payment_service.nightly import run_night
from payment_service.use_cases.keep_callback import keep_callback
from tests.payment_service.db.worlds import run
from tests.payment_service.use_cases.days import (
    balances,
    bank_notice,
    line,
    open_break_codes,
)
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    morning_after,
    until_waiting,
)

pytestmark = pytest.mark.anyio


def _drop(context: Context, name: str, content: bytes, signature: bytes) -> None:
    """Leave a closed file in the pick-up folder: its signature comes last."""
    context.pick_up_folder.mkdir(parents=True, exist_ok=True)
    (context.pick_up_folder / name).write_bytes(content)
    (context.pick_up_folder / f"{name}.sig").write_bytes(signature)


def _left(context: Context) -> list[str]:
    return sorted(path.name for path in context.pick_up_folder.iterdir() if path.is_file())


async def test_a_night_takes_what_lies_there_and_runs_once(town: Town) -> None:
    paid = await town.ask_at_gateway()
    await town.ipn(paid, FEE, "77")
    asked = await town.ask()
    report = town.written_report([("77", paid, FEE)], settled_on=MONDAY)
    # The name of the report sorts after the statement's: it is taken first all the same.
    _drop(town.context, "z.settlement", report, town.sign_report(report))
    content, signature = town.bank.statement(
        MONDAY,
        [
            line(FEE, "TT LO2611230001", MONDAY, reference="FT1"),
            line(FEE, asked["reference"], MONDAY, reference="FT2"),
        ],
    )
    _drop(town.context, "a.sta", content, signature)
    first = await town.night(MONDAY)
    assert await balances(town.context) == {"bank": 2 * FEE, "due_to_budget": -2 * FEE}
    assert first["declared_minor"] == 2 * FEE
    assert _left(town.context) == []
    assert await open_break_codes(town.context) == []
    # What comes after a finished night waits for the next one.
    _drop(town.context, "b.sta", content, signature)
    assert await run_night(town.context, MONDAY) == first
    assert _left(town.context) == ["b.sta", "b.sta.sig"]


async def test_kept_messages_are_acted_on_first(town: Town) -> None:
    asked = await town.ask()
    notice = bank_notice(town.bank.opened, asked["reference"], FEE, "FT1", MONDAY)
    await keep_callback(town.context, DIALECTS["rsabank"], town.bank.opened.slug, notice)
    await town.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    report = await town.night(MONDAY)
    assert report["left_over_messages"] == 1
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_rubbish_in_the_folder_stops_no_night(town: Town) -> None:
    folder = town.context.pick_up_folder
    content, signature = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    _drop(town.context, "good.sta", content, signature)
    _drop(town.context, "empty.sta", b"", b"")
    _drop(town.context, "forged.sta", content + b"\n", signature)
    _drop(town.context, "page.settlement", b"<html>502</html>", b"x")
    _drop(town.context, "nul.csv", b"\0" * 999, signature)
    _drop(town.context, "khó đọc 'x' \\ \n.sta", b"?", b"?")
    _drop(town.context, os.fsdecode(b"\xff\xfe.sta"), b"?", b"?")
    (folder / ".sig").write_bytes(b"")
    (folder / "..sig").write_bytes(b"")
    (folder / "alone.sta.sig").write_bytes(b"")
    (folder / "unsigned.sta").write_bytes(content)
    (folder / "folder.sta").mkdir()
    (folder / "folder.sta.sig").write_bytes(b"")
    (folder / "signature-is-a-folder.sta").write_bytes(content)
    (folder / "signature-is-a-folder.sta.sig").mkdir()
    (folder / "nowhere.sta").symlink_to(folder / "not-there")
    (folder / "nowhere.sta.sig").write_bytes(b"")
    report = await town.night(MONDAY)
    by_name = {each["name"]: each for each in report["files"]}
    assert "error" not in by_name["good.sta"]
    assert {name for name, each in by_name.items() if "error" in each} >= {
        "empty.sta", "forged.sta", "page.settlement", "nul.csv",
    }  # fmt: skip
    assert await balances(town.context) == {"bank": FEE, "suspense": -FEE}
    assert (folder / "taken" / "good.sta").is_file()
    assert (folder / "refused" / "forged.sta.sig").is_file()


async def test_a_bank_that_names_every_file_alike_loses_none(town: Town) -> None:
    for day in (MONDAY, TUESDAY):
        content, signature = town.bank.statement(day, [line(FEE, "x", day, reference=f"FT{day}")])
        _drop(town.context, "saoke.sta", content, signature)
        await town.night(day)
    assert await balances(town.context) == {"bank": 2 * FEE, "suspense": -2 * FEE}
    kept = {path.read_bytes() for path in (town.context.pick_up_folder / "taken").glob("*.sta")}
    assert kept == set(town.bank.written)


async def test_files_in_the_wrong_order_and_days_apart_are_all_taken(town: Town) -> None:
    files = {
        day: town.bank.statement(day, [line(FEE, "x", day, reference=f"FT{day}")])
        for day in (MONDAY, TUESDAY, WEDNESDAY)
    }
    _drop(town.context, "a.sta", *files[TUESDAY])
    _drop(town.context, "b.sta", *files[WEDNESDAY])
    report = await town.night(TUESDAY)
    assert await balances(town.context) == {}
    assert [each["verdicts"] for each in report["files"]] == [["quarantined"]] * 2
    _drop(town.context, "c.sta", *files[MONDAY])
    report = await town.night(WEDNESDAY)
    assert await balances(town.context) == {"bank": 3 * FEE, "suspense": -3 * FEE}
    assert _left(town.context) == []
    assert "GAP" not in await open_break_codes(town.context)


async def test_many_starts_are_one_night(town: Town, database_url: str) -> None:
    asked = [await town.ask() for _ in range(5)]
    lines = [
        line(FEE, each["reference"], MONDAY, reference=f"FT{number}")
        for number, each in enumerate(asked)
    ]
    await town.statement(MONDAY, lines)
    town.clock.now = morning_after(MONDAY)
    others = [Database(database_url, pool_size=3) for _ in range(3)]
    contexts = [replace(town.context, database=database) for database in others] * 4
    results = await asyncio.gather(
        *(run_night(context, MONDAY) for context in contexts), return_exceptions=True
    )
    reports = [each for each in results if isinstance(each, dict)]
    refused = [each for each in results if not isinstance(each, dict)]
    assert {type(each) for each in refused} <= {RequestInFlight, Unavailable}
    assert all(each == reports[0] for each in reports)
    assert await run_night(town.context, MONDAY) == reports[0]
    assert await town.value("SELECT fence FROM night") == 1
    assert await town.value("SELECT count(*) FROM money") == 5
    for database in others:
        await database.close()


async def test_a_holder_that_slept_through_its_lease_finishes_nothing(
    town: Town, database_url: str
) -> None:
    asked = await town.ask()
    await town.statement(MONDAY, [line(FEE, asked["reference"], MONDAY, reference="FT1")])
    town.clock.now = morning_after(MONDAY)
    [row] = await town.rows("SELECT account_group_id FROM collection_account")
    owner = Database(database_url, pool_size=1, role=None)
    async with town.context.database.transaction() as connection:
        await lock(connection, f"account-group:{row.account_group_id}")
        sleeper = asyncio.create_task(run_night(town.context, MONDAY))
        await until_waiting(town.context, 1)
        await run(
            owner,
            """SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
               WHERE locktype = 'advisory' AND granted AND datname = current_database()
                 AND state = 'idle'""",
        )
        second = Database(database_url, pool_size=3)
        successor = asyncio.create_task(run_night(replace(town.context, database=second), MONDAY))
        await until_waiting(town.context, 2)
    results = await asyncio.gather(sleeper, successor, return_exceptions=True)
    assert isinstance(results[0], StateConflict | Unavailable)
    assert isinstance(results[1], dict)
    assert await town.value("SELECT fence FROM night") == 2
    assert await town.value("SELECT count(*) FROM money") == 1
    assert await run_night(town.context, MONDAY) == results[1]
    await second.close()
    await owner.close()


async def test_a_night_that_has_not_come_is_not_run(town: Town) -> None:
    """A mistyped year would otherwise make every night until then look finished."""
    for later in (TUESDAY, MONDAY + timedelta(days=365)):
        with pytest.raises(Invalid):
            await run_night(town.context, later)
    assert await town.value("SELECT count(*) FROM night") == 0
    await town.night(MONDAY)
    with pytest.raises(StateConflict):
        await run_night(town.context, MONDAY - timedelta(days=365))
    assert await town.value("SELECT count(*) FROM night") == 1
