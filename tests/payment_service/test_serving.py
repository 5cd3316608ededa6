"""The server as a process: it outlives killed workers, drains, and leaves nothing behind."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from payment_service.context import Context
from payment_service.db.database import Database
from payment_service.domain.errors import ConfigurationError
from payment_service.serving import require_free_port, started
from payment_service.settings import Settings, as_environment, read_settings
from tests.builders import add_officers, issue_client, open_account
from tests.postgres import MASTER_KEY
from tests.web import ASKED, REQUESTS

CHECKOUT = Path(__file__).parents[2]
SERVE = "from payment_service.serving import serve; from payment_service.settings import *; "
SERVE += "raise SystemExit(serve(read_settings()))"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def is_free(port: int) -> bool:
    try:
        require_free_port("127.0.0.1", port)
    except ConfigurationError:
        return False
    return True


def children(process_id: int) -> list[int]:
    """Return the living children of a process; the helper processes of Python are not workers."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(status[1]) == process_id and status[0] != "Z":
                found.append(int(entry.name))
    return sorted(found)


def is_alive(process_id: int) -> bool:
    with suppress(OSError):
        return ") Z " not in Path(f"/proc/{process_id}/stat").read_text()
    return False


def is_answering(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    return False


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    key_file = tmp_path / "master.key"
    key_file.write_bytes(MASTER_KEY)
    port = free_port()
    return read_settings(
        {
            "PAYMENT_SERVICE_DATABASE_URL": database_url,
            "PAYMENT_SERVICE_DATA_FOLDER": str(tmp_path),
            "PAYMENT_SERVICE_MASTER_KEY_FILE": str(key_file),
            "PAYMENT_SERVICE_PORT": str(port),
            "PAYMENT_SERVICE_WORKERS": "2",
            "PAYMENT_SERVICE_POOL_SIZE": "2",
        }
    )


@contextmanager
def running(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """Yield a serving process of its own, as the command line starts it."""
    command = [sys.executable, "-c", SERVE]
    with subprocess.Popen(command, env=as_environment(settings), cwd=CHECKOUT) as process:
        try:
            until(lambda: is_answering(settings.public_url))
            yield process
        finally:
            left = [each for child in children(process.pid) for each in (child, *children(child))]
            process.kill()
            until(lambda: is_free(settings.port))
            until(lambda: not any(is_alive(each) for each in left))


@pytest.fixture
async def key(context: Context) -> str:
    await open_account(context, *await add_officers(context))
    return (await issue_client(context))[1]


def ask(settings: Settings, key: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}", "idempotency-key": uuid.uuid4().hex}
    asked = ASKED | {"dossier_code": f"H24-{uuid.uuid4().hex[:8]}"}
    return httpx.post(settings.public_url + REQUESTS, json=asked, headers=headers, timeout=30)


def test_serves_on_when_a_worker_is_killed_and_drains(settings: Settings, key: str) -> None:
    with running(settings) as process:
        assert ask(settings, key).status_code == 201
        [server] = children(process.pid)
        workers = children(server)
        assert len(workers) == 2
        os.kill(workers[0], signal.SIGKILL)
        until(lambda: len(children(server)) == 2 and workers[0] not in children(server))
        for _ in range(5):
            assert ask(settings, key).status_code == 201
        figures = httpx.get(f"{settings.public_url}/metrics", timeout=5).text
        assert 'payment_service_requests_total{method="POST",route="' in figures
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert is_free(settings.port)
        assert children(server) == []


CALLBACK = b"POST /callbacks/rsabank/abcdefgh HTTP/1.1\r\nHost: a\r\n"
WAITING = text("""
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE NOT granted AND datname = current_database()
""")
HOSTILE = [
    b"GET /pay/%ff%fe HTTP/1.1\r\nHost: a\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: a\r\n",
    b"GET /api/v1/payment-requests HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \xff\xfe\r\n",
    b"GET /callbacks/vnpay/abcdefgh?\xff=%00 HTTP/1.1\r\nHost: a\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 1_000_000 + b"\r\n",
    CALLBACK + b"Content-Length: -1\r\n",
    CALLBACK + b"Content-Length: 1\r\nContent-Length: 2\r\n",
    CALLBACK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /api/v1/payment-requests HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz",
    b"\x16\x03\x01\x00\xa5\x01\x00",
]


def test_hostile_bytes_are_refused(settings: Settings) -> None:
    with running(settings):
        for line in HOSTILE:
            address = ("127.0.0.1", settings.port)
            with suppress(ConnectionError), socket.create_connection(address, 10) as client:
                client.sendall(line + b"Connection: close\r\n\r\n")
                status = client.recv(12)
                assert status == b"" or status.startswith(b"HTTP/1.1 4"), (line[:80], status)
        assert is_answering(settings.public_url)


@pytest.mark.anyio
async def test_a_request_in_flight_is_answered_before_the_end(
    settings: Settings, key: str, database_url: str
) -> None:
    owner = Database(database_url, role=None, pool_size=1)
    with running(settings) as process:
        async with owner.transaction() as connection:
            await connection.execute(text("LOCK TABLE payment_request"))
            waiting = asyncio.create_task(asyncio.to_thread(ask, settings, key))
            for _ in range(600):
                if (await connection.execute(WAITING)).scalar_one():
                    break
                await asyncio.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            await asyncio.sleep(1)
            assert not waiting.done()
        assert (await waiting).status_code == 201
        assert await asyncio.to_thread(process.wait, 60) == 0
    await owner.close()


def test_ends_when_its_starter_is_killed(settings: Settings) -> None:
    with running(settings) as process:
        [server] = children(process.pid)
        family = [server, *children(server)]
        process.kill()
        until(lambda: not any(is_alive(each) for each in family))
        assert is_free(settings.port)


def test_refuses_a_port_in_use(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port))
        other.listen()
        with pytest.raises(ConfigurationError, match="cannot be used"), started(settings):
            pass


@pytest.mark.anyio
async def test_refuses_another_schema(settings: Settings, database_url: str) -> None:
    owner = Database(database_url, role=None, pool_size=1)
    async with owner.transaction() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    await owner.close()
    result = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", SERVE],
        env=as_environment(settings),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert "the schema is at older" in result.stderr
