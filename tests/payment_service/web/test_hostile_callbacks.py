"""Whatever a stranger sends to the address of any channel is refused in that channel's words."""

from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from bank_adapters.contract import Outcome
from bank_adapters.registry import DIALECTS, STATUS_DIALECTS
from payment_service.context import Context
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from tests.bank_adapters.channels import channel_keys
from tests.builders import CHECKOUT_URL

pytestmark = pytest.mark.anyio
NAMES = (
    b"x-signature", b"signature", b"signature-input", b"content-digest", b"authorization",
    b"webhook-id", b"webhook-timestamp", b"webhook-signature", b"x-sepay-signature",
    b"x-sepay-timestamp",
)  # fmt: skip
VALUES = (
    b"", b" ", b"\t", b"\xe9", b"\xff\xfe\xc3", b"\xd9\xa1" * 32, b"a" * 70_000, b"0" * 64,
    b"0" * 128, b"sha256=" + b"g" * 64, b"A" * 344, b"AAA=", b"()", b"sig1=:AAAA:",
    b'sig1=("@method");created=1', b"v1,AAAA", b"v1," * 500, b"1795339845",
)  # fmt: skip
SIGNATURES = (b"signature", b"Signature", b"mac", b"MaXacThuc", b"checkSum")
BODIES = (
    b"", b"\x00", b"{}", b"[]", b"null", b"[" * 60_000, b'{"a":' * 10_000, b"\xff",
    b"\xef\xbb\xbf{}", b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":1e999999999999999999999}',
    b'{"data":' + b"9" * 5_000 + b"}", b'{"header":{},"data":[]}', b'{"header":null,"data":{}}',
    b'{"header":{"signature":"x"},"data":{}}', b"a=b&c=d",
    *(b'{"%b":%b}' % (name, value) for name in SIGNATURES for value in (
        b"null", b"1", b'""', b'"\xc3\xa9"', b'"\\ud800"', b'"\\u0000"', b'"%b"' % (b"0" * 64),
        b'"%b"' % (b"a" * 60_000), b"{}",
    )),
)  # fmt: skip
QUERIES = (
    "a", "a=b", "%", "=%", "&&&&", "a=1&" * 300, "vnp_SecureHash=%C3%A9", "vpc_SecureHash=%ff",
    "vnp_SecureHash=x&vnp_SecureHash=y", "vnp_SecureHash=" + "0" * 128, "check_sum=%D9%A1",
    "vnp_SecureHash=" + "a" * 5_000, "vnp_Amount=%00", "check_sum=&status=",
)  # fmt: skip


def strangers() -> list[tuple[list[tuple[bytes, bytes]], bytes, str]]:
    """Return headers, body and query of each attempt."""
    every = [[(name, value) for name in NAMES] for value in VALUES]
    attempts = [(headers, b'{"a":1}', "a=b") for headers in every]
    attempts += [(headers * 2, b"{}", "") for headers in every]
    for body in BODIES:
        attempts += [([], body, ""), ([(name, b"AAAA") for name in NAMES], body, "")]
    return attempts + [([], b"", query) for query in QUERIES]


@pytest.mark.parametrize("channel", DIALECTS)
async def test_a_stranger_is_refused_and_leaves_no_trace(
    context: Context, client: httpx.AsyncClient, account: UUID, channel: str
) -> None:
    dialect, key = DIALECTS[channel], channel_keys(channel)[0]
    path = await register_endpoint(
        context,
        NewEndpoint(
            channel=channel,
            account_id=account,
            merchant="HP000001",
            algorithm=key.algorithm,
            material=key.material,
            checkout_base_url=CHECKOUT_URL if channel in STATUS_DIALECTS else "",
        ),
    )
    refusal = dialect.acknowledge(Outcome.REJECTED)
    for headers, body, query in strangers():
        address = f"{path}?{query}" if query else path
        answer = await client.request(dialect.method, address, content=body, headers=headers)
        assert (answer.status_code, answer.content) == (refusal.status, refusal.body), (
            headers[:1], body[:60], query[:60], answer.content[:200],
        )  # fmt: skip
    async with context.database.read_only() as connection:
        query_kept = text("SELECT count(*) FROM inbound_message")
        assert (await connection.execute(query_kept)).scalar_one() == 0
