"""A person who may log in is added; the first two together, on an empty table."""

import hashlib
import re
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from payment_service.context import Context
from payment_service.db import people
from payment_service.db.audit import record_act
from payment_service.db.database import lock
from payment_service.db.passwords import PASSWORD_LENGTH_MIN, hash_password
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.identifiers import new_id

_IDENTITY_NUMBER = re.compile(r"[0-9]{9}|[0-9]{12}")
_SEPARATORS = re.compile(r"[ .-]")
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

    Raises `Invalid` for a name, number, password or role that cannot be, `StateConflict` when the
    table must be empty and is not, or for a second account of one user name or identity number.
    """
    for person in new_people:
        _require_possible(person)
    try:
        await _insert(context, new_people, only_when_empty=only_when_empty)
    except IntegrityError as error:
        raise StateConflict("this user name or identity number is somebody's already") from error


def _require_possible(person: NewPerson) -> None:
    if not people.is_username(person.username):
        raise Invalid("a user name has 2 to 40 small letters, digits, dots or dashes")
    if not person.full_name.strip() or "\0" in person.full_name:
        raise Invalid("the full name is missing")
    if not _IDENTITY_NUMBER.fullmatch(_digits_of(person)):
        raise Invalid("an identity number has 12 digits, an older one 9")
    if len(person.password) < PASSWORD_LENGTH_MIN:
        raise Invalid(f"a password has at least {PASSWORD_LENGTH_MIN} characters")
    if person.role not in ROLES:
        raise Invalid(f"a role is one of {', '.join(ROLES)}")


def _digits_of(person: NewPerson) -> str:
    return _SEPARATORS.sub("", person.identity_number)


async def _insert(context: Context, new_people: list[NewPerson], *, only_when_empty: bool) -> None:
    now = context.clock()
    async with context.database.transaction() as connection:
        await lock(connection, "people")
        if only_when_empty and await people.count_people(connection):
            raise StateConflict("there are people already; ask one of them")
        for person in new_people:
            identity = hashlib.sha256(f"identity:{_digits_of(person)}".encode()).digest()
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
            await record_act(
                connection, now, "operator", "add_person", person.username, {"role": person.role}
            )
