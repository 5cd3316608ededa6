"""Connections and transactions; the only file that begins and commits.

A use case opens `transaction()`, a page `read_only()`. A lost connection during COMMIT is never
retried: the caller looks for its row.
"""

import inspect
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import lru_cache
from typing import Any

import asyncpg
import msgspec
from sqlalchemy import TextClause, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from payment_service.domain.errors import ConfigurationError, Unavailable

APPLICATION_ROLE = "payment_service_application"
SERVER_VERSION_MIN = 150000
COPIED_ROWS_MIN = 500
"""From so many rows on, COPY is faster than arrays of values."""
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_LOST = (
    OSError,
    TimeoutError,
    PoolTimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
)
_UNKNOWN_TO_SERVER = ("28", "3D")
_RETRYABLE = frozenset({"40001", "40P01", "55P03", "57014", "53300", "57P01", "57P02", "57P03"})


class Database:
    """One pool of connections working as a role."""

    def __init__(
        self, url: str, *, pool_size: int = 8, role: str | None = APPLICATION_ROLE
    ) -> None:
        settings = {
            "statement_timeout": "600s",
            "lock_timeout": "10s",
            "idle_in_transaction_session_timeout": "60s",
            "timezone": "UTC",
            "application_name": "payment-service",
            "jit": "off",
        }
        try:
            _require_known_options(url)
            self.engine: AsyncEngine = create_async_engine(
                url,
                pool_size=pool_size,
                max_overflow=0,
                pool_timeout=10,
                pool_pre_ping=True,
                hide_parameters=True,  # a logged error must not carry names or secrets
                connect_args={"server_settings": settings, "timeout": 10},
                json_serializer=lambda value: msgspec.json.encode(value).decode(),
                json_deserializer=msgspec.json.decode,
            )
        except Exception as error:
            raise ConfigurationError("the database URL is not understood") from error
        self._role = role
        if role:
            event.listen(self.engine.sync_engine, "connect", self._take_role)

    def _take_role(self, connection: Any, _record: object) -> None:
        try:
            connection.run_async(lambda driver: driver.execute(f"SET ROLE {self._role}"))
        except (asyncpg.InvalidParameterValueError, asyncpg.InsufficientPrivilegeError) as error:
            reason = f"{error}: run `payment-service migrate` as the owner of the database"
            raise ConfigurationError(reason) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction at READ COMMITTED, committed on leaving without an error."""
        async with self._guarded(), self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read_only(self, *, snapshot: bool = False) -> AsyncIterator[AsyncConnection]:
        """One reading transaction; PostgreSQL itself refuses writes. `snapshot`: one instant."""
        async with self._guarded(), self.engine.connect() as connection:
            level = "REPEATABLE READ" if snapshot else "READ COMMITTED"
            await connection.execution_options(isolation_level=level, postgresql_readonly=True)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        """Hold an advisory lock for as long as one connection lives; yields False if taken.

        A killed holder frees it at once, since its connection dies with it.
        """
        values = {"name": name}
        async with AsyncExitStack() as stack:
            async with self._guarded():
                connection = await stack.enter_async_context(self.engine.connect())
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                take = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
                is_mine = bool((await connection.execute(take, values)).scalar_one())
            try:
                yield is_mine
            finally:
                if is_mine:
                    free = text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))")
                    async with self._guarded():
                        await connection.execute(free, values)

    @asynccontextmanager
    async def _guarded(self) -> AsyncIterator[None]:
        try:
            yield
        except _LOST as error:
            raise Unavailable("the database does not answer") from error
        except asyncpg.PostgresError as error:  # of COPY, which SQLAlchemy does not see
            if error.sqlstate in _RETRYABLE:
                raise Unavailable("the database does not answer") from error
            raise
        except DBAPIError as error:
            if sqlstate(error).startswith(_UNKNOWN_TO_SERVER):
                raise ConfigurationError(f"the database refuses us: {error.orig}") from error
            if error.connection_invalidated or sqlstate(error) in _RETRYABLE or not sqlstate(error):
                raise Unavailable("the database does not answer") from error
            raise

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    async def require_sound_server(self) -> None:
        """Refuse a server that is too old or may forget what it acknowledged."""
        async with self.read_only() as connection:
            names = ("server_version_num", *_DURABLE)
            settings = {
                name: str((await connection.execute(text(f"SHOW {name}"))).scalar_one())
                for name in names
            }
        reason = why_unsound(settings)
        if reason:
            raise ConfigurationError(reason)


def _require_known_options(url: str) -> None:
    known = inspect.signature(asyncpg.connect).parameters
    unknown = sorted(set(make_url(url).query) - set(known))
    if unknown:
        raise ValueError(f"asyncpg has no option {unknown[0]}")


def why_unsound(settings: Mapping[str, str]) -> str | None:
    """Return why a server with these settings cannot keep the books; None when it can."""
    version = settings["server_version_num"]
    if int(version) < SERVER_VERSION_MIN:
        return f"PostgreSQL 15 or newer is needed; this one is {version}"
    for name in _DURABLE:
        if settings[name] in {"off", "local"}:
            return (
                f"PostgreSQL runs with {name} = {settings[name]}: acknowledged money could be lost"
            )
    return None


def sqlstate(error: DBAPIError) -> str:
    """Return the five-character SQLSTATE of a database error, or an empty text."""
    return str(getattr(error.orig, "sqlstate", None) or "")


@lru_cache(maxsize=64)
def _insert(table: str, columns: tuple[tuple[str, str], ...]) -> TextClause:
    names = ", ".join(name for name, _ in columns)
    arrays = ", ".join(
        f"CAST(:{name} AS {'text' if kind == 'jsonb' else kind}[])" for name, kind in columns
    )
    values = ", ".join(f"CAST({name} AS {kind})" for name, kind in columns)
    return text(
        f"INSERT INTO {table} ({names}) SELECT {values} "  # noqa: S608 - constants of this package
        f"FROM unnest({arrays}) AS added ({names})"
    )


async def insert_rows(
    connection: AsyncConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Write rows, values in the order of `columns` (name → type), in one statement.

    Many rows go by COPY, which fires the same triggers and checks.
    """
    if len(rows) >= COPIED_ROWS_MIN:
        driver = await driver_of(connection)
        await driver.copy_records_to_table(table, records=rows, columns=list(columns))
    elif rows:
        statement = _insert(table, tuple(columns.items()))
        arrays = zip(*rows, strict=True)
        await connection.execute(statement, dict(zip(columns, map(list, arrays), strict=True)))


async def driver_of(connection: AsyncConnection) -> Any:
    """Return the driver's own connection, for COPY, inside the transaction of this one.

    SQLAlchemy begins with its first statement, and a COPY of the driver is not one of those.
    """
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is not None and not driver.is_in_transaction():
        await connection.execute(text("SELECT"))
    return driver


async def lock(connection: AsyncConnection, name: str) -> None:
    """Take an advisory lock until the end of the transaction, waiting for it."""
    query = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
    await connection.execute(query, {"name": name})


async def lock_shared(connection: AsyncConnection, name: str) -> None:
    """Take an advisory lock that many may share, but nobody beside one who took it whole."""
    query = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:name, 0))")
    await connection.execute(query, {"name": name})
