"""Makes the outside world: accounts at big banks for every unit, fresh keys, two officers.

Numbers follow from the seed; keys and passwords never do.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date
from random import Random
from typing import Final

from bank_adapters.counterpart import banks
from payment_service.simulation.keys import (
    EVERYWHERE,
    GATEWAYS,
    make_material,
    make_rsa_key,
)
from payment_service.simulation.places import Address, Officer, Place, Surroundings

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
SIGNED_FILES: Final = "rsabank"
"""The channel whose key signs statements too; every unit whose bank signs at all has it."""


def make_surroundings(unit_codes: Sequence[str], *, seed: int, opening_on: date) -> Surroundings:
    """Return accounts for these units; two of them at a bank that signs nothing."""
    random = Random(f"places:{seed}")  # noqa: S311 - a reproducible play, not a secret
    bank_keys = {bank_bin: make_rsa_key() for bank_bin in BANKS}
    places = [_make_place(unit_code, random, opening_on) for unit_code in unit_codes]
    for place in places[-UNSIGNED_PLACES:]:
        place.bank_bin, place.statement_format = UNSIGNED_BANK, "csv"
    for position, place in enumerate(places[:-UNSIGNED_PLACES]):
        further = _by_turns(GATEWAYS, EVERYWHERE, position)
        place.gateways = {
            channel: make_address(channel, place.unit_code, position)
            for channel in (EVERYWHERE, further)
        }
        further = _by_turns(banks.BANKS, SIGNED_FILES, position)
        place.banks = {
            SIGNED_FILES: _address_at_bank(place, bank_keys[place.bank_bin]),
            further: _address_at_bank(place, make_material(further)),
        }
    return Surroundings(
        api_key="",
        officers=_make_officers(),
        bank_keys=bank_keys,
        places=places,
    )


def _make_place(unit_code: str, random: Random, opening_on: date) -> Place:
    bank_bin = random.choice(sorted(BANKS))
    return Place(
        unit_code=unit_code,
        bank_bin=bank_bin,
        account_number=f"{random.randint(10, 99)}{unit_code}{random.randint(0, 99999):05d}",
        statement_format=BANKS[bank_bin],
        balance_minor=random.randint(0, 40_000) * 1_000,
        closed_on=opening_on,
    )


def make_address(channel: str, unit_code: str, position: int) -> Address:
    """Return what a gateway calls a unit, and fresh secrets of the form that it issues."""
    number = f"{unit_code}{position:03d}"
    is_short = channel in {"zalopay", "baokim"}
    return Address(merchant=number if is_short else f"HP{number}", material=make_material(channel))


def _address_at_bank(place: Place, material: str) -> Address:
    return Address(merchant=place.account_number, material=material)


def _by_turns(channels: Iterable[str], everywhere: str, position: int) -> str:
    further = [channel for channel in channels if channel != everywhere]
    return further[position % len(further)]


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
