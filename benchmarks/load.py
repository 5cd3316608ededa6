"""Sends prepared HTTP/1.1 requests over keep-alive connections as fast as answers come.

It reads only the status and the length of an answer: its own cost stays small beside the server's.
"""

import asyncio
import statistics
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from payment_service.domain.errors import Unavailable

SECONDS_MAX = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a load brought: answers a second, statuses, and seconds an answer took."""

    per_second: float
    statuses: Counter[int]
    median_seconds: float
    slowest_seconds: float


def prepare(
    method: str, target: str, *, host: str, headers: Iterable[tuple[str, str]] = (), body: bytes
) -> bytes:
    """Return the bytes of one request."""
    lines = [f"{method} {target} HTTP/1.1", f"host: {host}", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class _Connection(asyncio.Protocol):
    """One keep-alive connection: the next request leaves when the answer is whole."""

    def __init__(self, waiting: deque[bytes], statuses: Counter[int], taken: list[float]) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting, self._statuses, self._taken = waiting, statuses, taken
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.WriteTransport):
            raise TypeError("a connection that cannot be written to")
        self._transport = transport
        self._send()

    def _send(self) -> None:
        if not self._waiting:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(self._waiting.popleft())

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, rest = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        _, _, after = head.lower().partition(b"\r\ncontent-length:")
        if len(rest) < int(after.partition(b"\r\n")[0]):
            return
        self._taken.append(time.perf_counter() - self._sent_at)
        self._statuses[int(head[9:12])] += 1
        self._received = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio gives it
        if not self.ended.done():
            self.ended.set_result(None)


async def send_all(
    address: tuple[str, int], requests: Sequence[bytes], *, connections: int
) -> Load:
    """Send every request once, spread over the connections; `Unavailable` when one is lost."""
    waiting = deque(requests)
    statuses: Counter[int] = Counter()
    taken: list[float] = []
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    async with asyncio.timeout(SECONDS_MAX):
        opened = [
            await loop.create_connection(lambda: _Connection(waiting, statuses, taken), *address)
            for _ in range(connections)
        ]
        await asyncio.gather(*(protocol.ended for _, protocol in opened))
    seconds = time.perf_counter() - started
    if len(taken) != len(requests):
        raise Unavailable(f"{len(requests) - len(taken)} requests were not answered")
    return Load(
        per_second=len(taken) / seconds,
        statuses=statuses,
        median_seconds=statistics.median(taken),
        slowest_seconds=max(taken),
    )
