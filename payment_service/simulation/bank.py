"""The banks: they book what happens on the units' accounts, tell of it, and write statements.

A statement file is closed before its signature appears, since the night takes signed files only.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bank_adapters.counterpart.statements import write_camt053, write_csv, write_mt940
from bank_adapters.vocabulary import Balance, Direction, Statement, StatementLine
from payment_service.simulation.lives import Life, TrueLine
from payment_service.simulation.places import Place, Surroundings

_SUFFIXES = {"mt940": "sta", "camt053": "xml", "csv": "csv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A line on an account before its statement is written."""

    bank_reference: str
    amount_minor: int
    direction: Direction
    narrative: str
    is_reversal: bool = False
    returned_reference: str = ""
    batch_reference: str = ""
    code: str = "NTRF"
    payer_account: str = ""
    payer_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """A statement as the bank hands it out; unsigned ones have no signature."""

    place: Place
    number: str
    name: str
    content: bytes
    signature: bytes
    closing_minor: int
    line_count: int


class Bank:
    """All banks of the simulated world together; each account is one of a place."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._keys: dict[str, RSAPrivateKey] = {}
        for bank_bin, pem in surroundings.bank_keys.items():
            key = load_pem_private_key(pem.encode(), None)
            if not isinstance(key, RSAPrivateKey):
                raise TypeError(f"the key of bank {bank_bin} is not an RSA key")
            self._keys[bank_bin] = key
        self.places = {place.unit_code: place for place in surroundings.places}
        self._booked: dict[str, list[Booked]] = {unit_code: [] for unit_code in self.places}
        self.true_lines: list[TrueLine] = []

    def book(
        self,
        life: Life,
        place: Place,
        booked: Booked,
        *,
        goes_to: str,
        is_readable: bool = True,
        scenario: str = "",
    ) -> None:
        """Book a line and remember what it really is for."""
        self._booked[place.unit_code].append(booked)
        life.names.add(booked.bank_reference)
        self.true_lines.append(
            TrueLine(
                bank_reference=booked.bank_reference,
                account_number=place.account_number,
                life=life.name,
                scenario=scenario or life.scenario,
                goes_to=goes_to,
                is_readable=is_readable,
            )
        )

    def true_line(self, bank_reference: str) -> TrueLine:
        """Return what is remembered of a line, so that a return can change it."""
        return next(line for line in self.true_lines if line.bank_reference == bank_reference)

    def has_lines(self, place: Place) -> bool:
        """Say whether anything happened on an account since its last statement."""
        return bool(self._booked[place.unit_code])

    def hide_lines(self, statement: Statement) -> None:
        """Note that nobody can read the lines of a statement that never comes into force."""
        hidden = {line.bank_reference for line in statement.lines}
        for line in self.true_lines:
            line.is_readable = line.is_readable and line.bank_reference not in hidden

    def close_day(self, place: Place, on: date) -> tuple[Statement, StatementFile]:
        """Write the statement of a day: every line since the last one, even if there is none."""
        lines = tuple(
            _line(position, booked, on)
            for position, booked in enumerate(
                sorted(self._booked[place.unit_code], key=lambda each: each.bank_reference), 1
            )
        )
        self._booked[place.unit_code] = []
        movement_minor = sum(
            line.amount_minor if line.direction is Direction.CREDIT else -line.amount_minor
            for line in lines
        )
        place.statements += 1
        statement = Statement(
            account=place.account_number,
            currency="VND",
            exponent=0,
            number=f"{place.statements:05d}",
            opening=Balance(amount_minor=place.balance_minor, currency="VND", on=on),
            closing=Balance(
                amount_minor=place.balance_minor + movement_minor, currency="VND", on=on
            ),
            lines=lines,
        )
        place.balance_minor += movement_minor
        place.closed_on = on
        return statement, self.write(place, statement)

    def write(self, place: Place, statement: Statement, *, version: str = "") -> StatementFile:
        """Write a statement in its bank's format and sign it."""
        closing = statement.closing
        if closing is None:
            raise ValueError("a bank closes its statements")
        match place.statement_format:
            case "camt053":
                written_at = datetime.combine(closing.on, time(16), UTC)
                content = write_camt053(statement, written_at)
            case "csv":
                content = write_csv(statement)
            case _:
                content = write_mt940(statement)
        suffix = _SUFFIXES[place.statement_format]
        name = f"{closing.on}-{place.bank_bin}-{place.account_number}-{statement.number}{version}"
        return StatementFile(
            place=place,
            number=statement.number,
            name=f"{name}.{suffix}",
            content=content,
            signature=self.sign(place, content),
            closing_minor=closing.amount_minor,
            line_count=len(statement.lines),
        )

    def sign(self, place: Place, content: bytes) -> bytes:
        """Sign bytes as the account's bank; empty for a bank that signs nothing."""
        if not place.is_signed:
            return b""
        signature = self._keys[place.bank_bin].sign(content, padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(signature)


def _line(position: int, booked: Booked, on: date) -> StatementLine:
    return StatementLine(
        position=position,
        source_line=0,
        booking_date=on,
        value_date=on,
        amount_minor=booked.amount_minor,
        direction=booked.direction,
        is_reversal=booked.is_reversal,
        bank_reference=booked.bank_reference,
        returned_reference=booked.returned_reference,
        batch_reference=booked.batch_reference,
        counterparty_account=booked.payer_account,
        counterparty_name=booked.payer_name,
        code=booked.code,
        narrative=booked.narrative,
    )


def deliver(folder: Path, name: str, content: bytes, signature: bytes) -> None:
    """Leave a closed file and its signature in the pick-up folder, each under its name at once."""
    folder.mkdir(parents=True, exist_ok=True)
    for file_name, data in ((name, content), (f"{name}.sig", signature)):
        open_file = folder / f".{file_name}.part"
        open_file.write_bytes(data)
        open_file.replace(folder / file_name)
