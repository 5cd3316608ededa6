"""The texts that MoMo v2 signs: `name=value` pairs sorted by name, raw UTF-8, joined by `&`.

What is registered for MoMo is `accessKey:secretKey`. The access key stands first in every text but
in no message, so both are issued and rolled together.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bank_adapters.contract import AdapterError, Algorithm, CallbackRejected, VerificationKey
from bank_adapters.fields import Fields
from bank_adapters.gateways.exchange import signed_value
from bank_adapters.signatures.primitives import hmac_hex, require_hmac, require_one, secret_part

ALGORITHM: Final = Algorithm.HMAC_SHA256_HEX
ACCESS_KEY, SECRET_KEY = 0, 1
"""Where the two stand in the registered material."""
SIGNATURE: Final = "signature"

NOTICE: Final = (
    "amount", "extraData", "message", "orderId", "orderInfo", "orderType", "partnerCode",
    "payType", "requestId", "responseTime", "resultCode", "transId",
)  # fmt: skip
TOKEN: Final = ("callbackToken", "partnerClientId")
"""Signed too when they are in the notice: it then speaks of a tokenised payment."""
ORDER: Final = (
    "amount", "extraData", "ipnUrl", "orderId", "orderInfo", "partnerCode", "redirectUrl",
    "requestId", "requestType",
)  # fmt: skip
QUERY: Final = ("orderId", "partnerCode", "requestId")
REFUND: Final = (
    "amount", "description", "orderId", "partnerCode", "requestId", "transId",
)  # fmt: skip
ORDER_ANSWERS: Final = (
    (
        "amount", "message", "orderId", "partnerCode", "payUrl", "requestId", "responseTime",
        "resultCode",
    ),
    (
        "amount", "orderId", "partnerCode", "payUrl", "requestId", "responseTime", "resultCode",
    ),
)  # fmt: skip
"""Public copies of MoMo's pages differ on whether `message` is signed; either is accepted."""


def notice_texts(fields: Fields) -> dict[str, str]:
    """Return the signed fields of a notice as texts; null and missing ones are empty."""
    given = [name for name in TOKEN if name in fields.values]
    return {name: signed_value(fields, name) for name in (*NOTICE, *given)}


def texts_of(fields: Fields, names: Sequence[str]) -> dict[str, str]:
    """Return these fields as texts."""
    return {name: signed_value(fields, name) for name in names}


def content_of(texts: Mapping[str, str], refuse: Callable[[str], AdapterError]) -> bytes:
    """Return the text without the access key.

    A value that holds `&` with the name of a signed field and `=` could be cut into fields in two
    ways, with one signature; it is refused.
    """
    content = "&".join(f"{name}={texts[name]}" for name in sorted(texts))
    counts = {name: f"&{content}".count(f"&{name}=") for name in {*texts, *TOKEN}}
    if any(count != (name in texts) for name, count in counts.items()):
        raise refuse("a signed text looks like two fields")
    return content.encode()


def sign(content: bytes, material: bytes) -> str:
    """Return the signature of a text under `accessKey:secretKey`."""
    return hmac_hex(ALGORITHM, _keyed(content, material), secret_part(material, SECRET_KEY))


def require_signed(content: bytes, signature: str, keys: Sequence[VerificationKey]) -> None:
    """Refuse a text that no live pair of keys signed."""
    require_one([_is_signed(content, signature.encode(), key) for key in keys])


def _is_signed(content: bytes, signature: bytes, key: VerificationKey) -> bool:
    # The access key is inside the text, so that each pair of keys signs a text of its own.
    keyed = _keyed(content, key.material)
    try:
        require_hmac(ALGORITHM, keyed, signature, [key], part=SECRET_KEY)
    except CallbackRejected:
        return False
    return True


def _keyed(content: bytes, material: bytes) -> bytes:
    return b"accessKey=" + secret_part(material, ACCESS_KEY) + b"&" + content
