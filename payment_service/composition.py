"""The one place that chooses: settings → database, keys, clock. Nothing else reads the clock."""

import gc
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from payment_service.context import Clock, Context
from payment_service.db.database import Database
from payment_service.db.embedded import EmbeddedDatabaseError, EmbeddedPostgres
from payment_service.db.sealing import Sealer
from payment_service.domain.errors import ConfigurationError
from payment_service.outside.gateway_calls import GatewayCalls
from payment_service.settings import Settings


def system_clock() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the clock of the house


def clock_of(settings: Settings) -> Clock:
    """Return the real clock, or for a simulation the real one moved by the seconds in a file."""
    path = settings.clock_file
    if path is None:
        return system_clock

    def moved_clock() -> datetime:
        try:
            return system_clock() + timedelta(seconds=int(path.read_text(encoding="ascii")))
        except (OSError, ValueError, OverflowError) as error:
            raise ConfigurationError(f"the clock file {path.name} holds no seconds") from error

    return moved_clock


def read_master_key(path: Path) -> bytes:
    """Read the 32-byte master key; on first use make one that only its owner can read."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made under another name, the key is never seen half written; whoever links first wins.
        with NamedTemporaryFile(dir=path.parent, prefix=".master-") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(file.name, path)
    key = path.read_bytes()
    if len(key) != 32:  # noqa: PLR2004 - AES-256
        raise ConfigurationError(f"{path.name} does not hold a 32-byte master key")
    return key


@contextmanager
def database_of(settings: Settings) -> Iterator[Settings]:
    """Yield settings with a database URL, starting the embedded server when none is set."""
    if settings.database_url:
        yield settings
        return
    try:
        server = EmbeddedPostgres.start(settings.data_folder / "postgresql")
    except EmbeddedDatabaseError as error:
        raise ConfigurationError(str(error)) from error
    try:
        yield replace(settings, database_url=server.database_url)
    finally:
        server.stop()


def _quieten_collector() -> None:
    """Let Python look for cycles less often: rows and messages have none, and come in thousands."""
    gc.set_threshold(50_000, 20, 50)


@asynccontextmanager
async def open_context(settings: Settings) -> AsyncIterator[Context]:
    """Open the database and keys; refuses an unsound PostgreSQL."""
    if settings.database_url is None:
        raise ConfigurationError("no database is set")
    _quieten_collector()
    database = Database(settings.database_url, pool_size=settings.pool_size)
    gateway_calls = GatewayCalls()
    try:
        await database.require_sound_server()
        yield Context(
            database=database,
            sealer=Sealer(read_master_key(settings.master_key_file)),
            clock=clock_of(settings),
            send=gateway_calls.send,
            public_url=settings.public_url,
            pick_up_folder=settings.pick_up_folder,
            allow_test_keys=settings.allow_test_keys,
        )
    finally:
        await gateway_calls.close()
        await database.close()
