"""The client keeps connections, reads both kinds of bodies, and replaces what the server closed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from payment_service.simulation.http_client import HttpClient, Unanswered

pytestmark = pytest.mark.anyio

PLAIN = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX-A: 1\r\n\r\nok"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
)
LAST = b"HTTP/1.1 303 See Other\r\nLocation: /x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Server:
    """Answers every request with the next of its answers; an empty one closes the connection."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            self.requests.append(head + await reader.readexactly(size))
            answer = self.answers.pop(0)
            writer.write(answer)
            await writer.drain()
            if not answer or b"close" in answer:
                break
        writer.close()


@asynccontextmanager
async def talking_to(server: Server, connections: int = 8) -> AsyncIterator[HttpClient]:
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    async with listener, HttpClient(address, connections=connections) as client:
        yield client


async def test_one_connection_serves_several_requests() -> None:
    server = Server(PLAIN, CHUNKED)
    async with talking_to(server) as client:
        first = await client.send("POST", "/a?b=c", headers=(("X-B", "2"),), body=b"body")
        second = await client.send("GET", "/")
    assert (first.status, first.body, first.header("x-a")) == (201, b"ok", "1")
    assert second.body == b"abcde"
    assert server.connections == 1
    assert server.requests[0].startswith(b"POST /a?b=c HTTP/1.1\r\n")
    assert b"X-B: 2\r\n" in server.requests[0]
    assert server.requests[0].endswith(b"\r\n\r\nbody")


async def test_a_connection_that_the_server_closes_is_replaced() -> None:
    server = Server(LAST, PLAIN)
    async with talking_to(server) as client:
        assert (await client.send("GET", "/")).header("location") == "/x"
        assert (await client.send("GET", "/")).body == b"ok"
    assert server.connections == 2


async def test_a_kept_connection_that_ended_meanwhile_is_tried_anew() -> None:
    server = Server(PLAIN, b"", PLAIN)
    async with talking_to(server) as client:
        await client.send("GET", "/")
        assert (await client.send("GET", "/")).status == 201
    assert server.connections == 2


async def test_a_fresh_connection_without_an_answer_is_an_error() -> None:
    async with talking_to(Server(b"")) as client:
        with pytest.raises(Unanswered):
            await client.send("GET", "/")


async def test_no_more_connections_than_allowed() -> None:
    server = Server(*[PLAIN] * 12)
    async with talking_to(server, connections=3) as client:
        await asyncio.gather(*(client.send("GET", "/") for _ in range(12)))
    assert server.connections <= 3
