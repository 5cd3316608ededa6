"""Content-Digest (RFC 9530): the digest of the body, computed again."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Final

from bank_adapters.contract import CallbackRejected, CallbackRequest
from bank_adapters.signatures.structured_fields import read_byte_sequences

CONTENT_DIGEST: Final = "content-digest"

_DIGESTS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "sha-256": lambda body: hashlib.sha256(body).digest(),
    "sha-512": lambda body: hashlib.sha512(body).digest(),
}


def require_content_digest(request: CallbackRequest) -> None:
    """Refuse a body whose digest is not the one in the header.

    At least one must be SHA-256 or SHA-512, and all of these must be right; other algorithms, which
    RFC 9530 calls insecure or does not know, are then not looked at.
    """
    given = read_byte_sequences(request, CONTENT_DIGEST)
    known = given.keys() & _DIGESTS.keys()
    matches = [hmac.compare_digest(given[name], _DIGESTS[name](request.body)) for name in known]
    if not matches or not all(matches):
        raise CallbackRejected("content-digest is not the SHA-256 or SHA-512 of the body")
