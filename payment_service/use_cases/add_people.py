"""A person who may log in is added; the first two together, on an empty table."""

import hashlib
from dataclasses import dataclass

from payment_service.context import Context
from payment_service.db import people
from payment_service.db.passwords import PASSWORD_LENGTH_MIN, hash_password
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.identifiers import new_id

ROLES = ("finance_officer", "approver", "auditor")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Who may log in; `identity_number` is only kept as a hash, to tell people apart."""

    username: str
    full_name: str
    identity_number: str
    password: str
    role: str


async def add_people(
    context: Context, new_people: list[NewPerson], *, only_when_empty: bool
) -> None:
    """Add people in one transaction.

    Raises `Invalid` for a weak password or unknown role, `StateConflict` when the table must be
    empty and is not, and a unique violation for a second account of one identity number.
    """
    now = context.clock()
    for person in new_people:
        if len(person.password) < PASSWORD_LENGTH_MIN:
            raise Invalid(f"a password has at least {PASSWORD_LENGTH_MIN} characters")
        if person.role not in ROLES:
            raise Invalid(f"a role is one of {', '.join(ROLES)}")
    async with context.database.transaction() as connection:
        if only_when_empty and await people.count_people(connection):
            raise StateConflict("there are people already; ask one of them")
        for person in new_people:
            identity = hashlib.sha256(f"identity:{person.identity_number}".encode()).digest()
            await people.insert_person(
                connection,
                {
                    "person_id": new_id(now),
                    "username": person.username,
                    "full_name": person.full_name,
                    "identity_sha256": identity,
                    "password_hash": hash_password(person.password),
                    "role": person.role,
                    "created_at": now,
                },
            )
