"""Secrets at rest: AES-256-GCM under a master key that is a file, never in the database."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from payment_service.domain.errors import ConfigurationError

_NONCE_BYTES = 12


class Sealer:
    """Seals and opens secrets; `context` binds a sealed secret to its row."""

    def __init__(self, master_key: bytes) -> None:
        self._cipher = AESGCM(master_key)

    def seal(self, secret: bytes, *, context: str) -> bytes:
        """Encrypt a secret; the random nonce stands before the ciphertext."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, context.encode())

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt; raises `ConfigurationError` when the master key is another one."""
        try:
            nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, ciphertext, context.encode())
        except InvalidTag as error:
            raise ConfigurationError("the master key does not open the stored keys") from error
