"""People who act, their sessions, and the systems that call the API."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")


def is_username(text: str) -> bool:
    """Say whether a text can be somebody's user name at all."""
    return _USERNAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may log in."""

    person_id: UUID
    username: str
    full_name: str
    role: str
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """A logged-in person with the token every form of the session carries."""

    person: Person
    form_token: str
    expires_at: datetime
    last_seen_at: datetime


def _person(row: Any) -> Person:
    return Person(
        person_id=row.person_id,
        username=row.username,
        full_name=row.full_name,
        role=row.role,
        password_hash=row.password_hash,
    )


async def insert_person(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a person; one identity number is one person."""
    await connection.execute(
        text("""
            INSERT INTO person (person_id, username, full_name, identity_sha256, password_hash,
              role, created_at)
            VALUES (:person_id, :username, :full_name, :identity_sha256, :password_hash, :role,
              :created_at)
        """),
        values,
    )


async def count_people(connection: AsyncConnection) -> int:
    """Return how many people may log in."""
    return int((await connection.execute(text("SELECT count(*) FROM person"))).scalar_one())


async def find_person(connection: AsyncConnection, username: str) -> Person | None:
    """Return the person with this user name."""
    query = text("SELECT * FROM person WHERE username = :username")
    row = (await connection.execute(query, {"username": username})).one_or_none()
    return _person(row) if row else None


async def insert_session(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a session; only the hash of its token."""
    await connection.execute(
        text("""
            INSERT INTO staff_session (token_sha256, person_id, form_token, created_at,
              last_seen_at, expires_at)
            VALUES (:token_sha256, :person_id, :form_token, :now, :now, :expires_at)
        """),
        values,
    )


async def find_session(connection: AsyncConnection, token_sha256: bytes) -> StaffSession | None:
    """Return a session with its person."""
    query = text("""
        SELECT person.*, staff_session.form_token, staff_session.expires_at,
               staff_session.last_seen_at
        FROM staff_session JOIN person USING (person_id) WHERE token_sha256 = :token_sha256
    """)
    row = (await connection.execute(query, {"token_sha256": token_sha256})).one_or_none()
    if row is None:
        return None
    return StaffSession(
        person=_person(row),
        form_token=row.form_token,
        expires_at=row.expires_at,
        last_seen_at=row.last_seen_at,
    )


async def touch_session(connection: AsyncConnection, token_sha256: bytes, now: datetime) -> None:
    """Note that a session was used."""
    await connection.execute(
        text("UPDATE staff_session SET last_seen_at = :now WHERE token_sha256 = :token_sha256"),
        {"now": now, "token_sha256": token_sha256},
    )


async def delete_session(connection: AsyncConnection, token_sha256: bytes) -> None:
    """End a session."""
    await connection.execute(
        text("DELETE FROM staff_session WHERE token_sha256 = :token_sha256"),
        {"token_sha256": token_sha256},
    )


async def count_login_attempts(
    connection: AsyncConnection, source_address: str, since: datetime
) -> int:
    """Return the failed log-ins from one address since an instant."""
    query = text("""
        SELECT count(*) FROM login_attempt
        WHERE source_address = :source_address AND attempted_at >= :since
    """)
    values = {"source_address": source_address, "since": since}
    return int((await connection.execute(query, values)).scalar_one())


async def record_login_attempt(
    connection: AsyncConnection, username: str, source_address: str, now: datetime
) -> None:
    """Note a failed log-in."""
    await connection.execute(
        text("""
            INSERT INTO login_attempt (username, source_address, attempted_at)
            VALUES (:username, :source_address, :now)
        """),
        {"username": username[:40], "source_address": source_address, "now": now},
    )


async def insert_client(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a system that may call the API; only the hash of its key."""
    await connection.execute(
        text("""
            INSERT INTO api_client (client_id, name, key_sha256, created_at)
            VALUES (:client_id, :name, :key_sha256, :created_at)
        """),
        values,
    )


async def find_client_id(connection: AsyncConnection, key_sha256: bytes) -> UUID | None:
    """Return the client whose live key has this hash."""
    query = text("""
        SELECT client_id FROM api_client
        WHERE key_sha256 = :key_sha256 AND revoked_at IS NULL
    """)
    found = (await connection.execute(query, {"key_sha256": key_sha256})).scalar_one_or_none()
    return UUID(str(found)) if found else None
