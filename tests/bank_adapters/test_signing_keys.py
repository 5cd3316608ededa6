"""Which keys may be registered."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bank_adapters.contract import Algorithm
from bank_adapters.signing_keys import WeakKey, is_published_test_secret, require_strong
from tests.bank_adapters.keys import VNPAY_SECRET, WEBHOOK_SECRET, ed25519_key, pem, rsa_key
from tests.bank_adapters.published import gateway_vectors, published_secrets

FIELD = 2**255 - 19
Point = tuple[int, int]


def test_strong_keys_pass() -> None:
    require_strong(Algorithm.HMAC_SHA512_HEX, VNPAY_SECRET)
    require_strong(Algorithm.STANDARD_WEBHOOKS_HMAC, WEBHOOK_SECRET)
    require_strong(Algorithm.RSA_SHA256, pem(rsa_key().public_key()))
    require_strong(Algorithm.STANDARD_WEBHOOKS_ED25519, pem(ed25519_key().public_key()))


def _ecdsa_pem() -> bytes:
    public_key = generate_private_key(SECP256R1()).public_key()
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    ("algorithm", "material"),
    [
        (Algorithm.HMAC_SHA512_HEX, b""),
        (Algorithm.HMAC_SHA512_HEX, b"x" * 15),
        (Algorithm.HMAC_SHA512_HEX, VNPAY_SECRET + b"\n"),
        (Algorithm.HMAC_SHA512_HEX, b" " + VNPAY_SECRET),
        (Algorithm.STANDARD_WEBHOOKS_HMAC, b"x" * 23),
        (Algorithm.STANDARD_WEBHOOKS_HMAC, b"x" * 65),
        (Algorithm.RSA_SHA256, b""),
        (Algorithm.RSA_SHA256, VNPAY_SECRET),
        (Algorithm.RSA_SHA256, b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
        (Algorithm.RSA_SHA256, pem(rsa_key(1024).public_key())),
        (Algorithm.RSA_SHA256, pem(rsa_key(2048, 3).public_key())),
        (Algorithm.RSA_SHA256, pem(ed25519_key().public_key())),
        (Algorithm.RSA_SHA256, _ecdsa_pem()),
        (Algorithm.RSA_SHA256, b"A" * 20_000),
        (Algorithm.STANDARD_WEBHOOKS_ED25519, pem(rsa_key().public_key())),
    ],
)
def test_weak_or_foreign_keys_are_refused(algorithm: Algorithm, material: bytes) -> None:
    with pytest.raises(WeakKey):
        require_strong(algorithm, material)


def _square_root(value: int) -> int | None:
    root = pow(value, (FIELD + 3) // 8, FIELD)
    for candidate in (root, root * pow(2, (FIELD - 1) // 4, FIELD) % FIELD):
        if candidate * candidate % FIELD == value % FIELD:
            return candidate
    return None


def _point(y: int) -> Point | None:
    d = -121665 * pow(121666, -1, FIELD) % FIELD
    x = _square_root((y * y - 1) * pow(d * y * y + 1, -1, FIELD))
    return None if x is None else (x, y)


def _double(point: Point) -> Point:
    x, y = point
    d = -121665 * pow(121666, -1, FIELD) % FIELD
    product = d * x * x * y * y % FIELD
    return (
        2 * x * y * pow(1 + product, -1, FIELD) % FIELD,
        (y * y + x * x) * pow(1 - product, -1, FIELD) % FIELD,
    )


SMALL_ORDER = (
    0,
    1,
    FIELD - 1,
    0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
)


@pytest.mark.parametrize("y", SMALL_ORDER)
def test_the_refused_points_have_order_eight_at_most(y: int) -> None:
    point = _point(y)
    assert point is not None
    assert _double(_double(_double(point))) == (0, 1)


@pytest.mark.parametrize("y", [*SMALL_ORDER, FIELD, FIELD + 1, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 2**255])
def test_small_order_and_non_canonical_ed25519_keys_are_refused(y: int, sign: int) -> None:
    public_key = Ed25519PublicKey.from_public_bytes((y + sign).to_bytes(32, "little"))
    with pytest.raises(WeakKey):
        require_strong(Algorithm.STANDARD_WEBHOOKS_ED25519, pem(public_key))


@pytest.mark.parametrize("secret", [b"secret", b"VNPAYSANDBOXSECRET", b" test_secret\n"])
def test_published_secrets_are_known(secret: bytes) -> None:
    assert is_published_test_secret(secret)
    assert not is_published_test_secret(VNPAY_SECRET)


def test_every_secret_of_the_vectors_is_known() -> None:
    secrets = published_secrets()
    assert len(secrets) == 19
    assert all(is_published_test_secret(secret.encode()) for secret in secrets)


def test_the_published_rsa_key_is_too_small_to_register() -> None:
    (vector,) = gateway_vectors(scheme="ZaloPay disbursement")
    private = base64.b64decode(vector["secret"])
    armoured = base64.encodebytes(private)
    material = b"-----BEGIN PUBLIC KEY-----\n" + armoured + b"-----END PUBLIC KEY-----\n"
    with pytest.raises(WeakKey):
        require_strong(Algorithm.RSA_SHA256, material)
