"""Bank transfers: how much, with which memo, to which account.

Functions that return an act are words of the catalogue of scenarios.
"""

from collections.abc import Callable

from bank_adapters import payment_reference
from bank_adapters.vocabulary import Direction
from payment_service.simulation.bank import Booked
from payment_service.simulation.bank_notices import note_credit
from payment_service.simulation.lives import Asked, Life
from payment_service.simulation.memos import Shape, payer_account, payer_name, plain
from payment_service.simulation.stage import Act, Stage

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
    request: int = 0,
    is_readable: bool = True,
    is_unasked: bool = False,
    to_other_unit: bool = False,
) -> Act:
    """Let the citizen transfer money for one of the life's requests, told by nobody yet.

    `is_unasked`: the memo holds a well-formed reference that the service never made.
    """

    async def act(stage: Stage, life: Life) -> None:
        place = stage.place_of(life)
        if to_other_unit:
            others = [p for p in stage.bank.places.values() if p.is_signed and p is not place]
            place = life.random.choice(others)
        asked = None if is_unasked else life.requests[request]
        reference = asked.reference if asked else _unasked_reference(life)
        booked = Booked(
            bank_reference=life.next_reference(stage.today),
            amount_minor=amount(asked) if asked else 50_000,
            direction=Direction.CREDIT,
            narrative=memo(reference, life.random),
            payer_account=payer_account(life.random),
            payer_name=payer_name(life.random),
        )
        goes_to = f"request:{asked.request_id}" if asked else ""
        stage.bank.book(life, place, booked, goes_to=goes_to, is_readable=is_readable)
        note_credit(stage, life, place, booked, reference)

    return act


def _unasked_reference(life: Life) -> str:
    return payment_reference.make(life.random.randbytes(payment_reference.RANDOM_BYTES_MIN))
