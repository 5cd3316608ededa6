"""Which keys may be registered."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    EllipticCurve,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from bank_adapters.contract import Algorithm
from bank_adapters.signing_keys import (
    WeakKey,
    is_published_test_secret,
    load_rsa_private_key,
    load_rsa_public_key,
    require_strong,
    split_key_pair,
)
from tests.bank_adapters.key_pairs import own_key, private_pem, registered
from tests.bank_adapters.keys import VNPAY_SECRET, WEBHOOK_SECRET, ed25519_key, pem, rsa_key
from tests.bank_adapters.published import gateway_vectors, published_secrets
from tests.bank_adapters.signatures.rfc9421 import ECC_KEY, ED25519_KEY, HMAC_KEY, RSA_PSS_KEY

FIELD = 2**255 - 19
Point = tuple[int, int]


def _ecdsa_pem(curve: EllipticCurve) -> bytes:
    public_key = generate_private_key(curve).public_key()
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


RSA_PEM = pem(rsa_key().public_key())
WEAK_RSA_PEM = pem(rsa_key(1024).public_key())
ED25519_PEM = pem(ed25519_key().public_key())
ED25519_PRIVATE_PEM = ed25519_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
WEBHOOK_PUBLIC_KEY = b"whpk_" + base64.b64encode(ed25519_key().public_key().public_bytes_raw())
HEX_SECRET = b"0123456789abcdefABCDEF0123456789"
GOOD_AND_WEAK: dict[Algorithm, tuple[bytes, bytes]] = {
    Algorithm.HMAC_SHA512_HEX: (VNPAY_SECRET, VNPAY_SECRET[:15]),
    Algorithm.HMAC_SHA256_HEX: (b"accessKey1234:" + VNPAY_SECRET, b"accessKey1234:short"),
    Algorithm.HMAC_SHA256_HEX_DECODED: (HEX_SECRET, HEX_SECRET[:30]),
    Algorithm.HMAC_SHA1_HEX: (VNPAY_SECRET, VNPAY_SECRET[:15]),
    Algorithm.SHA256_SECRET_LAST: (b"sixteen-is-least", b"fifteen-is-less"),
    Algorithm.RSA_SHA256: (registered(), WEAK_RSA_PEM),
    Algorithm.RSA_SHA1: (RSA_PEM, pem(rsa_key(2048, 3).public_key())),
    Algorithm.STANDARD_WEBHOOKS_HMAC: (WEBHOOK_SECRET, WEBHOOK_SECRET[:23]),
    Algorithm.STANDARD_WEBHOOKS_ED25519: (ED25519_PEM, RSA_PEM),
    Algorithm.HTTP_ED25519: (ED25519_PEM, _ecdsa_pem(SECP256R1())),
    Algorithm.HTTP_ECDSA_P256_SHA256: (_ecdsa_pem(SECP256R1()), _ecdsa_pem(SECP384R1())),
    Algorithm.HTTP_RSA_PSS_SHA512: (RSA_PEM, WEAK_RSA_PEM),
    Algorithm.HTTP_RSA_V1_5_SHA256: (RSA_PEM, ED25519_PEM),
    Algorithm.HTTP_HMAC_SHA256: (WEBHOOK_SECRET, WEBHOOK_SECRET[:31]),
}


@pytest.mark.parametrize("algorithm", Algorithm)
def test_for_each_algorithm_a_good_key_passes_and_a_weak_one_does_not(
    algorithm: Algorithm,
) -> None:
    good, weak = GOOD_AND_WEAK[algorithm]
    require_strong(algorithm, good)
    for refused in (weak, b"", b"\xff" * 20, b"\xff" * 20_000):
        with pytest.raises(WeakKey):
            require_strong(algorithm, refused)


@pytest.mark.parametrize(
    ("algorithm", "material"),
    [
        (Algorithm.HMAC_SHA256_HEX, VNPAY_SECRET),
        (Algorithm.HMAC_SHA256_HEX, b"K1234567:K2345678:K3456789:" + VNPAY_SECRET),
        (Algorithm.HMAC_SHA256_HEX_DECODED, b"ACCESS12:" + HEX_SECRET),
        (Algorithm.RSA_SHA256, RSA_PEM),
        (Algorithm.RSA_SHA1, registered()),
        (Algorithm.RSA_SHA1, RSA_PEM + b"\n\n"),
        (Algorithm.STANDARD_WEBHOOKS_HMAC, b"whsec_" + base64.b64encode(WEBHOOK_SECRET)),
        (Algorithm.STANDARD_WEBHOOKS_ED25519, WEBHOOK_PUBLIC_KEY),
        (Algorithm.HTTP_ED25519, b"keyid: bank-2026-11\n" + ED25519_PEM),
        (Algorithm.HTTP_RSA_PSS_SHA512, b"keyid:bank/1\r\n" + RSA_PEM + b"\n"),
        (Algorithm.HTTP_HMAC_SHA256, b"keyid: bank\n" + WEBHOOK_SECRET),
    ],
)
def test_keys_with_and_without_companions_pass(algorithm: Algorithm, material: bytes) -> None:
    require_strong(algorithm, material)


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
        (Algorithm.RSA_SHA256, _ecdsa_pem(SECP256R1())),
        (Algorithm.RSA_SHA256, RSA_PEM + b"more"),
        (Algorithm.RSA_SHA256, RSA_PEM + RSA_PEM),
        (Algorithm.RSA_SHA256, RSA_PEM + private_pem(rsa_key())),
        (Algorithm.RSA_SHA256, RSA_PEM + private_pem(own_key(), b"password")),
        (Algorithm.RSA_SHA256, RSA_PEM + private_pem(rsa_key(1024))),
        (Algorithm.RSA_SHA256, RSA_PEM + private_pem(rsa_key(2048, 3))),
        (Algorithm.RSA_SHA256, RSA_PEM + ED25519_PRIVATE_PEM),
        (Algorithm.RSA_SHA256, RSA_PEM + b"A" * 20_000),
        (Algorithm.RSA_SHA256, private_pem(own_key())),
        (Algorithm.RSA_SHA256, WEAK_RSA_PEM + private_pem(own_key())),
        (Algorithm.HMAC_SHA256_HEX, b":" + VNPAY_SECRET),
        (Algorithm.HMAC_SHA256_HEX, b"seven77:" + VNPAY_SECRET),
        (Algorithm.HMAC_SHA256_HEX, VNPAY_SECRET + b":"),
        (Algorithm.HMAC_SHA256_HEX, b"with blank:" + VNPAY_SECRET),
        (Algorithm.HMAC_SHA256_HEX, b"12345678:" * 4 + VNPAY_SECRET),
        (Algorithm.HMAC_SHA256_HEX_DECODED, HEX_SECRET + b"0"),
        (Algorithm.HMAC_SHA256_HEX_DECODED, HEX_SECRET[:-1] + b"g"),
        (Algorithm.SHA256_SECRET_LAST, b"eight888:secret"),
        (Algorithm.HTTP_HMAC_SHA256, bytes(257)),
        (Algorithm.HTTP_HMAC_SHA256, ED25519_PEM),
        (Algorithm.HTTP_HMAC_SHA256, b"\xef\xbb\xbf" + ED25519_PEM),
        (Algorithm.HTTP_HMAC_SHA256, b"# the bank's key\n" + ED25519_PEM),
        (Algorithm.HTTP_HMAC_SHA256, b"keyid: bank\n" + _ecdsa_pem(SECP256R1())),
        (Algorithm.HTTP_HMAC_SHA256, b"keyid: bank\n" + b"x" * 31),
        (Algorithm.HTTP_HMAC_SHA256, WEBHOOK_PUBLIC_KEY),
        (Algorithm.STANDARD_WEBHOOKS_HMAC, WEBHOOK_PUBLIC_KEY),
        (Algorithm.STANDARD_WEBHOOKS_HMAC, b"whsec_" + base64.b64encode(WEBHOOK_SECRET[:23])),
        (Algorithm.STANDARD_WEBHOOKS_HMAC, b"whsec_" + base64.b64encode(WEBHOOK_SECRET) + b"\n"),
        (Algorithm.STANDARD_WEBHOOKS_HMAC, b"whsec_" + b"\xff" * 32),
        (Algorithm.STANDARD_WEBHOOKS_ED25519, WEBHOOK_PUBLIC_KEY[:-4]),
        (Algorithm.STANDARD_WEBHOOKS_ED25519, WEBHOOK_PUBLIC_KEY.replace(b"whpk", b"whsk")),
        (Algorithm.STANDARD_WEBHOOKS_ED25519, ED25519_PEM * 2),
        (Algorithm.HTTP_ED25519, ED25519_PEM * 2),
        (Algorithm.HTTP_RSA_PSS_SHA512, RSA_PEM + RSA_PEM),
        (Algorithm.HTTP_RSA_V1_5_SHA256, registered()),
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


SANDBOX = (
    b"F8BBA842ECF85",
    b"K951B6PE1waDMi640xX08PD3vg6EkVlz",
    b"klm05TvNBzhg7h7j",
    b"at67qH6mk8w5Y1nAyMoYKMWACiEi2bsa",
    b"PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL",
    b"kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz",
    b"8NdU5pG5R2spGHGhyO99HN1OhD8IQJBn",
    b"uUfsWgfLkRLzq6W2uNXTCxrfxs51auny",
    b"9phuAOYhan4urywHTh0ndEXiV3pKHr5Q",
    b"Iyz2habzyr7AG8SgvoBCbKwKi3UzlLi3",
)
"""Access and secret keys of the public sandboxes of MoMo and ZaloPay."""


@pytest.mark.parametrize("secret", SANDBOX)
def test_sandbox_keys_are_known_alone_and_among_others(secret: bytes) -> None:
    assert is_published_test_secret(secret)
    assert is_published_test_secret(secret + b":" + VNPAY_SECRET)
    assert is_published_test_secret(b"own-access-key:" + secret)


PRINTED = [key.material for key in (RSA_PSS_KEY, ECC_KEY, ED25519_KEY, HMAC_KEY)]


@pytest.mark.parametrize("key", [*PRINTED, b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
def test_keys_that_standards_print_are_known_under_any_name(key: bytes) -> None:
    assert is_published_test_secret(key)
    assert is_published_test_secret(b"keyid: bank-2026-11\n" + key)


def test_every_secret_of_the_vectors_is_known_alone_and_among_others() -> None:
    secrets = [secret.encode() for secret in published_secrets()]
    assert len(secrets) == 19
    for secret in secrets:
        assert is_published_test_secret(secret)
        assert is_published_test_secret(b"own-access-key:" + secret)
        assert is_published_test_secret(secret + b":own-secret-key:another")


def test_a_pair_is_split_into_their_public_and_our_private_key() -> None:
    public, private = split_key_pair(registered())
    assert public.strip() == RSA_PEM.strip()
    assert private == private_pem(own_key()).strip()
    assert load_rsa_public_key(registered()) == rsa_key().public_key()
    assert load_rsa_private_key(registered()).private_numbers() == own_key().private_numbers()
    assert split_key_pair(RSA_PEM)[1] == b""
    for without in (RSA_PEM, b"", VNPAY_SECRET):
        with pytest.raises(WeakKey):
            load_rsa_private_key(without)


def test_the_published_rsa_key_is_too_small_to_register() -> None:
    (vector,) = gateway_vectors(scheme="ZaloPay disbursement")
    private = base64.b64decode(vector["secret"])
    armoured = base64.encodebytes(private)
    material = b"-----BEGIN PUBLIC KEY-----\n" + armoured + b"-----END PUBLIC KEY-----\n"
    with pytest.raises(WeakKey):
        require_strong(Algorithm.RSA_SHA256, material)
