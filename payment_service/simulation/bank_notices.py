"""What banks tell of credits: well, twice, late, to the wrong address, forged, or never.

Functions that return an act are words of the catalogue of scenarios.
"""

from dataclasses import replace

from bank_adapters.contract import Outcome
from bank_adapters.counterpart.banks import ASKED_BANKS, BANKS
from bank_adapters.counterpart.gateway import TakenOrder
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.simulation.bank import Booked
from payment_service.simulation.callbacks import send
from payment_service.simulation.keys import strangers_key
from payment_service.simulation.lives import Life, Sent
from payment_service.simulation.places import Place
from payment_service.simulation.scenario import DOUBTED
from payment_service.simulation.stage import Act, Stage


def note_credit(
    stage: Stage,
    life: Life,
    place: Place,
    booked: Booked,
    reference: str,
    result: NoticeResult = NoticeResult.PAID,
) -> None:
    """Remember what the bank can tell of a credit, and what it answers when it is asked."""
    paid_at = stage.clock().replace(microsecond=0)
    life.credits.append(
        PaymentNotice(
            result=NoticeResult.PAID,
            result_code="",
            merchant=place.account_number,
            our_reference=reference,
            provider_transaction=booked.bank_reference,
            amount_minor=booked.amount_minor,
            currency="VND",
            paid_at=paid_at,
            memo=booked.narrative,
            account_number=place.account_number,
            payer_account=booked.payer_account,
            payer_name=booked.payer_name,
        )
    )
    for channel in ASKED_BANKS.keys() & place.banks.keys():
        books = stage.gateway_server.merchants[channel, place.account_number].books
        books.orders[booked.bank_reference] = TakenOrder(
            merchant=place.account_number,
            our_reference=reference,
            amount_minor=booked.amount_minor,
            memo=booked.narrative,
            result=result,
            provider_transaction=booked.bank_reference,
            paid_at=paid_at,
        )


def announce(
    expected: Outcome = Outcome.RECORDED,
    *,
    which: int = -1,
    by: str = "",
    credit_code: str = "",
    more_minor: int = 0,
    names_other_unit: bool = False,
    signs_as_stranger: bool = False,
) -> Act:
    """Let the bank tell of one of the life's credits, on its own channel unless `by` another.

    Each option makes the notice say or prove something else than what happened.
    """

    async def act(stage: Stage, life: Life) -> None:
        place, channel = stage.place_of(life), by or life.teller
        told = replace(life.credits[which], result_code=credit_code or BANKS[channel].credit_code)
        told = replace(told, amount_minor=told.amount_minor + more_minor)
        if names_other_unit:
            others = sorted(p.account_number for p in stage.bank.places.values() if p is not place)
            other = life.random.choice(others)
            told = replace(told, merchant=other, account_number=other)
        address = place.banks[channel]
        material = strangers_key(channel) if signs_as_stranger else address.material
        request = BANKS[channel].notify(told, material.encode(), stage.clock(), address.url)
        if expected is Outcome.UNKNOWN_REFERENCE:
            line = stage.bank.true_line(told.provider_transaction)
            line.is_readable = channel not in DOUBTED
            line.goes_to = f"notice:{told.provider_transaction}" if line.is_readable else ""
        await send(stage, life, Sent(channel=channel, path=address.path, request=request), expected)

    return act


def announce_unanswering() -> Act:
    """Let the bank tell of the last credit while nobody there answers questions about it."""
    tell = announce(Outcome.RETRY_LATER)

    async def act(stage: Stage, life: Life) -> None:
        asked = life.credits[-1].provider_transaction
        stage.gateway_server.unanswered.add(asked)
        await tell(stage, life)
        stage.gateway_server.unanswered.discard(asked)

    return act
