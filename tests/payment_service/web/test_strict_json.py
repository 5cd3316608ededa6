"""Bodies: what is not exactly the JSON we describe is refused, never repaired and never a crash."""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment_service.domain.errors import Invalid, Malformed
from payment_service.web.api.payment_request_body import AskedPaymentBody
from payment_service.web.strict_json import read_strictly
from tests.web import ASKED, REQUESTS

JSON = "application/json"
WHOLE = json.dumps(ASKED).encode()


def asked_with(name: str, value: str) -> bytes:
    """Return the smallest body with one member written as given, valid JSON or not."""
    asked = {key: json.dumps(member) for key, member in ASKED.items()} | {name: value}
    return ("{" + ",".join(f'"{key}":{text}' for key, text in asked.items()) + "}").encode()


def test_what_is_left_out_has_its_default() -> None:
    read = read_strictly(WHOLE, AskedPaymentBody)
    assert (read.purpose, read.sequence, read.channel) == ("fee", 1, "online")
    assert (read.expires_in_days, read.lines[0].quantity) == (7, 1)
    read = read_strictly(asked_with("submitted_on", '"2026-11-22"'), AskedPaymentBody)
    assert read.submitted_on == date(2026, 11, 22)


@pytest.mark.parametrize(
    "value",
    [
        '"1"', "1.0", "1e0", "1e400", "true", "null", "NaN", "Infinity", "-Infinity", "0", "-0",
        "-1", "1000", "9223372036854775808", "99999999999999999999999999", '"１"', "[1]",
    ],
)  # fmt: skip
def test_a_number_is_a_whole_number_within_bounds(value: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_strictly(asked_with("sequence", value), AskedPaymentBody)
    assert refused.value.data == {"field": "$.sequence"}


@pytest.mark.parametrize("value", ["1_000", "１０００", "01", "+1", ".5", "1" * 5000, "", "0x1"])
def test_a_number_is_written_as_json(value: str) -> None:
    with pytest.raises(Malformed):
        read_strictly(asked_with("sequence", value), AskedPaymentBody)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dossier_code", '"H24\\u0000"'),
        ("dossier_code", '"H24.11-1\\n"'),
        ("dossier_code", '"H24"'),
        ("dossier_code", '"Hồ sơ"'),
        ("dossier_code", json.dumps("x" * 51)),
        ("purpose", '"Fee"'),
        ("purpose", '"fee\\n"'),
        ("purpose", json.dumps("f" * 41)),
        ("collecting_unit", '"1132"'),
        ("collecting_unit", '"1132９"'),
        ("collecting_unit", "11329"),
        ("receiving_unit", '"11329 "'),
        ("channel", '"phone"'),
        ("payer_kind", '"company"'),
        ("submitted_on", '"22/11/2026"'),
        ("submitted_on", '"2026-02-30"'),
        ("expires_in_days", "61"),
        ("lines", "[]"),
        ("lines", json.dumps(ASKED["lines"] * 21)),
        ("lines", '[{"fee_kind":"chung-thuc-chu-ky"}]'),
        ("lines", '[{"fee_kind":"\\ud800","procedure_code":"2.000884"}]'),
        ("lines", '[{"fee_kind":"chung-thuc-chu-ky","procedure_code":"2","amount":1}]'),
        ("status", '"paid"'),
        ("paid_at", '"2026-11-22"'),
        ("unit_id", '"x"'),
        ("amount_minor", "1"),
        ("\\u0000", "1"),
    ],
)
def test_content_that_is_not_acceptable(name: str, value: str) -> None:
    with pytest.raises(Invalid):
        read_strictly(asked_with(name, value), AskedPaymentBody)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"\xff\xfe",
        WHOLE.decode().encode("utf-16"),
        WHOLE.decode().encode("utf-16-le"),
        WHOLE[:-1] + b',"sequence":1,"sequence":2}',
        b'{"lines":[{"quantity":1,"quantity":2}]}',
        WHOLE + b"{}",
        b'{"dossier_code":"\xed\xa0\x80"}',
        b'{"dossier_code":"a\x00b"}',
        b'{"dossier_code":"a\nb"}',
        b"{'a':1}",
        b'{"a":1,}',
    ],
)
def test_what_is_not_one_json_text(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_strictly(body, AskedPaymentBody)


@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null", b"[[[[]]]]"])
def test_what_is_not_an_object(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_strictly(body, AskedPaymentBody)


@given(st.binary() | st.text().map(str.encode) | st.binary().map(lambda cut: WHOLE[:9] + cut))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(Malformed, Invalid):
        read_strictly(body, AskedPaymentBody)


async def send(
    caller: httpx.AsyncClient, body: bytes | AsyncIterator[bytes], **headers: str
) -> tuple[int, str]:
    described = {"idempotency-key": "k", "content-type": JSON} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    answer = await caller.post(REQUESTS, content=body, headers=described)
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.anyio
async def test_refusals_over_http(caller: httpx.AsyncClient) -> None:
    for body in (b"", b"[" * 100_000, b"\xff"):
        assert await send(caller, body) == (400, "malformed-request")
    for name, value in (
        ("sequence", "1.0"),
        ("collecting_unit", '"99999"'),
        ("submitted_on", '"2999-01-01"'),
        ("lines", '[{"fee_kind":"khong-co","procedure_code":"2.000884"}]'),
    ):
        assert await send(caller, asked_with(name, value)) == (422, "invalid-content")
    for content_type in (
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "application/json; charset=utf-16",
        "application/problem+json",
    ):
        refused = await send(caller, WHOLE, content_type=content_type)
        assert refused == (415, "unsupported-media-type")
    packed = gzip.compress(WHOLE)
    for encoding in ("gzip", "deflate", "br", "identity, gzip", "x"):
        refused = await send(caller, packed, content_encoding=encoding)
        assert refused == (415, "unsupported-media-type")
    answer = await caller.post(f"{REQUESTS}?dry_run=1", json=ASKED)
    assert (answer.status_code, answer.json()["parameter"]) == (422, "dry_run")


@pytest.mark.anyio
async def test_a_body_of_one_mebibyte_at_most(caller: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(1025):
            yield b" " * 1024

    for body in (b" " * (1024 * 1024 + 1), chunks()):
        assert await send(caller, body) == (413, "content-too-large")
    assert await send(caller, b" " * 1024 * 1024) == (400, "malformed-request")


@pytest.mark.anyio
async def test_a_byte_order_mark_is_accepted(caller: httpx.AsyncClient) -> None:
    content_type = "Application/JSON; charset=UTF-8"
    assert await send(caller, b"\xef\xbb\xbf" + WHOLE, content_type=content_type) == (201, "")
