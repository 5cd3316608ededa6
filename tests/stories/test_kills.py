"""Processes killed in the middle of a callback storm: nothing acknowledged is lost or doubled.

Real server, real PostgreSQL, real kill -9. `FAULT_ROUNDS` in the environment gives more rounds.
"""

import asyncio
import json
import os
import random
import signal
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text

from payment_service.composition import database_of, open_context
from payment_service.context import Context
from payment_service.db.database import Database
from payment_service.db.invariants import broken_invariants
from payment_service.db.migration import migrate
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import ConfigurationError, Unavailable
from payment_service.serving import started
from payment_service.settings import Settings, read_settings
from payment_service.use_cases.load_seeds import load_seeds
from payment_service.use_cases.start_checkout import start_checkout
from tests.builders import (
    Opened,
    add_officers,
    ask_payment,
    issue_client,
    open_account,
    open_endpoint,
)
from tests.payment_service.use_cases.days import vnpay_ipn

PAYMENTS = 150
COPIES = 3
SENDERS = 12
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
DONE = {"00", "02"}

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@dataclass(slots=True)
class Storm:
    """What is to be sent, and what was acknowledged."""

    base_url: str
    path: str
    queries: dict[str, bytes]
    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    stopped: bool = False

    async def send_all(self) -> None:
        """Send every notice several times in random order, again whenever nobody answered."""
        waiting = [transaction for transaction in self.queries for _ in range(COPIES)]
        random.Random(7).shuffle(waiting)  # noqa: S311 - an order, not a secret
        async with httpx.AsyncClient(timeout=20) as client:
            await asyncio.gather(*(self._send(client, waiting) for _ in range(SENDERS)))

    async def _send(self, client: httpx.AsyncClient, waiting: list[str]) -> None:
        while waiting:
            transaction = waiting.pop()
            address = f"{self.base_url}{self.path}?{self.queries[transaction].decode()}"
            try:
                answer = await client.get(address)
                code = answer.json()["RspCode"] if answer.status_code == httpx.codes.OK else ""
            except (httpx.HTTPError, json.JSONDecodeError):
                code = ""
            if code in DONE:
                self.acknowledged[transaction] = self.acknowledged.get(transaction, 0) + 1
                continue
            if code not in {"", "99"}:
                self.refused.append(code)
            if self.stopped:
                return
            waiting.insert(0, transaction)
            await asyncio.sleep(0.05)


def _settings(folder: Path) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    values = {"DATA_FOLDER": str(folder), "PORT": str(port), "WORKERS": "2", "POOL_SIZE": "4"}
    return read_settings({f"PAYMENT_SERVICE_{name}": value for name, value in values.items()})


async def _prepare(context: Context) -> tuple[Opened, dict[str, bytes]]:
    """Ask for payments, start an attempt for each, and sign the notice of its success."""
    today = business_date(datetime.now(UTC), None)
    await load_seeds(context)
    account_id = await open_account(context, *await add_officers(context), opening_on=today)
    opened = await open_endpoint(context, account_id, "vnpay")
    client_id, _ = await issue_client(context)
    queries = {}
    for number in range(PAYMENTS):
        asked = await ask_payment(context, client_id, dossier_code=f"H24.11-261122-{number:04}")
        token = asked["links"]["pay"].rsplit("/", 1)[-1]
        address = await start_checkout(context, token, "127.0.0.1", "vi")
        reference = parse_qs(urlsplit(address).query)["vnp_TxnRef"][0]
        transaction = f"{14_000_000 + number}"
        queries[transaction] = vnpay_ipn(opened, reference, 10_000, transaction, today).query
    return opened, queries


def _start(stack: ExitStack, settings: Settings) -> int:
    """Start the server once workers of a killed one left the port and the database recovered."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return stack.enter_context(started(settings)).pid
        except (ConfigurationError, Unavailable):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _workers(pid: int) -> list[int]:
    """Return the server's worker processes, not the tracker that multiprocessing adds."""
    listings = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for each in listings for child in each.read_text("ascii").split()]
    return [
        child
        for child in children
        if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


async def _kill_things(settings: Settings, folder: Path, stack: ExitStack, server: int) -> None:
    chance = random.Random(11)  # noqa: S311 - moments, not secrets
    for _ in range(ROUNDS):
        await asyncio.sleep(chance.uniform(0.2, 0.8))
        postmaster = (folder / "postgresql/cluster/postmaster.pid").read_text("utf-8").split()[0]
        os.kill(int(postmaster), signal.SIGKILL)
        await asyncio.sleep(chance.uniform(1.0, 2.0))
        os.kill(_workers(server)[0], signal.SIGKILL)
        await asyncio.sleep(chance.uniform(0.5, 1.5))
        os.kill(server, signal.SIGKILL)
        server = await asyncio.to_thread(_start, stack, settings)


@pytest.mark.xdist_group("kills")
async def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    with database_of(settings) as complete, ExitStack() as stack:
        assert complete.database_url
        owner = Database(complete.database_url, role=None)
        await migrate(owner)
        await owner.close()
        async with open_context(complete) as context:
            opened, queries = await _prepare(context)
        server = await asyncio.to_thread(_start, stack, complete)
        storm = Storm(complete.public_url, opened.path, queries)
        sending = asyncio.create_task(storm.send_all())
        await _kill_things(complete, tmp_path, stack, server)
        await asyncio.wait_for(sending, 60)
        assert storm.refused == []
        assert storm.acknowledged == dict.fromkeys(queries, COPIES)
        async with open_context(replace(complete, pool_size=2)) as context:
            await _assert_booked_once(context, set(storm.acknowledged))


async def _assert_booked_once(context: Context, acknowledged: set[str]) -> None:
    async with context.database.read_only(snapshot=True) as connection:
        assert await broken_invariants(connection) == {}
        rows = await connection.execute(
            text("SELECT provider_transaction, amount_minor, applied_minor FROM money")
        )
        found = [tuple(row) for row in rows]
        assert sorted(found) == sorted((each, 10_000, 10_000) for each in acknowledged)
        entries = text("SELECT count(*) FROM journal_entry WHERE rule = 'gateway_notice'")
        assert (await connection.execute(entries)).scalar_one() == len(acknowledged)
