"""What goes wrong at banks: payments taken back, interest, charges, notices without money."""

from bank_adapters.vocabulary import Direction, NoticeResult
from payment_service.simulation.bank import Booked
from payment_service.simulation.bank_notices import note_credit
from payment_service.simulation.lives import Life
from payment_service.simulation.memos import payer_account, payer_name
from payment_service.simulation.stage import Act, Stage
from payment_service.simulation.transfers import Amount


def reverse() -> Act:
    """Let the bank take the last transfer back and name it."""

    async def act(stage: Stage, life: Life) -> None:
        credit = life.credits[-1]
        returned = credit.provider_transaction
        stage.bank.true_line(returned).goes_to = "pair"
        booked = Booked(
            bank_reference=life.next_reference(stage.today),
            amount_minor=credit.amount_minor,
            direction=Direction.DEBIT,
            narrative="HOAN TRA LENH CHUYEN TIEN",
            is_reversal=True,
            returned_reference=returned,
        )
        stage.bank.book(life, stage.place_of(life), booked, goes_to="pair")

    return act


def interest(code: str = "") -> Act:
    """Let the bank credit interest, under a code of its own if it has one."""
    return _of_the_bank(Direction.CREDIT, "LAI TIEN GUI KHONG KY HAN", code)


def bank_charge(code: str = "") -> Act:
    """Let the bank debit a charge, under a code of its own if it has one."""
    return _of_the_bank(Direction.DEBIT, "THU PHI DICH VU TAI KHOAN", code)


def _of_the_bank(direction: Direction, narrative: str, code: str) -> Act:
    async def act(stage: Stage, life: Life) -> None:
        booked = Booked(
            bank_reference=life.next_reference(stage.today),
            amount_minor=life.random.randint(1_000, 9_000),
            direction=direction,
            narrative=narrative,
            code=code or "NTRF",
        )
        goes_to = "bank" if code else ""
        place = stage.place_of(life)
        stage.bank.book(life, place, booked, goes_to=goes_to, is_readable=bool(code))

    return act


def promise(result: NoticeResult = NoticeResult.PAID) -> Act:
    """Let the bank know of a credit that it never books; asked, it says `result`."""

    async def act(stage: Stage, life: Life) -> None:
        booked = Booked(
            bank_reference=life.next_reference(stage.today),
            amount_minor=life.asked.amount_minor,
            direction=Direction.CREDIT,
            narrative=life.asked.reference,
            payer_account=payer_account(life.random),
            payer_name=payer_name(life.random),
        )
        life.names.add(booked.bank_reference)
        note_credit(stage, life, stage.place_of(life), booked, life.asked.reference, result)

    return act


def pay_out() -> Act:
    """Let money leave the account under the request's own reference."""

    async def act(stage: Stage, life: Life) -> None:
        booked = Booked(
            bank_reference=life.next_reference(stage.today),
            amount_minor=life.asked.amount_minor,
            direction=Direction.DEBIT,
            narrative=f"CHI HO {life.asked.reference}",
        )
        place = stage.place_of(life)
        stage.bank.book(life, place, booked, goes_to="", is_readable=False)
        note_credit(stage, life, place, booked, life.asked.reference)

    return act


def transfer_for_both() -> Act:
    """Let the citizen pay two requests with one transfer."""

    async def act(stage: Stage, life: Life) -> None:
        first, second = life.requests
        booked = Booked(
            bank_reference=life.next_reference(stage.today),
            amount_minor=first.amount_minor + second.amount_minor,
            direction=Direction.CREDIT,
            narrative=f"{first.reference} {second.reference}",
            payer_account=payer_account(life.random),
            payer_name=payer_name(life.random),
        )
        stage.bank.book(life, stage.place_of(life), booked, goes_to="", is_readable=False)

    return act


def refund(amount: Amount) -> Act:
    """Let an officer ask to return money, another approve, and the bank execute the order."""

    async def act(stage: Stage, life: Life) -> None:
        order = await stage.officers.return_money(life.unit_code, life.asked.reference)
        booked = Booked(
            bank_reference=life.next_reference(stage.today),
            amount_minor=amount(life.asked),
            direction=Direction.DEBIT,
            narrative=f"HOAN TRA TIEN NOP {order}",
        )
        life.names.add(order)
        stage.bank.book(life, stage.place_of(life), booked, goes_to=f"refund:{order}")

    return act
