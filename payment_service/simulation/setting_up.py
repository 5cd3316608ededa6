"""Makes the outside world: accounts at big banks for every unit, fresh keys, two officers.

Numbers follow from the seed; keys and passwords never do.
"""

import secrets
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from payment_service.simulation.places import Officer, Place, Surroundings

BANKS: Final = {
    "970436": "mt940",
    "970415": "mt940",
    "970418": "mt940",
    "970405": "mt940",
    "970422": "mt940",
    "970407": "camt053",
    "970416": "camt053",
}
"""Vietcombank, VietinBank, BIDV, Agribank, MB, Techcombank, ACB, and how each writes statements."""

UNSIGNED_BANK: Final = "970436"
UNSIGNED_PLACES: Final = 2
WEBHOOK_EVERY: Final = 3
CHECKOUT_URL: Final = "https://gateway.example/paymentv2/vpcpay.html"


def make_surroundings(unit_codes: Sequence[str], *, seed: int, opening_on: date) -> Surroundings:
    """Return accounts for these units; two of them at a bank that signs nothing."""
    random = Random(f"places:{seed}")  # noqa: S311 - a reproducible play, not a secret
    places = [
        _make_place(unit_code, position, random, opening_on)
        for position, unit_code in enumerate(unit_codes)
    ]
    for place in places[-UNSIGNED_PLACES:]:
        place.bank_bin, place.statement_format = UNSIGNED_BANK, "csv"
    return Surroundings(
        api_key="",
        officers=_make_officers(),
        bank_keys={bank_bin: _make_rsa_key() for bank_bin in BANKS},
        places=places,
    )


def public_key(private_pem: str) -> bytes:
    """Return the public half of a bank's key as PEM."""
    key = load_pem_private_key(private_pem.encode(), None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _make_rsa_key() -> str:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _make_place(unit_code: str, position: int, random: Random, opening_on: date) -> Place:
    bank_bin = random.choice(sorted(BANKS))
    return Place(
        unit_code=unit_code,
        bank_bin=bank_bin,
        account_number=f"{random.randint(10, 99)}{unit_code}{random.randint(0, 99999):05d}",
        statement_format=BANKS[bank_bin],
        vnpay_merchant=f"HP{unit_code}{position:03d}",
        vnpay_secret=secrets.token_hex(16),
        webhook_secret=secrets.token_hex(16) if position % WEBHOOK_EVERY == 0 else "",
        balance_minor=random.randint(0, 40_000) * 1_000,
        closed_on=opening_on,
    )


def _make_officers() -> list[Officer]:
    return [
        Officer(
            username=username,
            full_name=full_name,
            identity_number=f"0312000000{position:02d}",
            password=secrets.token_urlsafe(12),
            role=role,
        )
        for position, (username, full_name, role) in enumerate(
            (
                ("lan", "Nguyễn Thị Lan", "finance_officer"),
                ("minh", "Trần Văn Minh", "approver"),
            )
        )
    ]
