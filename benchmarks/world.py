"""A fresh service to measure: embedded PostgreSQL, seeds, people, one account and its addresses.

Everything is made by the use cases; only many equal requests are copied (`copies`).
"""

import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bank_adapters.contract import Algorithm
from payment_service.composition import open_context
from payment_service.context import Context
from payment_service.db import accounts, people
from payment_service.db.database import Database
from payment_service.db.embedded import EmbeddedPostgres
from payment_service.db.migration import migrate
from payment_service.db.passwords import key_sha256
from payment_service.domain.calendar import business_date
from payment_service.settings import Settings
from payment_service.use_cases.add_people import NewPerson, add_people
from payment_service.use_cases.decide_approval import decide_approval
from payment_service.use_cases.issue_client_key import issue_client_key
from payment_service.use_cases.load_seeds import load_seeds
from payment_service.use_cases.register_account import ProposedAccount, register_account
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint

HOST = "127.0.0.1"
UNIT = "11329"
BANK = "970436"
VNPAY_SECRET = b"benchmark-KMNPQRSTUVWXYZ23456789"
VNPAY_MERCHANT = "HPBENCH1"
STOP_SECONDS_MAX = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A running database with one unit that collects."""

    settings: Settings
    server: EmbeddedPostgres
    context: Context
    client_id: UUID
    client_key: str
    account_id: UUID
    account_number: str
    account_group_id: UUID
    opened_on: date
    bank_key: RSAPrivateKey
    vnpay_path: str
    bank_path: str


@contextmanager
def _emptied_folder() -> Iterator[Path]:
    """Yield an empty folder that is gone at the end, once the server has left it."""
    folder = Path(tempfile.mkdtemp(prefix="benchmarks-"))
    try:
        yield folder
    finally:
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while folder.exists() and time.monotonic() < deadline:
            shutil.rmtree(folder, ignore_errors=True)
            time.sleep(0.2)


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    """Start a server in an empty folder and fill it; both are gone at the end."""
    with _emptied_folder() as folder, EmbeddedPostgres.start(folder / "postgresql") as server:
        owner = Database(server.database_url, pool_size=1, role=None)
        try:
            await migrate(owner)
        finally:
            await owner.close()
        settings = Settings(
            database_url=server.database_url,
            data_folder=folder,
            public_url=f"http://{HOST}",
            host=HOST,
            port=8080,
            workers=2,
            pool_size=8,
            master_key_file=folder / "master.key",
            clock_file=None,
            allow_test_keys=False,
        )
        async with open_context(settings) as context:
            await load_seeds(context)
            yield await _fill(context, settings, server)


async def _fill(context: Context, settings: Settings, server: EmbeddedPostgres) -> World:
    opened_on = business_date(context.clock(), None) - timedelta(days=1)
    account_number = f"{UNIT}00001"
    account_id = await _open_account(context, account_number, opened_on)
    async with context.database.read_only() as connection:
        account = await accounts.find_account(connection, account_id)
    if account is None:
        raise RuntimeError("the account that was just opened is not there")
    bank_key = generate_private_key(public_exponent=65537, key_size=2048)
    public_key = bank_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    client_key = await issue_client_key(context, "benchmarks")
    async with context.database.read_only() as connection:
        client_id = await people.find_client_id(connection, key_sha256(client_key))
    if client_id is None:
        raise RuntimeError("the client that was just registered is not there")
    return World(
        settings=settings,
        server=server,
        context=context,
        client_id=client_id,
        client_key=client_key,
        account_id=account_id,
        account_number=account_number,
        account_group_id=account.account_group_id,
        opened_on=opened_on,
        bank_key=bank_key,
        vnpay_path=await register_endpoint(
            context,
            NewEndpoint(
                channel="vnpay",
                account_id=account_id,
                merchant=VNPAY_MERCHANT,
                algorithm=Algorithm.HMAC_SHA512_HEX,
                material=VNPAY_SECRET,
                checkout_base_url="http://127.0.0.1/paymentv2/vpcpay.html",
            ),
        ),
        bank_path=await register_endpoint(
            context,
            NewEndpoint(
                channel="rsabank",
                account_id=account_id,
                merchant=account_number,
                algorithm=Algorithm.RSA_SHA256,
                material=public_key,
            ),
        ),
    )


async def _open_account(context: Context, account_number: str, opened_on: date) -> UUID:
    names = (("lan", "Nguyễn Thị Lan", "031190000001", "finance_officer"),
             ("minh", "Trần Văn Minh", "031190000002", "approver"))  # fmt: skip
    new = [
        NewPerson(
            username=username,
            full_name=full_name,
            identity_number=identity_number,
            password="mot mat khau dai",  # noqa: S106 - of a database that lives for minutes
            role=role,
        )
        for username, full_name, identity_number, role in names
    ]
    await add_people(context, new, only_when_empty=True)
    async with context.database.read_only() as connection:
        officer = await people.find_person(connection, "lan")
        approver = await people.find_person(connection, "minh")
    if officer is None or approver is None:
        raise RuntimeError("the people that were just added are not there")
    account_id = await register_account(
        context,
        officer,
        ProposedAccount(
            unit_code=UNIT,
            bank_bin=BANK,
            account_number=account_number,
            holder_name="UBND PHUONG NGO QUYEN",
            decision_number="12/QĐ-UBND",
            opening_balance_minor=0,
            opening_on=opened_on,
        ),
    )
    async with context.database.read_only() as connection:
        [waiting] = await accounts.open_approvals(connection)
    await decide_approval(context, approver, waiting.approval_id, is_approved=True)
    return account_id
