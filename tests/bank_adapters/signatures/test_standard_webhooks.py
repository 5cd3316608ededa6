"""Standard Webhooks: lists of signatures, age, and nothing but `CallbackRejected`."""

import base64
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm, CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.counterpart.callbacks import sign_standard_webhook
from bank_adapters.signatures.standard_webhooks import require_standard_webhook
from tests.bank_adapters.keys import (
    ED25519_KEY,
    NOW,
    WEBHOOK_KEY,
    WEBHOOK_SECRET,
    ed25519_key,
    key,
    pem,
    post,
    rsa_key,
)

RSA_KEY = key(Algorithm.RSA_SHA256, pem(rsa_key().public_key()))
EVERY_KEY = (RSA_KEY, WEBHOOK_KEY, ED25519_KEY)
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


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
    issued = key(Algorithm.STANDARD_WEBHOOKS_HMAC, b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    live = [key(Algorithm.STANDARD_WEBHOOKS_HMAC, secret)]
    then = datetime.fromtimestamp(1614265330, UTC)
    assert require_standard_webhook(request, live, then) == b"msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert require_standard_webhook(request, [issued], then) == b"msg_p5jXN8AQM9LWM0D4loKWxJek"
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


def test_keys_are_taken_as_senders_write_them() -> None:
    secret = b"whsec_" + base64.b64encode(WEBHOOK_SECRET)
    public = b"whpk_" + base64.b64encode(ed25519_key().public_key().public_bytes_raw())
    other = b"whpk_" + base64.b64encode(ed25519_key(2).public_key().public_bytes_raw())
    for algorithm, material in (
        (Algorithm.STANDARD_WEBHOOKS_HMAC, secret),
        (Algorithm.STANDARD_WEBHOOKS_ED25519, public),
    ):
        assert require_standard_webhook(_webhook(), [key(algorithm, material)], NOW) == b"msg_1"
    for algorithm, material in (
        (Algorithm.STANDARD_WEBHOOKS_HMAC, secret[:-4]),
        (Algorithm.STANDARD_WEBHOOKS_HMAC, public),
        (Algorithm.STANDARD_WEBHOOKS_ED25519, other),
        (Algorithm.STANDARD_WEBHOOKS_ED25519, secret),
    ):
        with pytest.raises(CallbackRejected):
            require_standard_webhook(_webhook(), [key(algorithm, material)], NOW)


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


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=60))
def test_random_bytes_raise_nothing_else(content: bytes, value: bytes, material: bytes) -> None:
    every = [*(key(algorithm, material) for algorithm in Algorithm), *EVERY_KEY]
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        headers = dict(_webhook().headers) | {name: value}
        with pytest.raises(CallbackRejected):
            require_standard_webhook(post(content + b"!", headers.items()), every, NOW)
