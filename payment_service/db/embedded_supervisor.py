"""The guardian process: keeps one PostgreSQL running for as long as any user of its folder lives.

Only `embedded` may start it, handing over the guardian's lock. It restarts a server that dies, and
the server dies with it.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

from payment_service.db.embedded_folder import (
    DataFolder,
    EmbeddedDatabaseError,
    GuardianState,
    Phase,
    try_lock,
)
from payment_service.db.embedded_server import Server

_IDLE_SECONDS = 1.0
_LAUNCHES_MAX = 3
_RELAUNCH_SECONDS = 0.5
_BUSY_POLL_SECONDS = 0.02
_CALM_POLL_SECONDS = 0.25


def main(arguments: list[str]) -> int:
    """Run as `python -m payment_service.db.embedded_supervisor DATA_FOLDER PROGRAMS LOCK`.

    LOCK is the inherited descriptor that holds the guardian's lock.
    """
    data_folder, programs, lock = arguments
    if os.fork():
        # Whoever started us is not our parent: it need not reap us, and its end does not reach us.
        os._exit(0)
    os.set_inheritable(int(lock), False)  # noqa: FBT003 the standard library takes it by position
    os.chdir("/")
    for ignored in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        # Users decide when we end. A handler, since an ignored signal stays ignored in PostgreSQL.
        signal.signal(ignored, _do_nothing)
    return guard(DataFolder(Path(data_folder)), Path(programs))


def guard(folder: DataFolder, programs: Path) -> int:
    """Run the server until its last user has ended; 0 in order, 1 after telling why not."""
    socket_folder = ""
    server = None
    try:
        before = folder.read_state()
        server = Server(folder, programs)
        server.claim_socket_folder(before.socket_folder if before else "")
        socket_folder = server.socket_folder
        folder.write_state(GuardianState(phase=Phase.STARTING, socket_folder=socket_folder))
        _serve_while_used(folder, server)
        server.stop()
        folder.forget_state()
    except (EmbeddedDatabaseError, OSError, subprocess.SubprocessError) as error:
        if server is not None:
            server.stop()
        reason = " ".join(str(error).split())
        folder.write_state(
            GuardianState(phase=Phase.FAILED, socket_folder=socket_folder, reason=reason)
        )
        return 1
    return 0


def _serve_while_used(folder: DataFolder, server: Server) -> None:
    """Return when nobody has used the server for a while; newcomers then wait for our end."""
    ready = False
    launches = 0
    used_at = time.monotonic()
    while True:
        if not server.is_alive():
            if not ready and launches == _LAUNCHES_MAX:
                raise EmbeddedDatabaseError(f"PostgreSQL ends at once: {server.last_complaint()}")
            time.sleep(_RELAUNCH_SECONDS if launches else 0)
            server.launch()
            launches += 1
        elif not ready and server.is_ready():
            with suppress(subprocess.CalledProcessError):  # it was killed just now; ask again
                server.ensure_database()
                ready = True
                folder.write_state(
                    GuardianState(phase=Phase.READY, socket_folder=server.socket_folder)
                )
        server.trim_log()
        users = try_lock(folder.users_lock, fcntl.LOCK_EX)
        if users is None:
            used_at = time.monotonic()
        elif time.monotonic() - used_at > _IDLE_SECONDS:
            return  # with the lock held
        else:
            os.close(users)
        time.sleep(_CALM_POLL_SECONDS if ready else _BUSY_POLL_SECONDS)


def _do_nothing(_number: int, _frame: FrameType | None) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
