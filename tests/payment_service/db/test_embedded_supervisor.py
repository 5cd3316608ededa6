"""The embedded PostgreSQL under kill -9 of its server, its guardian and its users."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from payment_service.db.embedded import EmbeddedPostgres
from payment_service.db.embedded_server import LOG_BYTES_MAX
from tests.payment_service.db.embedded_processes import (
    ask,
    data_folder_in,
    guardians,
    kill_hard,
    needs_server,
    postmaster,
    processes,
    serves_again,
    socket_of,
    until,
    user_process,
)

pytestmark = needs_server

BUSY = """
import asyncio, asyncpg, sys
async def compute():
    who = {"user": "payment_service", "database": "payment_service"}
    connection = await asyncpg.connect(host=sys.argv[1], **who)
    await connection.execute("SET max_parallel_workers_per_gather = 0")
    await connection.fetchval("SELECT count(*) FROM generate_series(1, 9999999999)")
asyncio.run(compute())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with data_folder_in(tmp_path) as data_folder:
        yield data_folder


def test_a_killed_postgres_serves_again_behind_the_same_socket(folder: Path) -> None:
    with EmbeddedPostgres.start(folder) as database:
        ask(database.socket_folder, "CREATE TABLE kept AS SELECT 1")
        # A backend in the midst of a computation does not notice that its postmaster is gone.
        busy = subprocess.Popen(
            [sys.executable, "-c", BUSY, str(database.socket_folder)], stderr=subprocess.DEVNULL
        )
        try:
            running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%999999999)'"
            until(lambda: ask(database.socket_folder, running) == 1)
            kill_hard([postmaster(folder)])
            until(serves_again(database.socket_folder), seconds=15)
        finally:
            busy.kill()
            busy.wait()


def test_a_killed_guardian_is_replaced_behind_the_same_socket(folder: Path) -> None:
    with EmbeddedPostgres.start(folder) as database:
        ask(database.socket_folder, "CREATE TABLE kept AS SELECT 1")
        killed, old_server = guardians(folder), postmaster(folder)
        kill_hard(killed)
        until(lambda: old_server not in processes(folder), seconds=5)
        until(serves_again(database.socket_folder))
        assert guardians(folder) != killed
        socket_folder = database.socket_folder
        database.ensure_running()
        assert database.socket_folder == socket_folder


def test_everything_killed_at_once_loses_nothing_committed(folder: Path) -> None:
    with user_process(folder) as user:
        socket_folder = socket_of(user)
        ask(socket_folder, "CREATE TABLE kept AS SELECT 1")
        server = postmaster(folder)
        owner = Path(f"/proc/{server}").stat().st_uid
        kill_hard([user.pid, *guardians(folder), server])
    until(lambda: not processes(folder))
    pid_file = folder / "cluster" / "postmaster.pid"
    # The number of the dead server now belongs to another process of the same user.
    with subprocess.Popen(["/bin/sleep", "60"], user=owner if os.geteuid() == 0 else None) as other:
        lines = pid_file.read_text().split("\n")
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]))
        try:
            with EmbeddedPostgres.start(folder) as database:
                assert ask(database.socket_folder, "SELECT count(*) FROM kept") == 1
        finally:
            other.kill()


def test_an_interrupted_first_start_is_begun_again(folder: Path) -> None:
    with user_process(folder) as user:
        until((folder / "cluster.unfinished" / "PG_VERSION").exists)
        kill_hard([user.pid, *guardians(folder)])
    with EmbeddedPostgres.start(folder) as database:
        assert ask(database.socket_folder, "SELECT 1") == 1
    assert not (folder / "cluster.unfinished").exists()


def test_a_large_log_is_moved_aside(folder: Path) -> None:
    folder.mkdir()
    log = folder / "postgres.log"
    log.write_bytes(b"x" * (LOG_BYTES_MAX + 1))
    with EmbeddedPostgres.start(folder):
        until(lambda: log.stat().st_size < LOG_BYTES_MAX)
    moved = folder / "postgres.log.1"
    assert moved.stat().st_size > LOG_BYTES_MAX
    moved.unlink()
