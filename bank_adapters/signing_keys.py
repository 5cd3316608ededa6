"""What makes a key fit to be registered, and loading asymmetric keys; it sees no message."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from bank_adapters.contract import AdapterError, Algorithm

RSA_BITS_MIN: Final = 2048
RSA_BITS_MAX: Final = 8192
"""Beyond this a check costs so much that messages could be used to tire us."""
RSA_EXPONENT: Final = 65537
WEBHOOK_SECRET_BYTES_MIN: Final = 24
WEBHOOK_SECRET_BYTES_MAX: Final = 64
HTTP_SECRET_BYTES_MIN: Final = 32
"""RFC 2104 §3: a key shorter than the digest weakens the code."""
HTTP_SECRET_BYTES_MAX: Final = 256

_TEXT_SECRET: Final = re.compile(rb"[!-~]{16,256}")
# Text secrets are joined by a colon, so that none of them may hold one.
_JOINED: Final = rb"(?:[!-9;-~]{8,256}:){0,3}"
_JOINED_SECRETS: Final = re.compile(_JOINED + rb"[!-9;-~]{16,256}")
# One notice is enough to try secrets offline, and settlement reports are signed with it as well.
_SECRET_LAST: Final = re.compile(rb"[!-9;-~]{16,256}")
_HEX_SECRET: Final = re.compile(_JOINED + rb"(?:[0-9A-Fa-f]{2}){16,128}")
_KEY_OF_A_PAIR: Final = (b"-----BEGIN", b"whpk_", b"whsk_")
_SENDERS_KEY_ID: Final = re.compile(rb"keyid: ?([!-~]{1,128})\r?\n")
_END_OF_PUBLIC_KEY: Final = re.compile(rb"-----END (?:RSA )?PUBLIC KEY-----")
_PEM_BYTES_MAX: Final = 16 * 1024

_ED25519_FIELD: Final = 2**255 - 19
_ED25519_SMALL_ORDER: Final = frozenset(
    {
        0,
        1,
        _ED25519_FIELD - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)
"""The y coordinates of the points of order 1, 2, 4 and 8: anyone can sign for such a key."""

_PUBLISHED_SECRETS: Final = frozenset(
    {
        "07c08cd1583d3bde18462a18c483b2298b7e175f61d36542cf8b2d62f0203f59",
        "133c1d8be5ccaf8769c053e82adcc3466d37186b8940c529074e6015628f641e",
        "1658dcc99b5936e5550c0e55b97ba174c3c89a4724a548dcbeccd1104f4ae500",
        "1db17c15d1a0897a1a797ec06104f66898dfc5a5555fd588c03916fa9ca524c9",
        "1e78d5ce35d085694496b0b09afa91eef858997c7697bbd78399798fc36c6bfd",
        "22c2e28a1a57833f4a9a02edc063ab823ec8c71a2085b272e30a1da44cdba7c4",
        "23eed25fdc3253c7fca5fbf706bd7a8afa80755c7d6b8d778d45dc2e26560a44",
        "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
        "2c8fef88293d0018848afa43ae514417f1131af60895b05f7c23e0bfa9c6ace5",
        "34030121df137b1b10f2172337ee325fd3e9e592e4c7c5fd0ba0207e3520b718",
        "369207e8d83bc228f0b4e51b65ab8545a064f61c217b25b62110c6800048486e",
        "441b27d777f211140c2dbced68fcc053fa93c3744cd7affe744c28109749375b",
        "48a737cea8e6f05e4a28e83f19dafe04970e8b8d07d11836618c026901af4c91",
        "5055cb27326dea2d6e18cff5afdfcceee489b8dd27a472d4bcd54ee04b19acc2",
        "52bfd2de0a2e69dff4517518590ac32a46bd76606ec22a258f99584a6e70aca2",
        "5a758efea76628529d2df138d3d5ad082a47dbde792b9d88fd08ee12a7299b4d",
        "625ba956142dee70862e946faf78b25c1066be79feebccf0d6f7b7c0b010c3b1",
        "72b1365502f5204198cb818b44ea6aed8235f2224679c966963d144e6187ef88",
        "748f9a346fd4ab7ea81784ce099e3db6e0d98377ad44601de5368e29c35b36f7",
        "8543d84d103b426558d2bc79484448283f9675a79f7f4985c60a21a7335b2eb2",
        "870dcc9eda988bb3c65a56eedfb77c275213cb5901f5a318fcb8bea0030fab81",
        "8bbcf80acb2beaf322e0f2c73cea18caf79b1997d51ad2dd944e9b820acd65f0",
        "96ad2ccd81462a766178ae09a71df55f548a3f66da11606f9cdf40b391e22dd0",
        "a0f3cc6d7d1f749f1e859341b20e14f30d52986575c22bffbb3dbea9239052f9",
        "a5a3ba21caba4dc7986707bc7fa6b39d3747229fcb38e886c8517a28e18ed6df",
        "aeb0dc495d3bfefd39987eac2f2a19b7b056a8d35a8689b11674067af7efd2ec",
        "b8827db3f48ab5829d0abf28264fea050f31ecd29cd65fc82f4517b781891e60",
        "b959167eca78d958efc09661b76b100af580221afb9086262a36294dc93c96db",
        "ba3a99a11b045643dfbda90bb5fd8e5ed71e508b3f4b81229175201dc9bb7b94",
        "bf98497a3d417ae013b226c19aa9f8b6736d24955e1395f22033baf5ff8894d1",
        "bfe2f9b629e6370fd998cf4e9fad39987cb42efc58a942748f50c9d3b4d6e27b",
        "c77965a1528fa851c7dc46152dbe054aa091615f748985c8fac98b98ac3c1f23",
        "d20409fc0ac30806f74005b72ca144f9dea68ec0abba2e9c04ddb48bcd6a4045",
        "d78f601c821e9d9968f40251129f8d8a0a924aafe1f293d4aef2e09fbbab3f0f",
        "e4f8f6843f60b6da2497bf3f2fbceed65b1a84f39a56787ba633bd19aef899f6",
        "e53c88bd6008a846e13375ecd3345703370168fb98545efeb84359cc2ab17e08",
        "f84cbd12fa5ece533711b8e70ece9e7da9fee008fc94f525938126f00acd4ece",
        "fee30588ac163e06a3141ddd4a697f4cbf1675c90db44348cfe4262ab36b1119",
    }
)
"""SHA-256 of the sandbox and example secrets that gateways, libraries and RFC 9421 print; access
keys too, because who uses one has not registered, and public keys whose private half is printed."""


class WeakKey(AdapterError):
    """The key material is malformed, too weak or not of the kind its algorithm needs."""


def is_published_test_secret(material: bytes) -> bool:
    """Say whether a secret is printed in public documents, so that no live endpoint may use it.

    Of secrets that are registered together one is enough.
    """
    wholes = (material, split_key_id(material)[1])
    parts = {part.strip() for whole in wholes for part in (whole, *whole.split(b":"))}
    # Hexadecimal text is the same key in either case.
    spellings = parts | {part.lower() for part in parts} | {part.upper() for part in parts}
    return any(hashlib.sha256(each).hexdigest() in _PUBLISHED_SECRETS for each in spellings)


def require_strong(algorithm: Algorithm, material: bytes) -> None:
    """Refuse with `WeakKey` a key that must not be registered for this algorithm.

    Text secrets have 16 to 256 printable ASCII characters; where several are joined by `:`, those
    before the last have 8 or more. Secrets in hexadecimal text: 16 to 128 bytes. Standard Webhooks
    secrets: 24 to 64 bytes; of HTTP Message Signatures: 32 to 256; never a public key. RSA: PEM,
    2048 to 8192 bits, exponent 65537, our own private key allowed after the public one where both
    sides sign. Ed25519: PEM, canonical, not of small order. P-256: PEM.
    """
    _REQUIREMENTS[algorithm](material)


def load_webhook_secret(material: bytes) -> bytes:
    """Return a Standard Webhooks secret of 24 to 64 bytes, or raise `WeakKey`.

    It stands in the material raw or, as senders issue it, as `whsec_` and base64.
    """
    secret = material
    if material.startswith(b"whsec_"):
        try:
            secret = base64.b64decode(material.removeprefix(b"whsec_"), validate=True)
        except ValueError as error:
            raise WeakKey("behind whsec_ there is no base64") from error
    _require_secret(secret, WEBHOOK_SECRET_BYTES_MIN, WEBHOOK_SECRET_BYTES_MAX)
    return secret


def split_key_id(material: bytes) -> tuple[str, bytes]:
    """Split what the sender calls a key from the key itself; empty when its name is not told.

    A first line `keyid: NAME` tells it, for senders that name their key in each message.
    """
    told = _SENDERS_KEY_ID.match(material)
    return (told[1].decode("ascii"), material[told.end() :]) if told else ("", material)


@lru_cache(maxsize=256)
def load_rsa_public_key(material: bytes) -> RSAPublicKey:
    """Load a PEM public key that is strong enough, or raise `WeakKey`.

    A private key of ours that follows it is not looked at.
    """
    key = _load_public_key(split_key_pair(material)[0])
    if not isinstance(key, RSAPublicKey):
        raise WeakKey("the key is not an RSA public key")
    _require_rsa_size(key)
    return key


@lru_cache(maxsize=16)
def load_rsa_private_key(material: bytes) -> RSAPrivateKey:
    """Load our own PEM private key, which follows the sender's public one, or raise `WeakKey`.

    Refused: none at all, an encrypted one, another kind, a weak one, and the private half of the
    very key that precedes it: nobody but its owner may hold that.
    """
    public, private = split_key_pair(material)
    if len(private) > _PEM_BYTES_MAX:
        raise WeakKey("the key is longer than any PEM private key")
    try:
        key = load_pem_private_key(private, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise WeakKey("our own key is missing, encrypted or not a PEM private key") from error
    if not isinstance(key, RSAPrivateKey):
        raise WeakKey("our own key is not an RSA private key")
    _require_rsa_size(key.public_key())
    if key.public_key() == load_rsa_public_key(public):
        raise WeakKey("our own key is the private half of the sender's public key")
    return key


def split_key_pair(material: bytes) -> tuple[bytes, bytes]:
    """Split the sender's public PEM from our own private PEM after it; empty when there is none."""
    end = _END_OF_PUBLIC_KEY.search(material)
    if end is None:
        return material, b""
    return material[: end.end()], material[end.end() :].strip()


@lru_cache(maxsize=256)
def load_ed25519_public_key(material: bytes) -> Ed25519PublicKey:
    """Load a public key that is canonical and not of small order, or raise `WeakKey`.

    It stands in the material as PEM or, as Standard Webhooks write it, as `whpk_` and base64.
    """
    key = _load_public_key(material)
    if not isinstance(key, Ed25519PublicKey):
        raise WeakKey("the key is not an Ed25519 public key")
    # The highest bit is the sign of x; the other 255 are y, least significant byte first.
    y = int.from_bytes(key.public_bytes_raw(), "little") % 2**255
    if y >= _ED25519_FIELD or y in _ED25519_SMALL_ORDER:
        raise WeakKey("the Ed25519 key is not canonical or of small order")
    return key


@lru_cache(maxsize=256)
def load_p256_public_key(material: bytes) -> EllipticCurvePublicKey:
    """Load a PEM public key on the curve P-256, or raise `WeakKey`; its point is checked."""
    key = _load_public_key(material)
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise WeakKey("the key is not a public key on P-256")
    return key


def _load_public_key(material: bytes) -> PublicKeyTypes:
    if len(material) > _PEM_BYTES_MAX:
        raise WeakKey("the key is longer than any PEM public key")
    if split_key_pair(material)[1]:
        raise WeakKey("something follows the public key")
    try:
        if material.startswith(b"whpk_"):
            raw = base64.b64decode(material.removeprefix(b"whpk_"), validate=True)
            return Ed25519PublicKey.from_public_bytes(raw)
        return load_pem_public_key(material)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise WeakKey("the key is not a PEM public key") from error


def _require_rsa_size(key: RSAPublicKey) -> None:
    if not RSA_BITS_MIN <= key.key_size <= RSA_BITS_MAX:
        raise WeakKey(f"the RSA key has {key.key_size} bits, {RSA_BITS_MIN} are the least")
    if key.public_numbers().e != RSA_EXPONENT:
        raise WeakKey(f"the RSA exponent must be {RSA_EXPONENT}")


def _require_rsa_keys(material: bytes) -> None:
    load_rsa_public_key(material)
    if split_key_pair(material)[1]:
        load_rsa_private_key(material)


def require_http_secret(secret: bytes) -> None:
    """Refuse with `WeakKey` a shared secret of HTTP Message Signatures outside 32 to 256 bytes."""
    _require_secret(secret, HTTP_SECRET_BYTES_MIN, HTTP_SECRET_BYTES_MAX)


def _require_secret(secret: bytes, bytes_min: int, bytes_max: int) -> None:
    if any(mark in secret for mark in _KEY_OF_A_PAIR):
        raise WeakKey("a public key is no secret: whoever knows it could sign")
    if not bytes_min <= len(secret) <= bytes_max:
        raise WeakKey(f"the secret must have {bytes_min} to {bytes_max} bytes")


def _single(require: Callable[[bytes], object]) -> Callable[[bytes], object]:
    def require_single(material: bytes) -> None:
        key = split_key_id(material)[1]
        if split_key_pair(key)[1]:
            raise WeakKey("something follows the public key")
        require(key)

    return require_single


def _text(pattern: re.Pattern[bytes], sentence: str) -> Callable[[bytes], object]:
    def require(material: bytes) -> None:
        if not pattern.fullmatch(material):
            raise WeakKey(sentence)

    return require


_JOINED_SENTENCE: Final = (
    "the secret must be 16 to 256 printable characters without blanks; those joined by a colon "
    "before it at least 8"
)
_REQUIREMENTS: Final[Mapping[Algorithm, Callable[[bytes], object]]] = {
    Algorithm.HMAC_SHA512_HEX: _text(_TEXT_SECRET, _JOINED_SENTENCE),
    Algorithm.HMAC_SHA256_HEX: _text(_JOINED_SECRETS, _JOINED_SENTENCE),
    Algorithm.HMAC_SHA256_HEX_DECODED: _text(
        _HEX_SECRET, "the secret must be 32 to 256 hexadecimal digits"
    ),
    Algorithm.HMAC_SHA1_HEX: _text(_JOINED_SECRETS, _JOINED_SENTENCE),
    Algorithm.SHA256_SECRET_LAST: _text(
        _SECRET_LAST, "the secret must be 16 to 256 printable characters without blanks or colons"
    ),
    Algorithm.RSA_SHA256: _require_rsa_keys,
    Algorithm.RSA_SHA1: _require_rsa_keys,
    Algorithm.STANDARD_WEBHOOKS_HMAC: load_webhook_secret,
    Algorithm.STANDARD_WEBHOOKS_ED25519: load_ed25519_public_key,
    Algorithm.HTTP_ED25519: _single(load_ed25519_public_key),
    Algorithm.HTTP_ECDSA_P256_SHA256: _single(load_p256_public_key),
    Algorithm.HTTP_RSA_PSS_SHA512: _single(load_rsa_public_key),
    Algorithm.HTTP_RSA_V1_5_SHA256: _single(load_rsa_public_key),
    Algorithm.HTTP_HMAC_SHA256: _single(require_http_secret),
}
