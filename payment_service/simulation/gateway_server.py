"""The senders' own services over HTTP on this machine: orders, questions and refunds arrive here.

An address is `/{channel}/{merchant}`; whatever follows belongs to the channel's own contract.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self

from bank_adapters.counterpart.banks import ASKED_BANKS
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.outgoing import Answer, OutgoingRequest
from bank_adapters.registry import DIALECTS

_HEAD_BYTES_MAX: Final = 64 * 1024
_REASON: Final = "Gateway"


@dataclass(slots=True, kw_only=True)
class Merchant:
    """One unit at one gateway: the key it was given, and the gateway's books about it."""

    material: bytes
    books: GatewayBooks = field(default_factory=GatewayBooks)


class GatewayServer:
    """Answers from the counterparts; a request that holds an `unanswered` text gets no answer."""

    def __init__(self, clock: Callable[[], datetime], port: int = 0) -> None:
        self.merchants: dict[tuple[str, str], Merchant] = {}
        self.unanswered: set[str] = set()
        self._clock = clock
        self._server: asyncio.Server | None = None
        self.port = port
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            for writer in self._writers:
                writer.close()

    def address_of(self, channel: str, merchant: str) -> str:
        """Return where a merchant finds a sender's services; empty for a bank that nobody asks."""
        if DIALECTS[channel].is_bank and channel not in ASKED_BANKS:
            return ""
        return f"http://127.0.0.1:{self.port}/{channel}/{merchant}"

    def enrol(self, channel: str, merchant: str, material: bytes) -> None:
        """Give a merchant books of its own."""
        self.merchants.setdefault((channel, merchant), Merchant(material=material))

    def answer(self, request: OutgoingRequest) -> Answer:
        """Answer one request as the gateway that it is addressed to."""
        path = request.url.split("?", 1)[0].removeprefix(f"http://127.0.0.1:{self.port}")
        _, channel, merchant, *_ = [*path.split("/"), "", ""]
        counterpart = COUNTERPARTS.get(channel) or ASKED_BANKS.get(channel)
        known = self.merchants.get((channel, merchant))
        if counterpart is None or known is None:
            return Answer(status=404, body=b"")
        return counterpart.answer(request, known.books, known.material, self._clock())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while request := await self._receive(reader):
                said = request.url.encode() + request.body
                if any(text.encode() in said for text in self.unanswered):
                    break
                writer.write(_written(self.answer(request)))
                await writer.drain()
        writer.close()

    async def _receive(self, reader: asyncio.StreamReader) -> OutgoingRequest | None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = tuple(
            (name.strip().lower(), value.strip())
            for name, _, value in (line.partition(":") for line in lines)
        )
        length = int(dict(headers).get("content-length", "0"))
        body = await reader.readexactly(length) if length else b""
        return OutgoingRequest(
            method=method,
            url=f"http://127.0.0.1:{self.port}{target}",
            headers=headers,
            body=body,
        )


def _written(answer: Answer) -> bytes:
    head = [f"HTTP/1.1 {answer.status} {_REASON}", f"content-length: {len(answer.body)}"]
    head += [f"{name}: {value.decode('latin-1')}" for name, value in answer.headers]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + answer.body
