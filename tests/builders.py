"""Builds what tests start from, through the real use cases; nothing is written past them."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bank_adapters.contract import Algorithm
from payment_service.context import Context
from payment_service.db import accounts, people
from payment_service.db.passwords import key_sha256
from payment_service.db.people import Person
from payment_service.use_cases.add_people import NewPerson, add_people
from payment_service.use_cases.decide_approval import decide_approval
from payment_service.use_cases.issue_client_key import issue_client_key
from payment_service.use_cases.register_account import ProposedAccount, register_account
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from payment_service.use_cases.request_payment import (
    AskedLine,
    AskedPayment,
    Call,
    request_payment,
)

UNIT = "11329"
"""Phường Ngô Quyền."""
BANK = "970436"
OPENED_ON = date(2026, 11, 22)
PASSWORD = "mot mat khau dai"
CHECKOUT_URL = "https://gateway.test/paymentv2/vpcpay.html"
CERTIFIED_COPY = AskedLine(
    fee_kind="chung-thuc-ban-sao", procedure_code="2.000815", variant="", quantity=2
)
"""A fee of 4.000 đồng."""
SIGNATURE_CERTIFICATION = AskedLine(
    fee_kind="chung-thuc-chu-ky", procedure_code="2.000884", variant="", quantity=1
)
"""A fee of 10.000 đồng."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A callback address with the other side's key: a shared secret, or the bank's private key."""

    channel: str
    path: str
    slug: str
    merchant: str
    account_number: str
    secret_or_private_key: bytes | RSAPrivateKey

    @property
    def secret(self) -> bytes:
        """The shared secret."""
        assert isinstance(self.secret_or_private_key, bytes)
        return self.secret_or_private_key

    @property
    def private_key(self) -> RSAPrivateKey:
        """The bank's private key."""
        assert isinstance(self.secret_or_private_key, RSAPrivateKey)
        return self.secret_or_private_key


@lru_cache
def bank_key() -> RSAPrivateKey:
    """Return the one RSA key of the bank; making one takes long."""
    return generate_private_key(public_exponent=65537, key_size=2048)


async def add_officers(context: Context) -> tuple[Person, Person]:
    """Add a finance officer and an approver; both log in with `PASSWORD`."""
    new = [
        NewPerson(
            username=username,
            full_name=full_name,
            identity_number=identity_number,
            password=PASSWORD,
            role=role,
        )
        for username, full_name, identity_number, role in (
            ("lan", "Nguyễn Thị Lan", "031190000001", "finance_officer"),
            ("minh", "Trần Văn Minh", "031190000002", "approver"),
        )
    ]
    await add_people(context, new, only_when_empty=True)
    async with context.database.read_only() as connection:
        officer = await people.find_person(connection, "lan")
        approver = await people.find_person(connection, "minh")
    assert officer is not None
    assert approver is not None
    return officer, approver


async def open_account(
    context: Context,
    officer: Person,
    approver: Person,
    unit_code: str = UNIT,
    opening_balance_minor: int = 0,
    *,
    account_number: str | None = None,
    opening_on: date = OPENED_ON,
) -> UUID:
    """Open a live collection account: proposed by one person, approved by another."""
    account_id = await register_account(
        context,
        officer,
        ProposedAccount(
            unit_code=unit_code,
            bank_bin=BANK,
            account_number=account_number or f"{unit_code}00001",
            holder_name=f"UBND {unit_code}",
            decision_number="12/QĐ-UBND",
            opening_balance_minor=opening_balance_minor,
            opening_on=opening_on,
        ),
    )
    async with context.database.read_only() as connection:
        waiting = await accounts.open_approvals(connection)
    [approval] = [each for each in waiting if each.subject_id == account_id]
    await decide_approval(context, approver, approval.approval_id, is_approved=True)
    return account_id


async def open_endpoint(context: Context, account_id: UUID, channel: str) -> Opened:
    """Open a callback address of a channel (`vnpay`, `rsabank`, `webhookbank`) for an account."""
    async with context.database.read_only() as connection:
        account = await accounts.find_account(connection, account_id)
    assert account is not None
    key: bytes | RSAPrivateKey
    match channel:
        case "vnpay":
            merchant = f"HP{account.account_number[-6:]}"
            algorithm = Algorithm.HMAC_SHA512_HEX
            key = material = b"KMNPQRSTUVWXYZ23456789ABCDEFGHJK"
        case "rsabank":
            merchant, algorithm = account.account_number, Algorithm.RSA_SHA256
            key = bank_key()
            material = key.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            )
        case _:
            merchant, algorithm = account.account_number, Algorithm.STANDARD_WEBHOOKS_HMAC
            key = material = bytes(range(100, 132))
    path = await register_endpoint(
        context,
        NewEndpoint(
            channel=channel,
            account_id=account_id,
            merchant=merchant,
            algorithm=algorithm,
            material=material,
            checkout_base_url=CHECKOUT_URL if channel == "vnpay" else "",
        ),
    )
    return Opened(
        channel=channel,
        path=path,
        slug=path.rsplit("/", 1)[-1],
        merchant=merchant,
        account_number=account.account_number,
        secret_or_private_key=key,
    )


async def issue_client(context: Context, name: str = "Hệ thống một cửa") -> tuple[UUID, str]:
    """Register a dossier system and return its id and its key."""
    key = await issue_client_key(context, name)
    async with context.database.read_only() as connection:
        client_id = await people.find_client_id(connection, key_sha256(key))
    assert client_id is not None
    return client_id, key


async def ask_payment(
    context: Context,
    client_id: UUID,
    *,
    dossier_code: str = "H24.11-261122-0001",
    lines: Sequence[AskedLine] = (SIGNATURE_CERTIFICATION,),
    unit_code: str = UNIT,
    expires_in_days: int = 7,
    sequence: int = 1,
) -> dict[str, Any]:
    """Ask for money as a dossier system does and return the answer."""
    asked = AskedPayment(
        dossier_code=dossier_code,
        purpose="fee",
        sequence=sequence,
        collecting_unit=unit_code,
        receiving_unit=unit_code,
        competent_unit=unit_code,
        channel="online",
        payer_kind="individual",
        submitted_on=None,
        expires_in_days=expires_in_days,
        lines=tuple(lines),
    )
    call = Call(
        client_id=client_id,
        method="POST",
        path="/api/v1/payment-requests",
        key=uuid.uuid4().hex,
        body=repr(asked).encode(),
    )
    answer: dict[str, Any] = json.loads(await request_payment(context, asked, call))
    return answer
