"""Connections and transactions; the only file that begins and commits.

A use case opens `transaction()`, a page `read_only()`. A lost connection during COMMIT is never
retried: the caller looks for its row.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import TextClause, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from payment_service.domain.errors import ConfigurationError, Unavailable

APPLICATION_ROLE = "payment_service_application"
SERVER_VERSION_MIN = 150000
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
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
            self.engine: AsyncEngine = create_async_engine(
                url,
                pool_size=pool_size,
                max_overflow=0,
                pool_timeout=10,
                pool_pre_ping=True,
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
        connection.run_async(lambda driver: driver.execute(f"SET ROLE {self._role}"))

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
        async with self._guarded(), self.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            take = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
            is_mine = bool((await connection.execute(take, values)).scalar_one())
            try:
                yield is_mine
            finally:
                if is_mine:
                    free = text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))")
                    await connection.execute(free, values)

    @asynccontextmanager
    async def _guarded(self) -> AsyncIterator[None]:
        try:
            yield
        except (OSError, TimeoutError) as error:
            raise Unavailable("the database does not answer") from error
        except DBAPIError as error:
            if error.connection_invalidated or sqlstate(error) in _RETRYABLE or not sqlstate(error):
                raise Unavailable("the database does not answer") from error
            raise

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    async def require_sound_server(self) -> None:
        """Refuse a server that is too old or may forget what it acknowledged."""
        async with self.read_only() as connection:
            version = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
            if version < SERVER_VERSION_MIN:
                raise ConfigurationError(f"PostgreSQL 15 or newer is needed; this one is {version}")
            for name in _DURABLE:
                value = (await connection.execute(text(f"SHOW {name}"))).scalar_one()
                if value in {"off", "local"}:
                    raise ConfigurationError(
                        f"PostgreSQL runs with {name} = {value}: acknowledged money could be lost"
                    )


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
    """Write rows, values in the order of `columns` (name → type), in one statement."""
    if rows:
        statement = _insert(table, tuple(columns.items()))
        arrays = zip(*rows, strict=True)
        await connection.execute(statement, dict(zip(columns, map(list, arrays), strict=True)))


async def lock(connection: AsyncConnection, name: str) -> None:
    """Take an advisory lock until the end of the transaction, waiting for it."""
    query = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
    await connection.execute(query, {"name": name})
