"""Bank transfers: how much, with which memo, and how the bank tells of them.

Functions that return an act are words of the catalogue of scenarios.
"""

from collections.abc import Callable
from datetime import datetime

from bank_adapters import payment_reference
from bank_adapters.counterpart.callbacks import (
    sign_notice,
    sign_standard_webhook,
    write_credit_notice,
    write_webhook,
)
from bank_adapters.vocabulary import Direction, NoticeResult, PaymentNotice
from payment_service.simulation.bank import Booked
from payment_service.simulation.lives import Asked, Life
from payment_service.simulation.memos import Shape, payer_account, payer_name, plain
from payment_service.simulation.places import Place
from payment_service.simulation.stage import Act, Stage, Surprise, require

Amount = Callable[[Asked], int]


def exact(asked: Asked) -> int:
    """Pay the whole amount."""
    return asked.amount_minor


def half(asked: Asked) -> int:
    """Pay a first part of the amount."""
    return asked.amount_minor // 2


def other_half(asked: Asked) -> int:
    """Pay what `half` left open."""
    return asked.amount_minor - half(asked)


def too_much(asked: Asked) -> int:
    """Pay more than was asked."""
    return asked.amount_minor + surplus(asked)


def surplus(_asked: Asked) -> int:
    """Return what `too_much` brings beyond the amount."""
    return 5_000


def transfer(
    *,
    amount: Amount = exact,
    memo: Shape = plain,
    notice: str = "",
    copies: int = 1,
    is_readable: bool = True,
    is_unasked: bool = False,
    to_other_unit: bool = False,
) -> Act:
    """Let the citizen transfer money; `notice` names the channel on which the bank tells.

    `is_unasked`: the memo holds a well-formed reference that the service never made.
    """

    async def act(stage: Stage, life: Life) -> None:
        place = stage.place_of(life)
        if to_other_unit:
            others = [p for p in stage.bank.places.values() if p.rsabank_path and p is not place]
            place = life.random.choice(others)
        bank_reference = life.next_reference(stage.today)
        reference = _unasked_reference(life) if is_unasked else life.asked.reference
        booked = Booked(
            bank_reference=bank_reference,
            amount_minor=50_000 if is_unasked else amount(life.asked),
            direction=Direction.CREDIT,
            narrative=memo(reference, life.random),
            payer_account=payer_account(life.random),
            payer_name=payer_name(life.random),
        )
        goes_to = f"request:{life.asked.request_id}" if life.requests else ""
        if is_unasked and notice:
            goes_to = f"notice:{bank_reference}"
        life.memory |= {"bank_reference": bank_reference, "amount_minor": str(booked.amount_minor)}
        stage.bank.book(life, place, booked, goes_to=goes_to, is_readable=is_readable)
        for _ in range(copies if notice else 0):
            await tell(stage, place, booked, notice, stage.clock())

    return act


def _unasked_reference(life: Life) -> str:
    return payment_reference.make(life.random.randbytes(payment_reference.RANDOM_BYTES_MIN))


def tell_late() -> Act:
    """Let the bank tell of the last transfer after its statement showed it."""

    async def act(stage: Stage, life: Life) -> None:
        booked = Booked(
            bank_reference=life.memory["bank_reference"],
            amount_minor=int(life.memory["amount_minor"]),
            direction=Direction.CREDIT,
            narrative=life.asked.reference,
        )
        await tell(stage, stage.place_of(life), booked, "rsabank", stage.clock(), late=True)

    return act


async def tell(
    stage: Stage, place: Place, booked: Booked, channel: str, now: datetime, *, late: bool = False
) -> None:
    """Send a bank's signed notice of a credit; raise `Surprise` when it is not accepted."""
    notice = PaymentNotice(
        result=NoticeResult.PAID,
        result_code="credit",
        merchant=place.account_number,
        our_reference=None,
        provider_transaction=booked.bank_reference,
        amount_minor=booked.amount_minor,
        currency="VND",
        paid_at=now.replace(microsecond=0),
        memo=booked.narrative,
        account_number=place.account_number,
        payer_account=booked.payer_account,
        payer_name=booked.payer_name,
    )
    if channel == "rsabank":
        path, body = place.rsabank_path, write_credit_notice(notice)
        headers = sign_notice(body, stage.bank.key_of(place))
    else:
        path, body = place.webhook_path, write_webhook(notice, sent_at=notice.paid_at)
        headers = sign_standard_webhook(
            body,
            message_id=f"msg_{booked.bank_reference}",
            sent_at=now,
            keys=[place.webhook_secret.encode()],
        )
    pairs = tuple((name, value.decode("latin-1")) for name, value in headers)
    answer = await stage.transport.send("POST", path, headers=pairs, body=body)
    code = require(answer, 200, "telling of a credit").json().get("code")
    if late and code != "01":
        raise Surprise(f"a late notice was answered {answer.body!r}, expected 01")
