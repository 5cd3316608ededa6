"""The service as users run it: worker processes on a free port of the loopback interface."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from benchmarks.world import HOST, World
from payment_service.serving import started


@contextmanager
def served(world: World, *, workers: int) -> Iterator[tuple[str, int]]:
    """Serve the world's database and yield the address; no event loop may be running."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    settings = replace(
        world.settings, port=port, workers=workers, public_url=f"http://{HOST}:{port}"
    )
    with started(settings):
        yield HOST, port
