"""How the messages of one channel are proven: what the table of schemes in the documents says.

Facts for people and for policy only; nothing here computes a signature.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Weakness(StrEnum):
    """What a signature does not prove; one of these makes a scheme weak."""

    STATUS_UNSIGNED = "status-unsigned"
    """Whether the money was taken is outside the signature: a failure can be re-sent as paid."""
    BENEFICIARY_UNSIGNED = "beneficiary-unsigned"
    """Who receives the money is outside the signature."""
    AMOUNT_UNSIGNED = "amount-unsigned"
    """How much was paid is outside the signature."""
    SHA1 = "sha-1"
    """The digest is SHA-1, for which collisions are made to order."""
    UNKEYED_HASH = "unkeyed-hash"
    """The secret is hashed beside the fields; no message authentication code is computed."""
    JOINED_FIELDS = "joined-fields"
    """Fields are joined without a mark between them: digits can move from one into the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One row of the table of schemes; every text is one short phrase in English."""

    title: str
    primitive: str
    """Such as `HMAC-SHA512`."""
    key_use: str
    """How the registered material becomes the key, such as `text` or `hex-decoded text`."""
    order: str
    """Which fields are signed, and in which order."""
    encoding: str
    """How values stand in the signed text, and how the signature itself is written."""
    amount_unit: str
    """Such as `VND × 100`."""
    idempotency_key: str
    """The field that names one payment for ever."""
    reply: str
    """What the sender waits for, such as `200 {"RspCode":"00"}`."""
    weaknesses: tuple[Weakness, ...] = ()

    @property
    def is_weak(self) -> bool:
        """True when a well-signed notice is believed only after a status query."""
        return bool(self.weaknesses)


COLUMNS: Final = (
    "channel", "scheme", "primitive", "key", "signed fields, in order", "encoding", "amount unit",
    "one payment is", "reply", "weak",
)  # fmt: skip
"""The heads of the table of schemes."""


def cells_of(code: str, scheme: Scheme) -> tuple[str, ...]:
    """Return one row of the table of schemes."""
    return (
        code, scheme.title, scheme.primitive, scheme.key_use, scheme.order, scheme.encoding,
        scheme.amount_unit, scheme.idempotency_key, scheme.reply,
        ", ".join(scheme.weaknesses) or "no",
    )  # fmt: skip


def markdown_table(schemes: Mapping[str, Scheme]) -> str:
    """Return the table of the documents."""
    rows = [COLUMNS, ("---",) * len(COLUMNS)]
    rows += [cells_of(code, scheme) for code, scheme in schemes.items()]
    escaped = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows)
    return "".join(f"| {row} |\n" for row in escaped)
