"""A small HTTP/1.1 client over asyncio with kept-alive connections: what citizens and banks use.

It speaks to one origin, follows no redirect and keeps no cookie; who wants these does it himself.
"""

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

import msgspec

Headers = Sequence[tuple[str, str]]
TIMEOUT_SECONDS = 60
_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; header names in lower case, doubled headers one after the other."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header of this name, or an empty text."""
        return next((value for key, value in self.headers if key == name), "")

    def json(self) -> Any:
        """Return the body read as JSON."""
        return msgspec.json.decode(self.body)


class Transport(Protocol):
    """How the simulated world reaches the service."""

    async def send(
        self, method: str, target: str, *, headers: Headers = (), body: bytes = b""
    ) -> Answer:
        """Send one request to a path (with its query) of the service and return the answer."""


class Unanswered(Exception):
    """The service closed the connection instead of answering."""


class HttpClient:
    """A pool of at most `connections` connections; more callers wait for a free one."""

    def __init__(self, base_url: str, *, connections: int = 8) -> None:
        parts = urlsplit(base_url)
        is_secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port or (443 if is_secure else 80)
        self._tls = ssl.create_default_context() if is_secure else None
        self._authority = parts.netloc
        self._idle: list[_Connection] = []
        self._free = asyncio.Semaphore(connections)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for connection in self._idle:
            await connection.close()

    async def send(
        self, method: str, target: str, *, headers: Headers = (), body: bytes = b""
    ) -> Answer:
        """Send one request; a kept connection that the service closed meanwhile is replaced.

        Every request of the simulated world may be sent twice: that is the service's promise.
        """
        fields = [("Host", self._authority), ("Content-Length", str(len(body))), *headers]
        head = "".join(f"{name}: {value}\r\n" for name, value in fields)
        message = f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body
        async with self._free, asyncio.timeout(TIMEOUT_SECONDS):
            while self._idle:
                with suppress(Unanswered, OSError):
                    return await self._exchange(self._idle.pop(), message)
            fresh = _Connection(
                *await asyncio.open_connection(self._host, self._port, ssl=self._tls)
            )
            return await self._exchange(fresh, message)

    async def _exchange(self, connection: "_Connection", message: bytes) -> Answer:
        try:
            answer = await connection.exchange(message)
        except BaseException:
            await connection.close()
            raise
        if answer.header("connection").lower() == "close":
            await connection.close()
        else:
            self._idle.append(connection)
        return answer


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def exchange(self, message: bytes) -> Answer:
        self._writer.write(message)
        await self._writer.drain()
        try:
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            status_line, *rows = head.rstrip("\r\n").split("\r\n")
            pairs = (row.partition(":") for row in rows)
            headers = tuple((name.lower(), value.strip()) for name, _, value in pairs)
            answer = Answer(status=int(status_line.split(" ")[1]), headers=headers, body=b"")
            return Answer(status=answer.status, headers=headers, body=await self._body(answer))
        except asyncio.IncompleteReadError as error:
            raise Unanswered("the connection ended before the answer did") from error

    async def _body(self, answer: Answer) -> bytes:
        if answer.status in _NO_BODY:
            return b""
        if answer.header("transfer-encoding").lower() != "chunked":
            return await self._reader.readexactly(int(answer.header("content-length") or 0))
        parts = []
        while size := int((await self._reader.readline()).split(b";")[0], 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readline()
        await self._reader.readline()
        return b"".join(parts)
