"""Asking back: outside any transaction, three seconds in all, and only the sender's own word."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from bank_adapters.contract import Algorithm, Outcome
from bank_adapters.counterpart.banks import ASKED_BANKS
from bank_adapters.counterpart.baokim import BaokimCounterpart
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.outgoing import Answer, OutgoingRequest
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.context import Context
from payment_service.domain.errors import GatewayUnavailable
from payment_service.outside.gateway_calls import GatewayCalls
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.use_cases.act_on_callback import act_on_callback
from payment_service.use_cases.confirm_notice import ASKING_SECONDS_MAX, confirm_notice
from payment_service.use_cases.keep_callback import keep_callback
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from payment_service.use_cases.roll_endpoint_key import NewKey, roll_endpoint_key
from tests.bank_adapters.key_pairs import mirrored, registered
from tests.builders import ask_payment, issue_client
from tests.payment_service.use_cases.days import balances, open_break_codes
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio
FEE = 10_000
ACCOUNT_NUMBER = "1132900001"
SECRETS = b"a-secret-of-sixteen-or-more:a-user:a-password"
NEXT_SECRETS = b"another-secret-of-sixteen:a-user:a-password"


@dataclass(slots=True, kw_only=True)
class Told:
    """A credit at vietqr.vn: its notice, and its row in the books there."""

    context: Context
    gateways: GatewayServer
    path: str
    notice: PaymentNotice
    booked: TakenOrder

    async def keep(self, notice: PaymentNotice | None = None) -> UUID:
        """Keep the notice, or a changed one, as the door does."""
        now = self.context.clock()
        request = ASKED_BANKS["vietqrvn"].notify(notice or self.notice, SECRETS, now)
        slug = self.path.rsplit("/", 1)[-1]
        return (await keep_callback(self.context, DIALECTS["vietqrvn"], slug, request)).message_id

    async def outcome(self, notice: PaymentNotice | None = None) -> Outcome:
        """Keep, ask and act."""
        message_id = await self.keep(notice)
        await confirm_notice(self.context, message_id)
        return await act_on_callback(self.context, message_id)


@pytest.fixture
async def told(context: Context, clock: MovableClock, account: UUID) -> AsyncIterator[Told]:
    calls = GatewayCalls()
    context = replace(context, send=calls.send)
    client_id, _ = await issue_client(context)
    asked = await ask_payment(context, client_id)
    async with GatewayServer(clock) as gateways:
        gateways.enrol("vietqrvn", ACCOUNT_NUMBER, SECRETS)
        path = await register_endpoint(
            context,
            NewEndpoint(
                channel="vietqrvn",
                account_id=account,
                merchant=ACCOUNT_NUMBER,
                algorithm=Algorithm.HMAC_SHA256_HEX,
                material=SECRETS,
                checkout_base_url=gateways.address_of("vietqrvn", ACCOUNT_NUMBER),
            ),
        )
        booked = TakenOrder(
            merchant=ACCOUNT_NUMBER,
            our_reference="",
            amount_minor=FEE,
            memo=asked["reference"],
            result=NoticeResult.PAID,
            provider_transaction="FT26327000001",
        )
        gateways.merchants["vietqrvn", ACCOUNT_NUMBER].books.orders[""] = booked
        notice = PaymentNotice(
            result=NoticeResult.PAID,
            result_code="C",
            merchant=ACCOUNT_NUMBER,
            our_reference=None,
            provider_transaction=booked.provider_transaction,
            amount_minor=FEE,
            currency="VND",
            paid_at=clock(),
            memo=booked.memo,
            account_number=ACCOUNT_NUMBER,
        )
        yield Told(context=context, gateways=gateways, path=path, notice=notice, booked=booked)
        await calls.close()


async def test_a_weak_banks_credit_is_money_once_the_bank_confirms_it(told: Told) -> None:
    assert await told.outcome() is Outcome.RECORDED
    assert await balances(told.context) == {"notices_in_transit": FEE, "fees_collected": -FEE}
    assert await open_break_codes(told.context) == []


async def test_whose_money_it_is_the_confirmed_memo_says(told: Told) -> None:
    told.booked.memo = "tien com"
    assert await told.outcome() is Outcome.UNKNOWN_REFERENCE
    assert "fees_collected" not in await balances(told.context)


@pytest.mark.parametrize(
    "change", [{"amount_minor": FEE * 9}, {"our_reference": "HPFKHONGCO"}], ids=str
)
async def test_what_the_bank_does_not_say_itself_brings_nothing(
    told: Told, change: dict[str, object]
) -> None:
    changed = replace(told.notice, **change)  # type: ignore[arg-type]  # names of fields
    assert await told.outcome(changed) is Outcome.UNCONFIRMED
    assert await balances(told.context) == {}
    assert await open_break_codes(told.context) == ["UNCONFIRMED_NOTICE"]


async def test_a_credit_the_bank_does_not_know_yet_has_to_come_again(told: Told) -> None:
    strange = replace(told.notice, provider_transaction="FT26327999999")
    with pytest.raises(GatewayUnavailable):
        await told.outcome(strange)
    assert await balances(told.context) == {}


async def test_no_transaction_is_open_while_the_bank_is_asked(told: Told) -> None:
    open_then: list[int] = []
    send = told.context.send

    async def watched(request: OutgoingRequest) -> Answer:
        async with told.context.database.read_only() as connection:
            others = text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            )
            open_then.append((await connection.execute(others)).scalar_one())
        return await send(request)

    told.context = replace(told.context, send=watched)
    assert await told.outcome() is Outcome.RECORDED
    assert open_then == [0, 0], "the token and the question"


async def test_a_silent_bank_is_waited_for_three_seconds_whatever_the_number_of_keys(
    told: Told, clock: MovableClock
) -> None:
    heard: list[str] = []

    async def silent(request: OutgoingRequest) -> Answer:
        heard.append(request.url)
        await asyncio.sleep(ASKING_SECONDS_MAX * 0.7)
        raise GatewayUnavailable("nobody answers")

    clock.advance(minutes=1)
    await roll_endpoint_key(
        told.context,
        NewKey(
            channel="vietqrvn",
            merchant=ACCOUNT_NUMBER,
            algorithm=Algorithm.HMAC_SHA256_HEX,
            material=NEXT_SECRETS,
            overlap=timedelta(days=1),
        ),
    )
    told.context = replace(told.context, send=silent)
    message_id = await told.keep()
    begun = time.monotonic()
    with pytest.raises(GatewayUnavailable):
        await confirm_notice(told.context, message_id)
    assert time.monotonic() - begun < ASKING_SECONDS_MAX + 0.9
    assert len(heard) == 2, "the newest key first, then the older one"


async def test_baokim_is_asked_too(context: Context, clock: MovableClock, account: UUID) -> None:
    baokim, books = BaokimCounterpart(), GatewayBooks()
    books.orders["1"] = order = TakenOrder(
        merchant="HPBK01",
        our_reference="HPFKHONGCO",
        amount_minor=FEE,
        result=NoticeResult.PAID,
        provider_transaction="BK1",
    )

    async def send(request: OutgoingRequest) -> Answer:
        return baokim.answer(request, books, mirrored(), clock())

    context = replace(context, send=send)
    path = await register_endpoint(
        context,
        NewEndpoint(
            channel="baokim",
            account_id=account,
            merchant=order.merchant,
            algorithm=Algorithm.RSA_SHA1,
            material=registered(),
            checkout_base_url="https://baokim.test",
        ),
    )
    notice = PaymentNotice(
        result=NoticeResult.PAID,
        result_code="200",
        merchant=order.merchant,
        our_reference=order.our_reference,
        provider_transaction=order.provider_transaction,
        amount_minor=FEE,
        currency="VND",
        paid_at=clock(),
        virtual_account="900300000000",
    )
    outcomes = []
    for each in (replace(notice, amount_minor=FEE + 1), notice):
        request = baokim.notify(each, mirrored(), clock())
        kept = await keep_callback(context, DIALECTS["baokim"], path.rsplit("/", 1)[-1], request)
        await confirm_notice(context, kept.message_id)
        outcomes.append(await act_on_callback(context, kept.message_id))
    # Nobody ordered it here: its money is kept, without a request.
    assert outcomes == [Outcome.UNCONFIRMED, Outcome.UNKNOWN_REFERENCE]
    assert await balances(context) == {"gateway_clearing": FEE, "surplus_to_return": -FEE}
