"""One payment told through several channels, and one unit with several merchants."""

import asyncio
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from bank_adapters.contract import Algorithm, CallbackRequest, Outcome
from bank_adapters.counterpart import hyperlogy
from bank_adapters.counterpart.callbacks import (
    sign_standard_webhook,
    write_webhook,
)
from bank_adapters.gateways.vnpay_signing import canonical
from bank_adapters.signatures.primitives import (
    hmac_hex,
)
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from payment_service.use_cases.start_checkout import start_checkout
from tests.builders import CHECKOUT_URL, open_account, open_endpoint
from tests.payment_service.use_cases.days import (
    balances,
    deliver,
    open_break_codes,
)
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town

OTHER_UNIT = "11311"
pytestmark = pytest.mark.anyio


async def test_two_channels_of_one_bank_announce_one_credit(town: Town) -> None:
    webhook = await open_endpoint(town.context, town.account_id, "webhookbank")
    for number in range(6):
        asked = await town.ask()
        notice = PaymentNotice(
            result=NoticeResult.PAID,
            result_code="credit",
            merchant=town.bank.opened.account_number,
            our_reference=None,
            provider_transaction=f"FT{number}",
            amount_minor=FEE,
            currency="VND",
            paid_at=town.clock(),
            memo=asked["reference"],
            account_number=town.bank.opened.account_number,
        )
        body = write_webhook(notice, sent_at=town.clock())
        headers = sign_standard_webhook(
            body, message_id=f"m{number}", sent_at=town.clock(), keys=[webhook.secret]
        )
        request = CallbackRequest(method="POST", query=b"", headers=headers, body=body)
        outcomes = await asyncio.gather(
            deliver(town.context, webhook, request),
            town.notify(asked["reference"], FEE, f"FT{number}", MONDAY),
        )
        assert sorted(outcomes) == [Outcome.ALREADY_RECORDED, Outcome.RECORDED]
    assert (await balances(town.context))["fees_collected"] == -6 * FEE


async def test_a_request_paid_by_both_channels_at_once_is_covered_once(town: Town) -> None:
    for number in range(6):
        asked = await town.ask()
        reference = await town.choose_gateway(asked)
        await asyncio.gather(
            town.ipn(reference, FEE, str(100 + number)),
            town.notify(asked["reference"], FEE, f"FT{number}", MONDAY),
        )
    found = await balances(town.context)
    assert (found["fees_collected"], found["surplus_to_return"]) == (-6 * FEE, -6 * FEE)
    assert await open_break_codes(town.context) == ["REFERENCE_CLOSED"] * 6


async def test_a_unit_with_two_merchants_signs_each_with_its_own_secret(town: Town) -> None:
    second = await open_account(
        town.context, town.officer, town.approver, account_number="1132900002"
    )
    secrets = {town.vnpay.merchant: town.vnpay.secret}
    for number in range(2, 6):
        merchant, secret = f"HPTHEM0{number}", f"{number}KMNPQRSTUVWXYZ23456789ABCDEFGHJ".encode()
        await register_endpoint(
            town.context,
            NewEndpoint(
                channel="vnpay",
                account_id=second,
                merchant=merchant,
                algorithm=Algorithm.HMAC_SHA512_HEX,
                material=secret,
                checkout_base_url=CHECKOUT_URL,
            ),
        )
        secrets[merchant] = secret
        asked = await town.ask()
        token = asked["links"]["pay"].rsplit("/", 1)[-1]
        address = await start_checkout(town.context, token, "127.0.0.1", "vi")
        fields = dict(parse_qsl(urlsplit(address).query))
        signature = fields.pop("vnp_SecureHash")
        expected = hmac_hex(
            Algorithm.HMAC_SHA512_HEX, canonical(fields), secrets[fields["vnp_TmnCode"]]
        )
        assert signature == expected


@pytest.mark.parametrize(
    ("virtual_account", "outcome", "break_codes"),
    [
        ("HP-VA-001", Outcome.UNCONFIRMED, []),
        ("HP-VA-002", Outcome.OTHER_MERCHANT, ["OTHER_MERCHANT"]),
    ],
)
async def test_a_bank_that_names_no_account_is_known_by_its_merchant_and_brings_no_money(
    town: Town, virtual_account: str, outcome: Outcome, break_codes: list[str]
) -> None:
    material = b"an-access-key-of-20c:a-secret-of-sixteen-or-more"
    path = await register_endpoint(
        town.context,
        NewEndpoint(
            channel="hyperlogy",
            account_id=town.account_id,
            merchant="HP-VA-001",
            algorithm=Algorithm.HMAC_SHA256_HEX,
            material=material,
        ),
    )
    opened = replace(town.bank.opened, channel="hyperlogy", path=path, slug=path.rsplit("/", 1)[-1])
    asked = await town.ask()
    notice = PaymentNotice(
        result=NoticeResult.PAID,
        result_code="0",
        merchant=virtual_account,
        our_reference=None,
        provider_transaction="FT1",
        amount_minor=FEE,
        currency="VND",
        paid_at=town.clock(),
        memo=asked["reference"],
        virtual_account=virtual_account,
    )
    told = hyperlogy.notify(notice, material, town.clock())
    assert await deliver(town.context, opened, told) is outcome
    assert await balances(town.context) == {}
    assert await open_break_codes(town.context) == break_codes
