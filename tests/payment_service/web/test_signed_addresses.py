"""A bank that signs the address it calls signs the one that `endpoints add` prints."""

from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from bank_adapters.contract import Algorithm, CallbackRequest, Outcome
from bank_adapters.counterpart.callbacks import write_credit_notice
from bank_adapters.counterpart.http_messages import sign_http_message
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.context import Context
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from tests.bank_adapters.keys import ed25519_key, pem
from tests.postgres import MovableClock
from tests.web import browsing

pytestmark = pytest.mark.anyio
ACCOUNT_NUMBER = "1132900001"


@pytest.mark.parametrize(
    ("public_url", "authority", "prefix"),
    [
        ("https://phi.example", "phi.example", ""),
        ("https://PHI.example:443", "phi.example", ""),
        ("https://phi.example:8443", "phi.example:8443", ""),
        ("https://phi.example/thu-phi", "phi.example", "/thu-phi"),
    ],
)
async def test_the_printed_address_is_the_signed_one(
    context: Context, account: UUID, clock: MovableClock,
    public_url: str, authority: str, prefix: str,
) -> None:  # fmt: skip
    context = replace(context, public_url=public_url)
    key = ed25519_key()
    path = await register_endpoint(
        context,
        NewEndpoint(
            channel="httpbank",
            account_id=account,
            merchant=ACCOUNT_NUMBER,
            algorithm=Algorithm.HTTP_ED25519,
            material=b"keyid: bank-2026-11\n" + pem(key.public_key()),
        ),
    )
    notice = PaymentNotice(
        result=NoticeResult.PAID,
        result_code="credit",
        merchant=ACCOUNT_NUMBER,
        our_reference=None,
        provider_transaction="FT1",
        amount_minor=10_000,
        currency="VND",
        paid_at=clock(),
        account_number=ACCOUNT_NUMBER,
    )
    unsigned = CallbackRequest(
        method="POST",
        query=b"",
        headers=(("content-type", b"application/json"),),
        body=write_credit_notice(notice),
        authority=authority,
        path=prefix + path,
    )
    assert urlsplit(public_url + path).path == unsigned.path
    elsewhere = replace(unsigned, authority="other.example")
    async with browsing(context) as client:
        for request, outcome in (
            (elsewhere, Outcome.REJECTED),
            (unsigned, Outcome.UNKNOWN_REFERENCE),
        ):
            signed = sign_http_message(request, key, created=clock(), key_id="bank-2026-11")
            # A proxy in front takes the prefix away and calls the service by another name.
            answer = await client.post(
                f"http://127.0.0.1{path}",
                content=signed.body,
                headers=[(name.encode(), value) for name, value in signed.headers],
            )
            expected = DIALECTS["httpbank"].acknowledge(outcome)
            assert (answer.status_code, answer.content) == (expected.status, expected.body)
