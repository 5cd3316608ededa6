"""Keys: only a live one opens the API, and every wrong one is told the same."""

import asyncio

import httpx
import pytest
from sqlalchemy import text

from payment_service.context import Context
from payment_service.web.api.authentication import KNOWN_SECONDS
from tests.web import REQUESTS

pytestmark = pytest.mark.anyio


WRONG = [
    None, b"", b"Bearer", b"Bearer ", b"Bearer x", b"Basic YTpi", b"Bearer " + b"a" * 43,
    b"Bearer " + b"\xc3\xa9" * 20, b"Bearer \xff\xfe", b"Bearer " + b"a" * 10_000, b"Bearer a b",
    b"\xff",
]  # fmt: skip


async def test_every_wrong_key_is_told_the_same(client: httpx.AsyncClient) -> None:
    for value in WRONG:
        headers = {} if value is None else {b"authorization": value}
        answer = await client.get(REQUESTS, headers=headers)
        problem = answer.json()
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert problem["code"] == "unauthenticated"
        assert problem["detail"] == "a live key is needed: Authorization: Bearer <key>"


async def test_a_key_is_asked_for_before_anything_else(client: httpx.AsyncClient) -> None:
    assert (await client.post(REQUESTS, content=b"[" * 9)).status_code == 401
    assert (await client.get(f"{REQUESTS}?unknown=1")).status_code == 401


async def test_two_keys_are_none(caller: httpx.AsyncClient) -> None:
    value = caller.headers["authorization"]
    headers = [("authorization", value), ("authorization", value)]
    assert (await caller.request("GET", REQUESTS, headers=headers)).status_code == 401


async def test_a_revoked_key_is_out_within_five_seconds(
    context: Context, caller: httpx.AsyncClient
) -> None:
    assert (await caller.get(REQUESTS)).status_code == 200
    async with context.database.transaction() as connection:
        await connection.execute(text("UPDATE api_client SET revoked_at = now()"))
    assert KNOWN_SECONDS < 5
    await asyncio.sleep(KNOWN_SECONDS)
    assert (await caller.get(REQUESTS)).status_code == 401
