"""Signatures: right ones pass, all others are `CallbackRejected` and never another error."""

import base64
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm, CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.counterpart.callbacks import sign_standard_webhook
from bank_adapters.signatures import (
    hmac_sha512_hex,
    require_hmac_sha512,
    require_rsa_sha256,
    require_size,
    require_standard_webhook,
)
from tests.bank_adapters.keys import NOW, WEBHOOK_SECRET, ed25519_key, key, pem, post, rsa_key
from tests.bank_adapters.published import gateway_vectors

CONTENT = b"vnp_Amount=1000000&vnp_TxnRef=1"
SECRET = b"a secret of sixteen or more"
HMAC_KEY = key(Algorithm.HMAC_SHA512_HEX, SECRET)
RSA_KEY = key(Algorithm.RSA_SHA256, pem(rsa_key().public_key()))
WEBHOOK_KEY = key(Algorithm.STANDARD_WEBHOOKS_HMAC, WEBHOOK_SECRET)
ED25519_KEY = key(Algorithm.STANDARD_WEBHOOKS_ED25519, pem(ed25519_key().public_key()))
EVERY_KEY = (HMAC_KEY, RSA_KEY, WEBHOOK_KEY, ED25519_KEY)
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


def test_hmac_accepts_either_case_and_any_live_key() -> None:
    signature = hmac_sha512_hex(CONTENT, SECRET)
    other = key(Algorithm.HMAC_SHA512_HEX, b"the next secret in rotation")
    require_hmac_sha512(CONTENT, signature.encode(), [HMAC_KEY])
    require_hmac_sha512(CONTENT, signature.upper().encode(), [other, HMAC_KEY])


def test_the_published_primitive_vector() -> None:
    require_hmac_sha512(
        b"data",
        b"6274071d33dec2728a2a1c903697fc1210b3252221c3d137e12d9f1ae5c8ed53"
        b"e05e692b05a9eefff289667e2387c0fc0bd8a3d9bd7000782730c856a77a77d5",
        [key(Algorithm.HMAC_SHA512_HEX, b"secret")],
    )


def test_published_string_vectors() -> None:
    vectors = gateway_vectors(scheme="VNPAY")
    current = [vector for vector in vectors if vector["algorithm"] == "HMAC-SHA512"]
    assert len(current) == 7
    for vector in current:
        live = [key(Algorithm.HMAC_SHA512_HEX, vector["secret"].encode())]
        content = vector["string_to_sign"].encode()
        if vector["expect_valid"]:
            require_hmac_sha512(content, vector["expected"].encode(), live)
        else:
            with pytest.raises(CallbackRejected):
                require_hmac_sha512(content, vector["expected"].encode(), live)


def test_old_md5_hashes_are_refused() -> None:
    for vector in gateway_vectors(scheme="VNPAY 2.0 legacy"):
        live = [key(Algorithm.HMAC_SHA512_HEX, vector["secret"].encode())]
        with pytest.raises(CallbackRejected):
            require_hmac_sha512(
                vector["string_to_sign"].encode(), vector["expected"].encode(), live
            )


def _good_hex() -> bytes:
    return hmac_sha512_hex(CONTENT, SECRET).encode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: None,
        lambda _: b"",
        lambda good: bytes([good[0] ^ 1]) + good[1:],
        lambda good: good[:-1],
        lambda good: good + b"\n",
        lambda good: b" " + good[1:],
        lambda good: b"0x" + good[2:],
        lambda good: good[:64] + b" " + good[64:],
        lambda good: "é".encode() + good[2:],
        lambda good: "０".encode() + good[3:],
        lambda good: good * 8192,
    ],
)
def test_spoiled_hex_is_refused(spoil: Callable[[bytes], bytes | None]) -> None:
    with pytest.raises(CallbackRejected):
        require_hmac_sha512(CONTENT, spoil(_good_hex()), [HMAC_KEY])


def test_a_right_signature_of_other_content_or_under_another_key_kind_is_refused() -> None:
    with pytest.raises(CallbackRejected):
        require_hmac_sha512(CONTENT + b"0", _good_hex(), [HMAC_KEY])
    with pytest.raises(CallbackRejected):
        require_hmac_sha512(CONTENT, _good_hex(), [key(Algorithm.RSA_SHA256, SECRET)])
    with pytest.raises(CallbackRejected):
        require_hmac_sha512(CONTENT, _good_hex(), [])
    empty = hmac_sha512_hex(CONTENT, b"").encode()
    with pytest.raises(CallbackRejected):
        require_hmac_sha512(CONTENT, empty, [key(Algorithm.HMAC_SHA512_HEX, b"")])


def _rsa_signature(bits: int = 2048, exponent: int = 65537) -> bytes:
    signature = rsa_key(bits, exponent).sign(CONTENT, padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signature)


def test_rsa_accepts_its_own_signature() -> None:
    require_rsa_sha256(CONTENT, _rsa_signature(), [RSA_KEY])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: None,
        lambda _: b"",
        lambda good: good.rstrip(b"="),
        lambda good: good + b"=",
        lambda good: good[:8] + b"\n" + good[8:],
        lambda good: good[:8] + b"-_" + good[10:],
        lambda good: good + b"AAAA",
        lambda good: "é".encode() + good[2:],
        lambda _: base64.b64encode(b"short"),
        lambda good: good * 4096,
    ],
)
def test_spoiled_base64_is_refused(spoil: Callable[[bytes], bytes | None]) -> None:
    with pytest.raises(CallbackRejected):
        require_rsa_sha256(CONTENT, spoil(_rsa_signature()), [RSA_KEY])


def test_rsa_refuses_other_content_other_digests_and_weak_keys() -> None:
    with pytest.raises(CallbackRejected):
        require_rsa_sha256(CONTENT + b" ", _rsa_signature(), [RSA_KEY])
    with_sha1 = rsa_key().sign(CONTENT, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  refused
    with pytest.raises(CallbackRejected):
        require_rsa_sha256(CONTENT, base64.b64encode(with_sha1), [RSA_KEY])
    for bits, exponent in ((1024, 65537), (2048, 3)):
        weak = key(Algorithm.RSA_SHA256, pem(rsa_key(bits, exponent).public_key()))
        with pytest.raises(CallbackRejected):
            require_rsa_sha256(CONTENT, _rsa_signature(bits, exponent), [weak])
    with pytest.raises(CallbackRejected):
        require_rsa_sha256(CONTENT, _rsa_signature(), [key(Algorithm.RSA_SHA256, b"no PEM")])


def test_the_published_standard_webhook() -> None:
    request = post(
        b'{"test": 2432232314}',
        [
            ("webhook-id", b"msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", b"1614265330"),
            ("webhook-signature", b"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ],
    )
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    live = [key(Algorithm.STANDARD_WEBHOOKS_HMAC, secret)]
    then = datetime.fromtimestamp(1614265330, UTC)
    assert require_standard_webhook(request, live, then) == b"msg_p5jXN8AQM9LWM0D4loKWxJek"
    for seconds in (-301, 301):
        with pytest.raises(CallbackRejected):
            require_standard_webhook(request, live, then + timedelta(seconds=seconds))
    for seconds in (-300, 300):
        require_standard_webhook(request, live, then + timedelta(seconds=seconds))


def _webhook(
    signature: bytes | None = None, *, message_id: str = "msg_1", body: bytes = b"{}"
) -> CallbackRequest:
    headers = dict(
        sign_standard_webhook(
            b"{}",
            message_id=message_id,
            sent_at=NOW,
            keys=[WEBHOOK_SECRET, ed25519_key()],
        )
    )
    if signature is not None:
        headers["webhook-signature"] = signature
    return post(body, headers.items())


def _v1(content: bytes, secret: bytes = WEBHOOK_SECRET) -> bytes:
    return b"v1," + base64.b64encode(hmac.digest(secret, content, "sha256"))


@pytest.mark.parametrize("live", [WEBHOOK_KEY, ED25519_KEY])
def test_both_webhook_schemes_pass(live: VerificationKey) -> None:
    assert require_standard_webhook(_webhook(), [live], NOW) == b"msg_1"
    with pytest.raises(CallbackRejected):
        require_standard_webhook(_webhook(body=b"{ }"), [live], NOW)


def test_a_list_of_signatures_needs_one_right_one_among_twenty() -> None:
    right = dict(_webhook().headers)["webhook-signature"].split(b" ")[0]
    wrong = _v1(b"something else")
    require_standard_webhook(_webhook(b" ".join([wrong, wrong, right])), [WEBHOOK_KEY], NOW)
    require_standard_webhook(_webhook(b" ".join([b"v9,x", right])), [WEBHOOK_KEY], NOW)
    require_standard_webhook(_webhook(b" ".join([wrong] * 19 + [right])), [WEBHOOK_KEY], NOW)
    for count in (20, 1000):
        with pytest.raises(CallbackRejected):
            require_standard_webhook(_webhook(b" ".join([wrong] * count + [right])), EVERY_KEY, NOW)


def test_the_version_does_not_choose_the_key() -> None:
    hmac_part, ed25519_part = dict(_webhook().headers)["webhook-signature"].split(b" ")
    with pytest.raises(CallbackRejected):
        require_standard_webhook(_webhook(hmac_part), [ED25519_KEY], NOW)
    with pytest.raises(CallbackRejected):
        require_standard_webhook(_webhook(ed25519_part), [WEBHOOK_KEY], NOW)
    with pytest.raises(CallbackRejected):
        require_standard_webhook(
            _webhook(b"v1," + ed25519_part.removeprefix(b"v1a,")), [ED25519_KEY], NOW
        )


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [None, b"", b"a.b", b"\xc3\xa9", b"-1", b"1e9", b"9" * 30])
def test_missing_or_malformed_webhook_headers(name: str, value: bytes | None) -> None:
    headers = dict(_webhook().headers)
    del headers[name]
    if value is not None:
        headers[name] = value
    with pytest.raises(CallbackRejected):
        require_standard_webhook(post(b"{}", headers.items()), EVERY_KEY, NOW)


def test_a_doubled_header_is_refused() -> None:
    request = _webhook()
    doubled = post(request.body, [*request.headers, ("webhook-id", b"msg_1")])
    with pytest.raises(CallbackRejected):
        require_standard_webhook(doubled, EVERY_KEY, NOW)


def test_ed25519_refuses_other_lengths_and_a_non_canonical_scalar() -> None:
    part = dict(_webhook().headers)["webhook-signature"].split(b" ")[1]
    good = base64.b64decode(part.removeprefix(b"v1a,"))
    scalar = int.from_bytes(good[32:], "little") + ED25519_ORDER
    spoiled = (good[:-1], good + b"\0", good[:32] + scalar.to_bytes(32, "little"))
    for each in spoiled:
        header = b"v1a," + base64.b64encode(each)
        with pytest.raises(CallbackRejected):
            require_standard_webhook(_webhook(header), [ED25519_KEY], NOW)


def test_a_webhook_secret_of_a_wrong_length_never_verifies() -> None:
    for secret in (b"", b"x" * 23, b"x" * 65):
        content = b"msg_1." + dict(_webhook().headers)["webhook-timestamp"] + b".{}"
        with pytest.raises(CallbackRejected):
            require_standard_webhook(
                _webhook(_v1(content, secret)),
                [key(Algorithm.STANDARD_WEBHOOKS_HMAC, secret)],
                NOW,
            )


def test_size_is_refused_first() -> None:
    require_size(post(b"x" * 65_536))
    with pytest.raises(CallbackRejected):
        require_size(post(b"x" * 65_537))


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=60))
def test_random_bytes_raise_nothing_else(content: bytes, signature: bytes, material: bytes) -> None:
    random_keys = [key(algorithm, material) for algorithm in Algorithm]
    for check in (require_hmac_sha512, require_rsa_sha256):
        with pytest.raises(CallbackRejected):
            check(content, signature, [*random_keys, *EVERY_KEY])
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        headers = dict(_webhook().headers) | {name: signature}
        with pytest.raises(CallbackRejected):
            require_standard_webhook(
                post(content + b"!", headers.items()), [*random_keys, *EVERY_KEY], NOW
            )
