"""How the processes of the server begin and end together; it knows nothing of what they do."""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from typing import Final

ORPHAN_DRAIN_SECONDS: Final = 5
_WATCH_SECONDS: Final = 0.5
_LISTENING_SECONDS: Final = 0.2
_STOP: Final = frozenset({signal.SIGTERM})


def end_with(parent_id: int | None = None) -> None:
    """Stop this process as SIGTERM would once its parent is gone; `ORPHAN_DRAIN_SECONDS` at most.

    Otherwise a killed parent leaves a server behind that keeps the port. Without `parent_id`: the
    process that forked this one.
    """
    forked_by = multiprocessing.parent_process()
    parent = parent_id or (forked_by.pid if forked_by else None) or os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHAN_DRAIN_SECONDS)
        os._exit(1)  # nobody is left who would kill us should we hang

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def hold_stop_in_children() -> None:
    """Let forked workers keep a SIGTERM pending until `listen_for_stop`.

    A worker that is told to stop while it starts would lose the signal and be killed much later.
    """
    os.register_at_fork(after_in_child=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, _STOP))


def listen_for_stop() -> None:
    """Receive a held SIGTERM a moment after this loop's start-up, when the server listens to it."""
    loop = asyncio.get_running_loop()
    loop.call_later(_LISTENING_SECONDS, signal.pthread_sigmask, signal.SIG_UNBLOCK, _STOP)
