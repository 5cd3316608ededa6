"""Old and new key of an address: both count for a while, then only the new one; never three."""

from datetime import timedelta

import pytest

from bank_adapters.contract import Algorithm, CallbackRejected, Outcome
from bank_adapters.vocabulary import PaymentNotice
from payment_service.context import Context
from payment_service.domain.errors import Invalid, NotFound, StateConflict
from payment_service.use_cases.roll_endpoint_key import NewKey, roll_endpoint_key
from tests.builders import Opened, add_officers, open_account, open_endpoint
from tests.callbacks import callback, notice
from tests.payment_service.use_cases.days import deliver
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio
NEXT = b"ZYXWVUTSRQPNMKJH98765432ABCDEFGH"
HOUR = timedelta(hours=1)


@pytest.fixture
async def vnpay(context: Context) -> Opened:
    officer, approver = await add_officers(context)
    return await open_endpoint(context, await open_account(context, officer, approver), "vnpay")


def _new(opened: Opened, material: bytes = NEXT, overlap: timedelta = HOUR) -> NewKey:
    return NewKey(
        channel="vnpay",
        merchant=opened.merchant,
        algorithm=Algorithm.HMAC_SHA512_HEX,
        material=material,
        overlap=overlap,
    )


def _told(opened: Opened) -> PaymentNotice:
    return notice(opened, amount_minor=10_000, our_reference="NOBODYS")


async def _accepts(context: Context, opened: Opened, secret: bytes) -> bool:
    signed = callback(
        Opened(
            channel="vnpay",
            path=opened.path,
            slug=opened.slug,
            merchant=opened.merchant,
            account_number=opened.account_number,
            secret_or_private_key=secret,
        ),
        _told(opened),
        context.clock(),
    )
    try:
        return await deliver(context, opened, signed) is Outcome.UNKNOWN_REFERENCE
    except CallbackRejected:
        return False


async def test_both_keys_count_until_the_overlap_ends(
    context: Context, clock: MovableClock, vnpay: Opened
) -> None:
    assert not await _accepts(context, vnpay, NEXT)
    clock.advance(minutes=1)
    await roll_endpoint_key(context, _new(vnpay))
    for secret in (vnpay.secret, NEXT):
        assert await _accepts(context, vnpay, secret)
    clock.advance(minutes=61)
    assert not await _accepts(context, vnpay, vnpay.secret)
    assert await _accepts(context, vnpay, NEXT)


async def test_no_overlap_ends_the_old_key_at_once(
    context: Context, clock: MovableClock, vnpay: Opened
) -> None:
    clock.advance(seconds=1)
    await roll_endpoint_key(context, _new(vnpay, overlap=timedelta(0)))
    assert not await _accepts(context, vnpay, vnpay.secret)
    assert await _accepts(context, vnpay, NEXT)


async def test_a_third_live_key_is_refused_and_changes_nothing(
    context: Context, clock: MovableClock, vnpay: Opened
) -> None:
    clock.advance(minutes=1)
    await roll_endpoint_key(context, _new(vnpay, overlap=timedelta(days=30)))
    clock.advance(minutes=1)
    third = b"ABCDEFGHJKMNPQRSTUVWXYZ234567899"
    with pytest.raises(StateConflict):
        await roll_endpoint_key(context, _new(vnpay, third, overlap=timedelta(days=30)))
    assert not await _accepts(context, vnpay, third)
    assert await _accepts(context, vnpay, vnpay.secret)
    clock.advance(days=30)
    await roll_endpoint_key(context, _new(vnpay, third))
    assert await _accepts(context, vnpay, third)


async def test_weak_published_and_misplaced_keys_are_refused(
    context: Context, vnpay: Opened
) -> None:
    for material in (b"", b"short", b"K951B6PE1waDMi640xX08PD3vg6EkVlz"):
        with pytest.raises(Invalid):
            await roll_endpoint_key(context, _new(vnpay, material))
    with pytest.raises(Invalid):
        await roll_endpoint_key(context, _new(vnpay, overlap=timedelta(seconds=-1)))
    other = NewKey(
        channel="vnpay",
        merchant="NOBODY01",
        algorithm=Algorithm.HMAC_SHA512_HEX,
        material=NEXT,
        overlap=HOUR,
    )
    with pytest.raises(NotFound):
        await roll_endpoint_key(context, other)
