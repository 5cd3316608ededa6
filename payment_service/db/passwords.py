"""Passwords and keys: Argon2id for what people choose, SHA-256 for 256-bit random keys."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

PASSWORD_LENGTH_MIN = 12
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """Return the Argon2id hash with its parameters (RFC 9106 low-memory profile)."""
    return _HASHER.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Say whether a password fits; takes the same time when there is no such person."""
    try:
        _HASHER.verify(password_hash or _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def new_key() -> str:
    """Return 256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def key_sha256(key: str) -> bytes:
    """Return what is stored of a random key."""
    return hashlib.sha256(key.encode()).digest()
