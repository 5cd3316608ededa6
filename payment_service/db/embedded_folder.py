"""What the users of an embedded database and its guardian agree on: names, locks, state file.

Locks of the kernel are the truth about who lives; the state file only carries words.
"""

import fcntl
import json
import os
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

DATABASE_NAME = "payment_service"


class EmbeddedDatabaseError(Exception):
    """The embedded PostgreSQL cannot serve; the text is one line for the operator."""


class Phase(StrEnum):
    """How far a guardian has come with its server."""

    STARTING = "starting"
    """The guardian lives; its server has not answered yet."""
    READY = "ready"
    """The server has answered and the service's database exists."""
    FAILED = "failed"
    """The guardian gave up and ended; the reason stands beside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianState:
    """What a guardian tells the processes that wait for it."""

    phase: Phase
    socket_folder: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The names inside a data folder on which users and guardian agree."""

    path: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder, the only one that the server's user may enter."""
        return self.path / "cluster"

    @property
    def unfinished_cluster(self) -> Path:
        """A cluster that initdb has not finished; renamed when whole."""
        return self.path / "cluster.unfinished"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.path / "postgres.log"

    @property
    def users_lock(self) -> Path:
        """Held shared by each user, exclusively by a guardian that is stopping."""
        return self.path / "users.lock"

    @property
    def guardian_lock(self) -> Path:
        """Held exclusively by the one guardian."""
        return self.path / "guardian.lock"

    @property
    def server_lock(self) -> Path:
        """Held by every process of the server, so that leftovers are seen."""
        return self.path / "server.lock"

    @property
    def _state(self) -> Path:
        return self.path / "guardian.json"

    def read_state(self) -> GuardianState | None:
        """Return what the latest guardian said, or None when it said nothing readable."""
        try:
            said = json.loads(self._state.read_text("utf-8"))
            return GuardianState(
                phase=Phase(said["phase"]),
                socket_folder=str(said["socket_folder"]),
                reason=str(said["reason"]),
            )
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def write_state(self, state: GuardianState) -> None:
        """Replace the state at once; only who holds the guardian's lock may call this."""
        said = {"phase": state.phase, "socket_folder": state.socket_folder, "reason": state.reason}
        whole = self._state.with_suffix(".new")
        whole.write_text(json.dumps(said), "utf-8")
        whole.replace(self._state)

    def forget_state(self) -> None:
        """Remove the state of a guardian that ended in order."""
        self._state.unlink(missing_ok=True)


def try_lock(path: Path, operation: int) -> int | None:
    """Return the descriptor that now holds the lock, or None when another process has it.

    Closing the descriptor releases the lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def answers(programs: Path, socket_folder: str) -> bool:
    """Ask whether a server behind this socket accepts connections now."""
    command = [str(programs / "bin" / "pg_isready"), "-q", "-t", "2", "-h", socket_folder]
    command += ["-U", DATABASE_NAME, "-d", "postgres"]
    # An empty environment keeps PGHOST and its like from changing what is asked.
    return subprocess.run(command, env={}, check=False).returncode == 0  # noqa: S603 the wheel's program
