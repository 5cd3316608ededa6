"""What an adapter must do, and the errors it may raise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bank_adapters.scheme import Scheme
from bank_adapters.vocabulary import PaymentNotice

CALLBACK_BODY_BYTES_MAX = 64 * 1024
"""A callback larger than this is refused before anything in it is read."""


class AdapterError(Exception):
    """A message or file of a bank or gateway cannot be accepted."""


class CallbackRejected(AdapterError):
    """The signature, its age or its form is wrong; nothing in the message may be believed."""


class NoticeUnreadable(AdapterError):
    """The message is genuine but does not say what its contract promises."""


class StatementUnreadable(AdapterError):
    """The file is not a whole statement; the message names the line or tag."""


class Algorithm(StrEnum):
    """How a key signs; bound to the key record, never chosen by a message."""

    HMAC_SHA512_HEX = "hmac-sha512-hex"
    """Hex HMAC-SHA512 over a text the scheme composes (VNPAY 2.1.0)."""
    HMAC_SHA256_HEX = "hmac-sha256-hex"
    """Hex HMAC-SHA256 over a text the scheme composes; the material is the secret as text."""
    HMAC_SHA256_HEX_DECODED = "hmac-sha256-hex-decoded"
    """The same, but the material is hexadecimal text whose bytes are the key (OnePay)."""
    HMAC_SHA1_HEX = "hmac-sha1-hex"
    """Hex HMAC-SHA1; weak, only for schemes that offer nothing else (ViettelPay)."""
    SHA256_SECRET_LAST = "sha256-secret-last"  # noqa: S105  the name of a scheme, not a secret
    """Hex SHA-256 over fields with the secret as the last one; weak (payment platform)."""
    RSA_SHA256 = "rsa-sha256"
    """RSASSA-PKCS1-v1_5 with SHA-256 over the raw bytes, base64."""
    RSA_SHA1 = "rsa-sha1"
    """RSASSA-PKCS1-v1_5 with SHA-1; weak, only for schemes that offer nothing else (Baokim)."""
    STANDARD_WEBHOOKS_HMAC = "standard-webhooks-hmac"
    """Standard Webhooks `v1`: HMAC-SHA256 over `id.timestamp.body`."""
    STANDARD_WEBHOOKS_ED25519 = "standard-webhooks-ed25519"
    """Standard Webhooks `v1a`: Ed25519 over `id.timestamp.body`."""
    HTTP_ED25519 = "http-ed25519"
    """HTTP Message Signatures (RFC 9421 §3.3.6): Ed25519 over the signature base."""
    HTTP_ECDSA_P256_SHA256 = "http-ecdsa-p256-sha256"
    """RFC 9421 §3.3.4: ECDSA on P-256; the signature is r and s of 32 bytes each."""
    HTTP_RSA_PSS_SHA512 = "http-rsa-pss-sha512"
    """RFC 9421 §3.3.1: RSASSA-PSS with SHA-512 and a salt of 64 bytes."""
    HTTP_RSA_V1_5_SHA256 = "http-rsa-v1_5-sha256"
    """RFC 9421 §3.3.2: RSASSA-PKCS1-v1_5 with SHA-256."""
    HTTP_HMAC_SHA256 = "http-hmac-sha256"
    """RFC 9421 §3.3.3: HMAC-SHA256 with a raw secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationKey:
    """One live key of an endpoint: a shared secret, or a public key as PEM bytes.

    What a channel issues together is registered and rolled together: text secrets are joined by
    `:` in the order their dialect names, our own private key follows the sender's public one.
    """

    key_id: str
    algorithm: Algorithm
    material: bytes

    def __repr__(self) -> str:
        return f"VerificationKey({self.key_id}, {self.algorithm})"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRequest:
    """An HTTP request as it came: raw query and body, header names in lower case.

    `authority` and `path` are what the service is configured to be called at; they are never taken
    from the message.
    """

    method: str
    query: bytes
    headers: tuple[tuple[str, bytes], ...]
    body: bytes
    authority: str = ""
    path: str = ""

    def header(self, name: str) -> bytes | None:
        """Return the one header of this name; None when absent, `CallbackRejected` when doubled."""
        values = [value for key, value in self.headers if key == name]
        if len(values) > 1:
            raise CallbackRejected(f"header {name} is given twice")
        return values[0] if values else None


class Outcome(StrEnum):
    """What became of a callback; each dialect has its own words for each of these."""

    RECORDED = "recorded"
    """Believed and acted on: money recorded, or a failure noted."""
    ALREADY_RECORDED = "already_recorded"
    """The same payment was recorded before, from another message or from the statement."""
    UNKNOWN_REFERENCE = "unknown_reference"
    """Believed; the reference is none of ours; money, if any, is kept as surplus."""
    AMOUNT_DIFFERS = "amount_differs"
    """Believed; the amount is not the one asked; the money is recorded as it is."""
    ALREADY_COVERED = "already_covered"
    """Believed; the request was covered or cancelled before; the money is kept as surplus."""
    UNCONFIRMED = "unconfirmed"
    """Signed by a weak scheme, and the status query says something else; nothing recorded."""
    OTHER_MERCHANT = "other_merchant"
    """Signed well, but for another merchant or account; kept, nothing recorded."""
    UNREADABLE = "unreadable"
    """Signed well, but not readable; kept, nothing recorded."""
    REJECTED = "rejected"
    """Not believed: bad signature; not kept."""
    RETRY_LATER = "retry_later"
    """Our fault (database away); the sender must send again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """The exact reply a sender waits for."""

    status: int
    content_type: str
    body: bytes


class CallbackDialect(Protocol):
    """One channel's way of telling us about payments."""

    code: str
    """The channel's name in addresses and tables, such as `vnpay`."""
    method: str
    """The HTTP method the sender uses; another one is answered with 405."""
    is_bank: bool
    """True when a notice speaks of money already on a bank account."""
    scheme: Scheme
    """How its messages are proven, and whether that is weak."""

    def verify(
        self, request: CallbackRequest, keys: Sequence[VerificationKey], now: datetime
    ) -> bytes:
        """Return the signed content if one live key signed it; raise `CallbackRejected` if not.

        The signed content identifies the message: two deliveries of one message return the same
        bytes.
        """

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified message; raise `NoticeUnreadable` when it breaks its contract."""

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Return the reply this sender expects for an outcome; works without a database."""


class SignedReply(Protocol):
    """A channel that wants its answer to name the request, or signed with the endpoint's key."""

    def reply(
        self, request: CallbackRequest, outcome: Outcome, keys: Sequence[VerificationKey]
    ) -> Acknowledgement:
        """Return the full reply to a verified request; the newest live key is the last.

        Where keys cannot be read (database away, bad signature) `acknowledge` answers instead.
        """
