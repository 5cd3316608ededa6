"""ViettelPay's checksum: HMAC-SHA1 over the access code and values in the order of their names.

The one rule yields every layout that public clients write: the confirmation, the result and the
search of VietOpenCPS/opencps-v2, and order, result and inquiry of duclong1997/portal-payment.
Values are joined without a mark: digits can move from one into the next and nobody can see it.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Final

from bank_adapters.contract import Algorithm, CallbackRejected, VerificationKey
from bank_adapters.signatures.primitives import (
    decode_base64,
    decode_hex,
    hmac_hex,
    keys_of,
    secret_part,
)

ACCESS_PART: Final = 0
"""`access_code`, which leads every signed text."""
SECRET_PART: Final = 1
"""`hash_key`."""

_ALGORITHM: Final = Algorithm.HMAC_SHA1_HEX
_DIGEST_BYTES: Final = 20


def digest(values: Mapping[str, str], material: bytes) -> bytes:
    """Return the raw checksum of these values with a key `access_code:hash_key`."""
    joined = "".join(values[name] for name in sorted(values)).encode()
    content = secret_part(material, ACCESS_PART) + joined
    return bytes.fromhex(hmac_hex(_ALGORITHM, content, secret_part(material, SECRET_PART)))


def check_sum(values: Mapping[str, str], material: bytes) -> str:
    """Return the checksum as ViettelPay writes it, in base64."""
    return b64encode(digest(values, material)).decode("ascii")


def require_check_sum(
    values: Mapping[str, str], given: str, keys: Sequence[VerificationKey]
) -> VerificationKey:
    """Return the live key that signed these values; raise `CallbackRejected` if none did.

    OpenCPS changed from hexadecimal digits to base64; both say the same 20 bytes and are taken. A
    blank in base64 is a plus sign that was sent unencoded, as portal-payment found.
    """
    expected = _read(given)
    if len(expected) != _DIGEST_BYTES:
        raise CallbackRejected("the checksum is not 20 bytes in hexadecimal digits or base64")
    signers = [
        key
        for key in keys_of(keys, _ALGORITHM)
        if secret_part(key.material, ACCESS_PART) and secret_part(key.material, SECRET_PART)
        if hmac.compare_digest(expected, digest(values, key.material))
    ]
    if not signers:
        raise CallbackRejected("no live key of this endpoint made the checksum")
    return signers[0]


def _read(given: str) -> bytes:
    text = given.encode("ascii", "replace")
    if len(text) == _DIGEST_BYTES * 2:
        return decode_hex(text)
    return decode_base64(text.replace(b" ", b"+")) or b""
