"""What is kept of a callback: everything that proves it, nothing that opens a door."""

from dataclasses import replace

import pytest

from bank_adapters.contract import CallbackRequest
from bank_adapters.registry import DIALECTS
from payment_service.use_cases.keep_callback import keep_callback
from tests.payment_service.use_cases.days import bank_notice
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town

pytestmark = pytest.mark.anyio
PASSES = (
    ("authorization", b"Apikey a-token-of-theirs"),
    ("proxy-authorization", b"Basic YTpi"),
    ("cookie", b"session=1"),
)


async def test_passes_of_a_sender_are_not_kept(town: Town) -> None:
    notice = bank_notice(town.bank.opened, "x", FEE, "FT1", MONDAY)
    request: CallbackRequest = replace(
        notice, headers=(*PASSES, *notice.headers, ("x-note", b"kept"))
    )
    await keep_callback(town.context, DIALECTS["rsabank"], town.bank.opened.slug, request)
    kept = await town.value("SELECT headers FROM inbound_message")
    expected = [[name, value.decode()] for name, value in (*notice.headers, ("x-note", b"kept"))]
    assert kept == expected
