"""The units' accounts and callback addresses as banks and gateways know them, with their secrets.

Kept in one private file beside the service's data, so that a later simulation can go on from there.
"""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

SURROUNDINGS_FILE = "simulation.json"


class Address(msgspec.Struct, kw_only=True):
    """One unit at one gateway or bank: its name there, the key as these hold it, where they call.

    `url` is empty until the service opened the address.
    """

    merchant: str
    material: str
    url: str = ""

    @property
    def path(self) -> str:
        """What follows the service's name in the address."""
        return urlsplit(self.url).path


class Place(msgspec.Struct, kw_only=True):
    """One unit with its account, and by channel who tells of payments to it.

    `statement_format` is `mt940`, `camt053` or `csv`; a bank that writes CSV signs nothing, and
    nobody tells of payments to its accounts.
    `balance_minor` is the last closing balance and `statements` counts the statements of it.
    """

    unit_code: str
    bank_bin: str
    account_number: str
    account_id: str = ""
    statement_format: str = "mt940"
    gateways: dict[str, Address] = {}
    banks: dict[str, Address] = {}
    balance_minor: int = 0
    closed_on: date = date(2000, 1, 1)
    statements: int = 0

    @property
    def is_signed(self) -> bool:
        """Whether its bank signs what it says."""
        return self.statement_format != "csv"


class Officer(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody of the staff with the password of this simulation."""

    username: str
    full_name: str
    identity_number: str
    password: str
    role: str


class Surroundings(msgspec.Struct, kw_only=True):
    """Everything outside the service: its API key, its officers, accounts and banks' keys."""

    api_key: str
    officers: list[Officer]
    bank_keys: dict[str, str]
    places: list[Place]
    lives: int = 0
    gateway_port: int = 0


def write_surroundings(surroundings: Surroundings, path: Path) -> None:
    """Write the private file, readable by its owner only."""
    path.touch(mode=0o600)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(surroundings), indent=1))


def read_surroundings(path: Path) -> Surroundings:
    """Read the private file; raises `FileNotFoundError` when nothing was set up here."""
    return msgspec.json.decode(path.read_bytes(), type=Surroundings)
