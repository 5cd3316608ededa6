"""The keys, messages and signatures of RFC 9421, Appendix B, as published there."""

import base64
from typing import Final

from bank_adapters.contract import Algorithm, CallbackRequest, VerificationKey

CREATED: Final = 1618884473

_RSA_PSS: Final = b"""-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----
"""
_ECC_P256: Final = b"""-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----
"""
_ED25519: Final = b"""-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----
"""
_SECRET: Final = (
    "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
)


def _key(key_id: str, algorithm: Algorithm, material: bytes) -> VerificationKey:
    return VerificationKey(key_id=key_id, algorithm=algorithm, material=material)


RSA_PSS_KEY: Final = _key("test-key-rsa-pss", Algorithm.HTTP_RSA_PSS_SHA512, _RSA_PSS)
ECC_KEY: Final = _key("test-key-ecc-p256", Algorithm.HTTP_ECDSA_P256_SHA256, _ECC_P256)
ED25519_KEY: Final = _key("test-key-ed25519", Algorithm.HTTP_ED25519, _ED25519)
HMAC_KEY: Final = _key("test-shared-secret", Algorithm.HTTP_HMAC_SHA256, base64.b64decode(_SECRET))

REQUEST: Final = CallbackRequest(
    method="POST",
    query=b"param=Value&Pet=dog",
    headers=(
        ("host", b"example.com"),
        ("date", b"Tue, 20 Apr 2021 02:07:55 GMT"),
        ("content-type", b"application/json"),
        (
            "content-digest",
            (
                b"sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVL"
                b"vRwEmTHWXvJwew==:"
            ),
        ),
        ("content-length", b"18"),
    ),
    body=b'{"hello": "world"}',
    authority="example.com",
    path="/foo",
)
"""The request `test-request` of B.2."""

INPUTS: Final = {
    "sig-b21": '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
    "sig-b22": (
        '("@authority" "content-digest" "@query-param";name="Pet");created=1618884473'
        ';keyid="test-key-rsa-pss";tag="header-example"'
    ),
    "sig-b23": (
        '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest"'
        ' "content-length");created=1618884473;keyid="test-key-rsa-pss"'
    ),
    "sig-b25": (
        '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
    ),
    "sig-b26": (
        '("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    ),
}
KEYS: Final = {
    "sig-b21": RSA_PSS_KEY,
    "sig-b22": RSA_PSS_KEY,
    "sig-b23": RSA_PSS_KEY,
    "sig-b25": HMAC_KEY,
    "sig-b26": ED25519_KEY,
}
SIGNATURES: Final = {
    "sig-b21": (
        "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8U"
        "dx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJz"
        "sPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s"
        "++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q=="
    ),
    "sig-b22": (
        "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7"
        "KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTla"
        "qwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVk"
        "SFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw=="
    ),
    "sig-b23": (
        "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5"
        "p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aY"
        "A2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+Q"
        "IF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA=="
    ),
    "sig-b25": "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
    "sig-b26": (
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    ),
}

RESPONSE_BASE: Final = (
    b'"@status": 200\n'
    b'"content-type": application/json\n'
    b'"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX6'
    b"9wWdXymyU0rjJuahq4l5aGgfLQ==:\n"
    b'"content-length": 23\n'
    b'"@signature-params": ("@status" "content-type" "content-digest" "content-length")'
    b';created=1618884473;keyid="test-key-ecc-p256"'
)
"""The signature base of B.2.4, which signs a response."""
RESPONSE_SIGNATURE: Final = (
    "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw=="
)
