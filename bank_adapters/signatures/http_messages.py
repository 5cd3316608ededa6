"""HTTP Message Signatures (RFC 9421) of callbacks: what must be signed, and that it was.

The request's `authority` and `path` are the configured ones, without a default port: a message
signed for another service never verifies here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bank_adapters.contract import CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.signatures.content_digest import CONTENT_DIGEST, require_content_digest
from bank_adapters.signatures.http_algorithms import algorithm_name, signature_matches
from bank_adapters.signatures.primitives import require_one, require_size
from bank_adapters.signatures.signature_base import (
    SignatureInput,
    read_signature_input,
    signature_base,
    target_uri,
)
from bank_adapters.signatures.standard_webhooks import require_fresh
from bank_adapters.signatures.structured_fields import read_byte_sequences, read_lists
from bank_adapters.signing_keys import split_key_id

SIGNATURE: Final = "signature"
SIGNATURE_INPUT: Final = "signature-input"


def require_http_signature(
    request: CallbackRequest,
    keys: Sequence[VerificationKey],
    now: datetime,
    *,
    label: str | None = None,
) -> bytes:
    """Return method, address and body of a request that one live key signed.

    They are the same whenever a message is sent again, though its signature is another one. Only
    the signature of this label counts; without a label there must be exactly one signature.

    Signed must be `@method`, `content-digest` (computed again) and either `@target-uri` or
    `@authority`, `@path` and, if there is one, `@query`; other covered components are checked too.
    `created` must be there, within 300 s of now either way, and `expires` not reached. `keyid` and
    `alg`, if given, must be those of the key record, under the sender's name of the key where that
    is told (`split_key_id`); the record's algorithm alone decides how to verify.
    """
    require_size(request)
    given, signature = _read_signature(request, label)
    _require_coverage(request, given)
    _require_times(given, now)
    require_content_digest(request)
    base = signature_base(request, given)
    require_one([_agrees(key, given) and signature_matches(key, signature, base) for key in keys])
    return b"\n".join((request.method.encode(), target_uri(request).encode(), request.body))


def _read_signature(request: CallbackRequest, label: str | None) -> tuple[SignatureInput, bytes]:
    inputs = read_lists(request, SIGNATURE_INPUT)
    signatures = read_byte_sequences(request, SIGNATURE)
    if inputs.keys() != signatures.keys():
        raise CallbackRejected("signature and signature-input name different signatures")
    if label is None and len(inputs) == 1:
        label = next(iter(inputs))
    if label is None or label not in inputs:
        raise CallbackRejected("there is not exactly the one signature that was agreed on")
    return read_signature_input(inputs[label]), signatures[label]


def _require_coverage(request: CallbackRequest, given: SignatureInput) -> None:
    address = {'"@authority"', '"@path"'} | ({'"@query"'} if request.query else set())
    covered = set(given.components)
    if not covered >= {'"@method"', f'"{CONTENT_DIGEST}"'}:
        raise CallbackRejected("the signature does not cover @method and content-digest")
    if '"@target-uri"' not in covered and not covered >= address:
        raise CallbackRejected("the signature does not cover the whole address")


def _require_times(given: SignatureInput, now: datetime) -> None:
    created = given.parameters.get("created", "")
    require_fresh(str(created).encode(), now)
    expires = given.parameters.get("expires")
    if isinstance(expires, int) and expires <= now.timestamp():
        raise CallbackRejected("the signature has expired")


def _agrees(key: VerificationKey, given: SignatureInput) -> bool:
    name = algorithm_name(key)
    key_id = split_key_id(key.material)[0] or key.key_id
    is_its_key = given.parameters.get("keyid", key_id) == key_id
    return is_its_key and given.parameters.get("alg", name) == name
