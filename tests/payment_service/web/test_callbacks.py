"""Callbacks over HTTP: kept before they are acted on, answered in each sender's own words."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from bank_adapters.contract import CALLBACK_BODY_BYTES_MAX, Outcome
from bank_adapters.registry import DIALECTS
from payment_service.context import Context
from payment_service.db.database import Database
from payment_service.db.sealing import Sealer
from payment_service.use_cases.start_checkout import start_checkout
from tests.builders import Opened, ask_payment, open_endpoint
from tests.callbacks import callback, notice, send
from tests.postgres import MovableClock, context_over
from tests.web import browsing

pytestmark = pytest.mark.anyio
CHANNELS = ("vnpay", "rsabank", "webhookbank")


@pytest.fixture
async def opened(context: Context, account: UUID) -> dict[str, Opened]:
    """Return an address of every channel."""
    return {channel: await open_endpoint(context, account, channel) for channel in CHANNELS}


def is_answer(answer: httpx.Response, channel: str, outcome: Outcome) -> bool:
    expected = DIALECTS[channel].acknowledge(outcome)
    # The framework names the character set of plain text.
    content_type = answer.headers["content-type"].removesuffix("; charset=utf-8")
    return (answer.status_code, content_type, answer.content) == (
        expected.status,
        expected.content_type,
        expected.body,
    )


async def count(context: Context, table: str) -> int:
    async with context.database.read_only() as connection:
        query = text(f"SELECT count(*) FROM {table}")
        return int((await connection.execute(query)).scalar_one())


@pytest.mark.parametrize("channel", ["rsabank", "webhookbank"])
async def test_a_transfer_is_recorded_once(
    context: Context, client: httpx.AsyncClient, client_id: UUID, opened: dict[str, Opened],
    clock: MovableClock, channel: str,
) -> None:  # fmt: skip
    asked = await ask_payment(context, client_id)
    told = notice(opened[channel], memo=asked["reference"], amount_minor=10_000)
    request = callback(opened[channel], told, clock())
    first = await send(client, opened[channel], request)
    assert is_answer(first, channel, Outcome.RECORDED)
    again = await send(client, opened[channel], request)
    assert again.content == first.content
    # The other channel of the same bank tells of the same credit.
    other = opened["webhookbank" if channel == "rsabank" else "rsabank"]
    told_again = callback(other, replace(told, merchant=other.merchant), clock())
    assert is_answer(await send(client, other, told_again), other.channel, Outcome.ALREADY_RECORDED)
    assert await count(context, "money") == 1
    assert await count(context, "inbound_message") == 2


async def test_a_gateway_payment_is_recorded_once_however_often_it_comes(
    context: Context, client: httpx.AsyncClient, client_id: UUID, opened: dict[str, Opened],
    clock: MovableClock,
) -> None:  # fmt: skip
    asked = await ask_payment(context, client_id)
    token = asked["links"]["pay"].rsplit("/", 1)[-1]
    checkout = httpx.URL(await start_checkout(context, token, "127.0.0.1", "vi"))
    told = notice(opened["vnpay"], amount_minor=10_000, our_reference=checkout.params["vnp_TxnRef"])
    request = callback(opened["vnpay"], told, clock())
    answers = await asyncio.gather(*(send(client, opened["vnpay"], request) for _ in range(20)))
    outcomes = {answer.json()["RspCode"] for answer in answers}
    assert outcomes == {"00"}, "a copy gets the answer that the first one got"
    assert await count(context, "money") == 1
    figures = (await client.get("/metrics")).text
    counted = 'payment_service_callbacks_total{channel="vnpay",outcome="recorded"} 20.0'
    assert counted in figures


async def test_what_nobody_signed_leaves_no_trace(
    context: Context, client: httpx.AsyncClient, opened: dict[str, Opened], clock: MovableClock,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for channel, address in opened.items():
        good = callback(address, notice(address, amount_minor=10_000, our_reference="X1"), clock())
        query = good.query.replace(b"1000000", b"9000000")
        body = good.body.replace(b"10000", b"90000")
        unsigned = tuple(pair for pair in good.headers if "signature" not in pair[0])
        odd = tuple((n, b"\xff\xc3" if "signature" in n else v) for n, v in good.headers)
        changed = [replace(good, query=query, body=body)]
        if channel != "vnpay":
            changed += [replace(good, headers=unsigned), replace(good, headers=odd)]
        for request in changed:
            answer = await send(client, address, request)
            assert is_answer(answer, channel, Outcome.REJECTED)
    assert await count(context, "inbound_message") == 0
    logged = capfd.readouterr()
    assert "callback refused" in logged.out + logged.err
    assert "90000" not in logged.out + logged.err


async def test_genuine_but_useless_messages_are_kept_and_named(
    context: Context, client: httpx.AsyncClient, opened: dict[str, Opened], clock: MovableClock
) -> None:
    vnpay, bank = opened["vnpay"], opened["rsabank"]
    told = notice(vnpay, amount_minor=10_000, our_reference="HPFAAAAAAAAAA001")
    expected = [
        (vnpay, told, Outcome.UNKNOWN_REFERENCE),
        (vnpay, replace(told, merchant="OTHER001"), Outcome.OTHER_MERCHANT),
        (bank, notice(bank, amount_minor=10_000, memo="khong ro"), Outcome.UNKNOWN_REFERENCE),
    ]
    for address, each, outcome in expected:
        answer = await send(client, address, callback(address, each, clock()))
        assert is_answer(answer, address.channel, outcome)
    assert await count(context, "message_outcome") == 3
    assert await count(context, "break_case") == 3


async def test_methods_and_addresses(client: httpx.AsyncClient, opened: dict[str, Opened]) -> None:
    for channel, address in opened.items():
        right = DIALECTS[channel].method
        for method in {"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"} - {right}:
            answer = await client.request(method, address.path)
            assert (answer.status_code, answer.headers["allow"]) == (405, right)
        for path in (
            f"/callbacks/{channel}/nosuchaddress",
            f"/callbacks/unknown/{address.slug}",
            f"/callbacks/{channel}/%00%ff",
            f"/callbacks/{channel}/{'a' * 200}",
        ):
            answer = await client.request(right, path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    crossed = f"/callbacks/rsabank/{opened['webhookbank'].slug}"
    assert (await client.post(crossed)).status_code == 404


async def test_a_body_fits_and_is_not_packed(
    client: httpx.AsyncClient, opened: dict[str, Opened]
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(65):
            yield b"[" * 1024

    address = opened["rsabank"].path
    for body in (b"[" * (CALLBACK_BODY_BYTES_MAX + 1), chunks()):
        answer = await client.post(address, content=body)
        assert (answer.status_code, answer.json()["code"]) == (413, "content-too-large")
    largest = await client.post(address, content=b"[" * CALLBACK_BODY_BYTES_MAX)
    assert is_answer(largest, "rsabank", Outcome.REJECTED)
    packed = await client.post(address, content=b"x", headers={"content-encoding": "gzip"})
    assert packed.status_code == 415


async def test_our_own_faults_are_never_success(
    context: Context, opened: dict[str, Opened], clock: MovableClock,
    database_url: str,
) -> None:  # fmt: skip
    told = {
        channel: callback(address, notice(address, amount_minor=5, our_reference="X1"), clock())
        for channel, address in opened.items()
    }

    async def require_retry(faulty: Context) -> None:
        async with browsing(faulty) as client:
            for channel, address in opened.items():
                answer = await send(client, address, told[channel])
                assert is_answer(answer, channel, Outcome.RETRY_LATER)

    await require_retry(replace(context, sealer=Sealer(os.urandom(32))))
    owner = Database(database_url, role=None, pool_size=1)
    async with owner.transaction() as connection:
        await connection.execute(text("ALTER TABLE message_outcome RENAME TO lost"))
    await require_retry(context)
    async with owner.transaction() as connection:
        await connection.execute(text("ALTER TABLE lost RENAME TO message_outcome"))
    await owner.close()
    assert await count(context, "message_outcome") == 0
    # What was kept before the fault is acted on when the sender comes again.
    async with browsing(context) as client:
        for channel, address in opened.items():
            answer = await send(client, address, told[channel])
            assert is_answer(answer, channel, Outcome.UNKNOWN_REFERENCE)


@pytest.mark.parametrize("channel", DIALECTS)
async def test_a_database_that_is_away_is_answered_with_try_again(
    clock: MovableClock, tmp_path: Path, channel: str
) -> None:
    gone = Database("postgresql+asyncpg://nobody@/nothing?host=/nowhere")
    async with browsing(context_over(gone, clock, tmp_path), is_opened=False) as client:
        answer = await client.request(DIALECTS[channel].method, f"/callbacks/{channel}/anyaddress")
        assert is_answer(answer, channel, Outcome.RETRY_LATER)
        assert not is_answer(answer, channel, Outcome.RECORDED)
    await gone.close()
