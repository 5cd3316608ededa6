"""The header fields of a signature: spoiled, doubled or overlong ones are `CallbackRejected`."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import CallbackRequest
from bank_adapters.signatures.http_messages import require_http_signature
from tests.bank_adapters.keys import NOW
from tests.bank_adapters.signatures.signed_requests import (
    LIVE,
    REQUEST,
    require_refusal,
    signed,
    signed_over,
    with_header,
)


@pytest.mark.parametrize("name", ["signature-input", "signature", "content-digest"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: None,
        lambda _: b"",
        lambda _: b"  ",
        lambda good: good + b",",
        lambda good: b"," + good,
        lambda good: good + b";",
        lambda good: good + b"\n",
        lambda good: good + b"\x00",
        lambda good: good + "é".encode(),
        lambda good: good[:-1],
        lambda good: good * 100,
        lambda good: good.replace(b"=", b"", 1),
    ],
)
def test_spoiled_fields_are_refused(name: str, spoil: Callable[[bytes], bytes | None]) -> None:
    request = signed()
    require_refusal(with_header(request, name, spoil(request.header(name) or b"")))


@pytest.mark.parametrize("name", ["signature-input", "signature", "content-digest"])
def test_a_doubled_field_is_refused(name: str) -> None:
    request = signed()
    doubled = (*request.headers, (name, request.header(name) or b""))
    require_refusal(replace(request, headers=doubled), match="twice")


def _with_digest(value: str) -> CallbackRequest:
    """Return a request whose signature covers this digest header, right or wrong."""
    text = f'("@method" "@target-uri" "content-digest");created={int(NOW.timestamp())}'
    base = (
        f'"@method": POST\n"@target-uri": https://pay.example.vn/callbacks/bank?unit=H24.11&n=1\n'
        f'"content-digest": {value}\n"@signature-params": {text}'
    )
    return with_header(signed_over(text, base), "content-digest", value.encode())


_SHA256 = f"sha-256=:{base64.b64encode(hashlib.sha256(REQUEST.body).digest()).decode()}:"
_SHA512 = f"sha-512=:{base64.b64encode(hashlib.sha512(REQUEST.body).digest()).decode()}:"
_WRONG = f"sha-512=:{base64.b64encode(bytes(64)).decode()}:"


@pytest.mark.parametrize(
    ("value", "is_accepted"),
    [
        (_SHA256, True),
        (_SHA512, True),
        (f"{_SHA256}, {_SHA512}", True),
        (f"md5=:AAAA:, {_SHA256}", True),
        (f"{_SHA256}, {_WRONG}", False),
        (_WRONG, False),
        ("md5=:AAAA:", False),
        (f"{_SHA256}, {_SHA256}", False),
        (_SHA256.replace("sha-256", "SHA-256"), False),
        (_SHA256.replace("=:", "=", 1), False),
        (_SHA256.replace("=:", "=:=", 1), False),
        ("sha-256=::", False),
    ],
)
def test_every_known_digest_of_the_body_must_be_right(value: str, *, is_accepted: bool) -> None:
    if is_accepted:
        assert require_http_signature(_with_digest(value), LIVE, NOW)
    else:
        require_refusal(_with_digest(value))


_FIELDS = st.sampled_from(["signature-input", "signature", "content-digest", "date"])
_SCRAPS = st.lists(
    st.sampled_from(
        [
            *(b"sig1=", b"(", b")", b'"@method"', b'"@path"', b'"', b"\\", b" ", b";", b"=", b":"),
            *(b",", b"created", b"1795339845", b'"date"', b"AAAA", b"-", b"sig1=:AAAA:", b"\xff"),
            *(b'"@query-param";name="n"', b"content-digest", b"sha-256"),
        ]
    ),
    max_size=24,
).map(b"".join)


@given(name=_FIELDS, value=st.binary(max_size=200) | _SCRAPS, query=st.binary(max_size=30))
def test_no_bytes_end_in_another_error(name: str, value: bytes, query: bytes) -> None:
    require_refusal(with_header(replace(signed(), query=b"&" + query), name, value))


@given(
    name=_FIELDS.filter(lambda name: name != "date"), place=st.integers(0), byte=st.integers(0, 255)
)
def test_no_changed_byte_of_a_field_passes(name: str, place: int, byte: int) -> None:
    request = signed()
    value = request.header(name) or b""
    place %= len(value)
    changed = value[:place] + bytes([byte]) + value[place + 1 :]
    if changed != value:
        require_refusal(with_header(request, name, changed))
