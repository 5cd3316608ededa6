"""HTTP Message Signatures of callbacks: whole ones pass, all others are `CallbackRejected`."""

import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from bank_adapters.contract import (
    CALLBACK_BODY_BYTES_MAX,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    VerificationKey,
)
from bank_adapters.counterpart.http_messages import sign_http_message
from bank_adapters.signatures.http_messages import require_http_signature
from tests.bank_adapters.keys import NOW, ed25519_key, pem, rsa_key
from tests.bank_adapters.signatures.signed_requests import (
    LIVE,
    REQUEST,
    SCHEMES,
    SECRET,
    edited,
    p256_pem,
    require_refusal,
    signed,
    signed_over,
    with_header,
)

COVERED = ["@method", "@authority", "@path", "@query", "content-digest"]


@pytest.mark.parametrize("algorithm", SCHEMES)
def test_every_algorithm_passes_with_its_own_key_alone(algorithm: Algorithm) -> None:
    request = signed(algorithm=algorithm)
    content = b'POST\nhttps://pay.example.vn/callbacks/bank?unit=H24.11&n=1\n{"amount":5000}'
    own = [key for key in LIVE if key.algorithm is algorithm]
    assert require_http_signature(request, LIVE, NOW) == content
    assert require_http_signature(request, own, NOW) == content
    require_refusal(request, [key for key in LIVE if key not in own], "no live key")
    require_refusal(request, [])


def test_a_message_sent_again_is_the_same_message() -> None:
    key = SCHEMES[Algorithm.HTTP_ECDSA_P256_SHA256][0]
    again = sign_http_message(REQUEST, key, created=NOW + timedelta(seconds=60), key_id="k1")
    assert again != signed(algorithm=Algorithm.HTTP_ECDSA_P256_SHA256)
    assert require_http_signature(again, LIVE, NOW) == require_http_signature(signed(), LIVE, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"query": b"unit=H24.11&n=2"},
        {"query": b""},
        {"authority": "pay.example.com"},
        {"path": "/callbacks/other"},
        {"body": b'{"amount":5001}'},
        {"body": b""},
        {"authority": ""},
        {"path": ""},
        {"path": "/tiền"},
        {"authority": "pay.example.vn\nx"},
        {"method": "post"},
        {"method": "PO\nST"},
        {"query": b"unit=H24.11&n=\xff"},
    ],
)
def test_any_change_of_what_is_signed_is_refused(change: dict[str, str | bytes]) -> None:
    require_refusal(replace(signed(), **change))  # type: ignore[arg-type]  # names of fields


@pytest.mark.parametrize("missing", COVERED)
def test_each_required_component_must_be_covered(missing: str) -> None:
    components = [name for name in COVERED if name != missing]
    require_refusal(signed(components=components), match="does not cover")


def test_the_whole_address_may_be_covered_at_once_and_more_than_needed() -> None:
    whole = ["@method", "@target-uri", "content-digest"]
    more = [*whole, "@scheme", "@query", "content-type", "date"]
    assert require_http_signature(signed(components=whole), LIVE, NOW)
    request = signed(components=more)
    assert require_http_signature(request, LIVE, NOW)
    require_refusal(with_header(request, "date", b"Sun, 22 Nov 2026 09:30:46 GMT"))
    require_refusal(with_header(request, "date", None))
    require_refusal(replace(request, headers=(*request.headers, ("date", b"x"))))


def test_without_a_query_it_need_not_be_covered() -> None:
    request = replace(REQUEST, query=b"")
    assert require_http_signature(signed(request), LIVE, NOW)
    require_refusal(replace(signed(request), query=b"n=1"))


@pytest.mark.parametrize(
    "component",
    [
        *(
            '"@status"',
            '"@request-target"',
            '"@unknown"',
            '"Date"',
            '"dat e"',
            '"date";sf',
            '"missing"',
        ),
        *('"date";key="x"', '"@query-param"', '"@query-param";name="none"', '"@method"', '""'),
    ],
)
def test_components_that_are_not_understood_or_not_there(component: str) -> None:
    request = edited(signed(), "signature-input", b'("@method"', f'("@method" {component}'.encode())
    require_refusal(request)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b";created=", b";crated="),
        (b";created=", b';created="1";x='),
        (b";created=", b";created=1;created="),
        (b";created=", b";created=0"),
        (b";created=", b";created=-"),
        (b";created=", b";expires=1;created="),
        (b";created=", b';expires="never";created='),
        (b'keyid="k1"', b'keyid="k2"'),
        (b'keyid="k1"', b"keyid=1"),
        (b'keyid="k1"', b'keyid="k1";alg="hmac-sha256"'),
        (b'keyid="k1"', b'keyid="k1";alg=ed25519'),
        (b'keyid="k1"', b'keyid="k1";unknown="x"'),
        (b'keyid="k1"', b'keyid= "k1"'),
        (b"sig1=(", b"sig1= ("),
        (b"sig1=(", b"sig2=("),
        (b"sig1=(", b"Sig1=("),
        (b"sig1=(", b"sig1=( "),
        (b"sig1=(", b"("),
        (b"sig1=(", b"sig1=(" + b'"a" ' * 2000),
        (b'"@method" ', b'"@method"  '),
        (b'"@method" ', b'"@method"'),
        (b'"@method" ', b"@method "),
        (b'"@method" ', b'"@method" "@method" '),
        (b'"@method" ', "“@method” ".encode()),
        (b'"@method" ', b" ".join(b'"a%d"' % n for n in range(32)) + b' "@method" '),
    ],
)
def test_a_signature_input_that_was_touched(old: bytes, new: bytes) -> None:
    require_refusal(edited(signed(), "signature-input", old, new))


def _signed_input(extra: str) -> CallbackRequest:
    """Return a request whose parameters were signed with something more in them."""
    text = f'("@method" "@target-uri" "content-digest");created={int(NOW.timestamp())}{extra}'
    base = (
        f'"@method": POST\n"@target-uri": https://pay.example.vn/callbacks/bank?unit=H24.11&n=1\n'
        f'"content-digest": {(signed().header("content-digest") or b"").decode()}\n'
        f'"@signature-params": {text}'
    )
    return signed_over(text, base)


@pytest.mark.parametrize(
    ("extra", "is_accepted"),
    [
        ("", True),
        (';keyid="k1"', True),
        (';keyid="k2"', False),
        (';alg="ed25519"', True),
        (';alg="ecdsa-p256-sha256"', False),
        (';nonce="a\\"b"', True),
        (';tag="payments"', True),
        (';else="x"', False),
        (f";expires={int(NOW.timestamp()) + 1}", True),
        (f";expires={int(NOW.timestamp())}", False),
        (f";expires={int(NOW.timestamp()) - 1}", False),
        (";expires=-1", False),
    ],
)
def test_parameters_must_agree_with_key_and_time(extra: str, *, is_accepted: bool) -> None:
    if is_accepted:
        assert require_http_signature(_signed_input(extra), LIVE, NOW)
    else:
        require_refusal(_signed_input(extra))


@pytest.mark.parametrize("algorithm", SCHEMES)
def test_the_senders_own_name_of_a_key_is_part_of_its_record(algorithm: Algorithm) -> None:
    signer, material = SCHEMES[algorithm]
    record = VerificationKey(key_id="ours", algorithm=algorithm, material=material)
    named = replace(record, material=b"keyid: bank-2026-11\n" + material)
    theirs, unnamed, strange = (
        sign_http_message(REQUEST, signer, created=NOW, key_id=key_id, rsa_algorithm=algorithm)
        for key_id in ("bank-2026-11", "", "bank-2025-11")
    )
    assert require_http_signature(theirs, [named], NOW)
    assert require_http_signature(unnamed, [named], NOW)
    require_refusal(strange, [named], "no live key")
    require_refusal(theirs, [record], "no live key")
    ours = sign_http_message(REQUEST, signer, created=NOW, key_id="ours", rsa_algorithm=algorithm)
    require_refusal(ours, [named], "no live key")


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_from_another_time_is_refused(seconds: int) -> None:
    with pytest.raises(CallbackRejected, match="too far"):
        require_http_signature(signed(), LIVE, NOW + timedelta(seconds=seconds))


def _two_labels() -> CallbackRequest:
    first, second = signed(label="sig1"), signed(label="proxy")
    for name in ("signature-input", "signature"):
        both = b", ".join(request.header(name) or b"" for request in (first, second))
        first = with_header(first, name, both)
    return first


def test_exactly_one_signature_or_the_one_of_the_configured_label() -> None:
    require_refusal(_two_labels(), match="exactly the one")
    assert require_http_signature(_two_labels(), LIVE, NOW, label="sig1")
    assert require_http_signature(_two_labels(), LIVE, NOW, label="proxy")
    for request in (_two_labels(), signed()):
        with pytest.raises(CallbackRejected, match="exactly the one"):
            require_http_signature(request, LIVE, NOW, label="sig9")


def test_labels_must_agree_and_none_may_come_twice() -> None:
    request = _two_labels()
    require_refusal(with_header(request, "signature", signed().header("signature")))
    require_refusal(with_header(request, "signature-input", signed().header("signature-input")))
    for name in ("signature-input", "signature"):
        value = signed().header(name) or b""
        require_refusal(with_header(signed(), name, value + b", " + value), match="twice")
        nine = b", ".join(value.replace(b"sig1", b"s%d" % n) for n in range(9))
        require_refusal(with_header(signed(), name, nine), match="many")


def _signature_of(request: CallbackRequest) -> bytes:
    return base64.b64decode((request.header("signature") or b"")[6:-1])


def test_ecdsa_takes_64_bytes_and_never_der() -> None:
    request = signed(algorithm=Algorithm.HTTP_ECDSA_P256_SHA256)
    raw = _signature_of(request)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    der = encode_dss_signature(r, s)
    for spoiled in (der, raw[:-1], raw + b"\0", bytes(64), raw[:32] + bytes(32), b"\xff" * 64):
        value = b"sig1=:%b:" % base64.b64encode(spoiled)
        require_refusal(with_header(request, "signature", value), match="no live key")


@pytest.mark.parametrize(
    ("algorithm", "material"),
    [
        (Algorithm.HTTP_HMAC_SHA256, b""),
        (Algorithm.HTTP_HMAC_SHA256, SECRET[:31]),
        (Algorithm.HTTP_HMAC_SHA256, pem(ed25519_key().public_key())),
        (Algorithm.HTTP_ED25519, pem(rsa_key().public_key())),
        (Algorithm.HTTP_ECDSA_P256_SHA256, pem(ed25519_key().public_key())),
        (Algorithm.HTTP_ECDSA_P256_SHA256, p256_pem(ec.derive_private_key(7, ec.SECP384R1()))),
        (Algorithm.HTTP_ECDSA_P256_SHA256, p256_pem(ec.derive_private_key(7, ec.SECP256K1()))),
        (Algorithm.HTTP_RSA_PSS_SHA512, b"no PEM"),
        (Algorithm.RSA_SHA256, pem(rsa_key().public_key())),
    ],
)
def test_a_weak_key_or_one_of_another_kind_never_verifies(
    algorithm: Algorithm, material: bytes
) -> None:
    key = VerificationKey(key_id="k1", algorithm=algorithm, material=material)
    for scheme in SCHEMES:
        require_refusal(signed(algorithm=scheme), [key], "no live key")
    if algorithm is Algorithm.HTTP_HMAC_SHA256 and material:
        confused = sign_http_message(REQUEST, material, created=NOW, key_id="k1")
        require_refusal(confused, [key], "no live key")


def test_a_body_beyond_the_limit_is_refused_though_it_is_signed() -> None:
    largest = replace(REQUEST, body=b"x" * CALLBACK_BODY_BYTES_MAX)
    assert require_http_signature(signed(largest), LIVE, NOW)
    require_refusal(signed(replace(largest, body=largest.body + b"x")), match="bytes")
