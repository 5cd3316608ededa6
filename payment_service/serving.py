"""Runs the HTTP server: worker processes on one port, drained on SIGTERM, replaced when killed.

The server is a process of its own; it and its workers also end when whoever started them is gone.
"""

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from payment_service.composition import database_of, open_context
from payment_service.db.migration import require_current_schema
from payment_service.domain.errors import ConfigurationError
from payment_service.processes import end_with, hold_stop_in_children
from payment_service.settings import Settings, as_environment, read_settings

START_SECONDS_MAX: Final = 60
DRAIN_SECONDS_MAX: Final = 30
_FORWARDED: Final = (signal.SIGTERM, signal.SIGHUP)


def serve(settings: Settings) -> int:
    """Serve until told to stop; returns 0 after a drain, 2 when the server ended by itself.

    Raises `ConfigurationError` when the port is taken or the schema is not current. SIGHUP
    replaces the workers one by one.
    """
    with started(settings) as process:

        def forward(number: int, _frame: FrameType | None) -> None:
            process.send_signal(number)

        for number in _FORWARDED:
            signal.signal(number, forward)
        # A terminal sends Ctrl-C to the server too; here it must only not interrupt the waiting.
        signal.signal(signal.SIGINT, lambda _number, _frame: None)
        status = process.wait()
    return 0 if status == 0 else 2


@contextmanager
def started(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    """Yield the process of a server that answers; it is drained and gone on leaving."""
    require_free_port(settings.host, settings.port)
    with (
        database_of(settings) as complete,
        tempfile.TemporaryDirectory(prefix="payment-service-") as figures,
    ):
        asyncio.run(_require_schema(complete))
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "payment_service.serving", str(os.getpid())],
            env=as_environment(complete) | {"PROMETHEUS_MULTIPROC_DIR": figures},
        )
        try:
            _await_answer(complete, process)
            yield process
        finally:
            process.terminate()
            process.wait()


def require_free_port(host: str, port: int) -> None:
    """Refuse an address that another program listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            raise ConfigurationError(f"{host}:{port} cannot be used: {error.strerror}") from error


async def _require_schema(settings: Settings) -> None:
    async with open_context(settings) as context:
        await require_current_schema(context.database)


def _await_answer(settings: Settings, process: "subprocess.Popen[bytes]") -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared only
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        connection = http.client.HTTPConnection(host, settings.port, timeout=START_SECONDS_MAX)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise ConfigurationError("the server did not start; its log says why")


def run_server(parent_id: int) -> None:
    """Be the server process of a parent: open the port and keep the workers."""
    settings = read_settings()
    end_with(parent_id)
    hold_stop_in_children()
    Server(
        "payment_service.app:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        http=HTTPModes.http1,
        websockets=False,
        loop=Loops.uvloop,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_SECONDS_MAX,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    run_server(int(sys.argv[1]))
