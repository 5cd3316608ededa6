"""Every published signature vector, one test a row: valid ones verify, the others are refused."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from bank_adapters.contract import Algorithm, CallbackRejected
from bank_adapters.signatures.primitives import (
    require_hmac,
    require_rsa,
    require_sha256_secret_last,
)
from bank_adapters.signing_keys import is_published_test_secret
from tests.bank_adapters.keys import key, pem
from tests.bank_adapters.published import DATA, gateway_vectors

ROWS = 58
_HMACS = {
    ("HMAC-SHA512", "utf-8"): Algorithm.HMAC_SHA512_HEX,
    ("HMAC-SHA256", "utf-8"): Algorithm.HMAC_SHA256_HEX,
    ("HMAC-SHA256", "hex-decoded"): Algorithm.HMAC_SHA256_HEX_DECODED,
    ("HMAC-SHA1", "utf-8"): Algorithm.HMAC_SHA1_HEX,
}


def _ids() -> list[str]:
    path = DATA / "gateway_vectors.json"
    if not path.is_file():
        return ["absent"]
    return [row["id"] for row in json.loads(path.read_text(encoding="utf-8"))["vectors"]]


def _verify(row: dict[str, Any]) -> None:
    content, secret = row["string_to_sign"].encode(), row["secret"].encode()
    given = row["expected"].removeprefix("sha256=").encode()
    if row["algorithm"].startswith("SHA-256(fields"):
        fields = content.removesuffix(b"|" + secret)
        assert fields != content
        require_sha256_secret_last(fields, given, [key(Algorithm.SHA256_SECRET_LAST, secret)])
        return
    # Whatever a row calls itself, an old digest is checked by the algorithm of its channel.
    algorithm = _HMACS.get((row["algorithm"], row["key_encoding"]), Algorithm.HMAC_SHA512_HEX)
    require_hmac(algorithm, content, given, [key(algorithm, secret)])


def _verify_with_short_key(row: dict[str, Any]) -> None:
    """Find the signature right, and refuse it: its key has 512 bits."""
    private = load_der_private_key(base64.b64decode(row["secret"]), password=None)
    assert isinstance(private, RSAPrivateKey)
    content, given = row["string_to_sign"].encode(), row["expected"].encode()
    public = private.public_key()
    public.verify(base64.b64decode(given), content, padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(CallbackRejected):
        require_rsa(Algorithm.RSA_SHA256, content, given, [key(Algorithm.RSA_SHA256, pem(public))])


def test_no_row_is_left_out() -> None:
    assert len(gateway_vectors(scheme="")) == ROWS == len(set(_ids()))


@pytest.mark.parametrize("row_id", _ids())
def test_the_row_comes_out_as_it_says(row_id: str) -> None:
    [row] = [each for each in gateway_vectors(scheme="") if each["id"] == row_id]
    if row["algorithm"].startswith("RSA"):
        _verify_with_short_key(row)
        return
    assert is_published_test_secret(row["secret"].encode())
    if row["expect_valid"]:
        _verify(row)
    else:
        with pytest.raises(CallbackRejected):
            _verify(row)
