"""Stops a database client between two of its statements, to cut it off or let others go first.

By default at a few of them; `FAULT_ROUNDS` in the environment: at every one.
"""

import os
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, event
from sqlalchemy.util import await_only

from payment_service.db.database import Database
from tests.payment_service.db.worlds import run

COMMITTED: Final = "COMMIT whose answer is lost"


def some(boundaries: Sequence[int], count: int) -> Sequence[int]:
    """Return a few of these, the same in every run, or all of them when faults are asked for."""
    if "FAULT_ROUNDS" in os.environ:
        return boundaries
    return sorted(random.Random(11).sample(boundaries, count))  # noqa: S311 - no secret


@dataclass(slots=True)
class Boundaries:
    """Every statement and commit sent over a database; before the one numbered `at`, `then` comes.

    A commit counts twice: before it is sent, and once it is done and the client was not told.
    """

    database: Database
    at: int = -1
    then: Callable[[], Awaitable[None]] | None = None
    sent: list[str] = field(default_factory=list)
    _driver: Any = None

    def __post_init__(self) -> None:
        engine = self.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", self._before_statement)
        event.listen(engine, "commit", self._before_commit)

    def _before_statement(
        self, connection: Connection, _cursor: object, statement: str, *_: object
    ) -> None:
        self._reach(connection, statement)

    def _before_commit(self, connection: Connection) -> None:
        self._reach(connection, "COMMIT")
        self._reach(connection, COMMITTED)

    def _reach(self, connection: Connection, statement: str) -> None:
        self.sent.append(statement)
        if len(self.sent) - 1 == self.at and self.then is not None:
            self._driver = connection.connection.driver_connection
            if statement == COMMITTED:
                await_only(self._driver.execute("COMMIT"))
            await_only(self.then())

    async def cut(self) -> None:
        """End this one session on the server, as a crash of either side does."""
        address = self.database.engine.url.render_as_string(hide_password=False)
        administrator = Database(address, pool_size=1, role=None)
        pid = self._driver.get_server_pid()
        await run(administrator, f"SELECT pg_terminate_backend({pid}, 5000)")
        await administrator.close()
