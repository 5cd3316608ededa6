"""Money that goes back: an officer asks, a second person approves, the bank executes the order."""

from typing import Final

from payment_service.simulation.citizens import ask, cancel
from payment_service.simulation.incidents import refund
from payment_service.simulation.scenario import Scenario
from payment_service.simulation.transfers import exact, half, surplus, too_much, transfer
from reconciliation.labels import Label

REFUND_SCENARIOS: Final = (
    Scenario(
        name="over-refunded",
        vietnamese="Chuyển thừa; phần thừa được hai người duyệt và trả lại hôm sau.",
        english="Too much is transferred; two people return the difference the next day.",
        script=((0, ask()), (0, transfer(amount=too_much)), (1, refund(surplus))),
        label=Label.COLLECTED,
        days=1,
        permille=2,
    ),
    Scenario(
        name="cancelled-refunded",
        vietnamese="Chuyển khoản cho yêu cầu đã hủy; tiền được trả lại hôm sau.",
        english="Transferred for a withdrawn request; the money goes back the next day.",
        script=((0, ask()), (0, cancel()), (0, transfer()), (1, refund(exact))),
        label=Label.REFUNDED,
        days=1,
        permille=2,
    ),
    Scenario(
        name="short-refunded",
        vietnamese="Chuyển thiếu; người nộp đổi ý và được trả lại phần đã nộp.",
        english="Too little is transferred; the payer changes his mind and gets it back.",
        script=((0, ask()), (0, transfer(amount=half)), (1, refund(half))),
        label=Label.REFUNDED,
        days=1,
        permille=2,
    ),
    Scenario(
        name="short-refunded-then-paid",
        vietnamese="Phần chuyển thiếu được trả lại, sau đó người nộp chuyển đủ.",
        english="The part payment goes back, then the payer transfers the whole amount.",
        script=(
            (0, ask()),
            (0, transfer(amount=half)),
            (1, refund(half)),
            (2, transfer()),
        ),
        label=Label.COLLECTED,
        days=2,
        permille=2,
    ),
)
