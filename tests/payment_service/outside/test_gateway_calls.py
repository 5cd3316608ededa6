"""A gateway's answer comes whole and in time, or the caller is told that there is none."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from bank_adapters.outgoing import ANSWER_BYTES_MAX, OutgoingRequest
from payment_service.domain.errors import GatewaySilent, GatewayUnavailable
from payment_service.outside import gateway_calls
from payment_service.outside.gateway_calls import GatewayCalls

pytestmark = pytest.mark.anyio
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _gateway(serve: Serve, heard: list[bytes] | None = None) -> AsyncIterator[str]:
    served: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            served.add(task)
        with suppress(ConnectionError):
            asked = await reader.readuntil(b"\r\n\r\n")
            if heard is not None:
                heard.append(asked)
            await serve(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/query"
    server.close()
    await asyncio.gather(*served)


def _says(text: bytes) -> Serve:
    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()

    return serve


async def _send(url: str) -> tuple[int, bytes, tuple[tuple[str, bytes], ...]]:
    calls = GatewayCalls()
    try:
        answer = await calls.send(OutgoingRequest(method="GET", url=url))
    finally:
        await calls.close()
    return answer.status, answer.body, answer.headers


async def test_an_answer_comes_as_it_was_sent() -> None:
    text = b"HTTP/1.1 418 No\r\nX-Sign: \xc3\xa9\r\nContent-Length: 2\r\n\r\n{}"
    async with _gateway(_says(text)) as url:
        status, body, headers = await _send(url)
    assert (status, body, dict(headers)["x-sign"]) == (418, b"{}", b"\xc3\xa9")


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    text = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    async with _gateway(_says(text)) as url:
        assert (await _send(url))[0] == 302


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"no HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * (ANSWER_BYTES_MAX + 1),
    ],
    ids=["nothing", "cut", "garbage", "endless"],
)
async def test_half_an_answer_is_none(text: bytes) -> None:
    async with _gateway(_says(text)) as url:
        with pytest.raises(GatewaySilent):
            await _send(url)


@pytest.mark.parametrize("coding", [b"gzip", b"GZIP", b"deflate", b"br", b"identity, gzip"])
async def test_a_packed_answer_is_refused_unopened(coding: bytes) -> None:
    packed = gzip.compress(b"{}")
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n"
    async with _gateway(_says(head % (coding, len(packed)) + packed)) as url:
        with pytest.raises(GatewayUnavailable):
            await _send(url)


async def test_an_answer_is_asked_for_as_it_is_and_counted_as_it_comes() -> None:
    heard: list[bytes] = []

    text = b"HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}"
    async with _gateway(_says(text), heard) as url:
        assert (await _send(url))[1] == b"{}"
    [asked] = heard
    assert b"accept-encoding: identity\r\n" in asked.lower()
    assert asked.lower().count(b"accept-encoding") == 1


async def test_nobody_is_waited_for_longer_than_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway_calls, "ANSWER_SECONDS_MAX", 0.2)
    asleep = asyncio.Event()

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not asleep.is_set():
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with _gateway(drip) as url:
        with pytest.raises(GatewaySilent):
            await _send(url)
        asleep.set()


async def test_a_closed_port_is_nobody() -> None:
    with pytest.raises(GatewayUnavailable) as raised:
        await _send("http://127.0.0.1:9/")
    assert raised.type is not GatewaySilent, "nobody can have got it"
