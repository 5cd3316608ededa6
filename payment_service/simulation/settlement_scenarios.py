"""What settlement reports and payouts do beside listing payments and paying them out one by one."""

from typing import Final

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import NoticeResult
from payment_service.simulation.citizens import ask, cancel
from payment_service.simulation.gateway import PayoutManner
from payment_service.simulation.gateway_payments import go_to_gateway, pay_at_gateway
from payment_service.simulation.gateway_returns import adjust, refund_at_gateway, take_back
from payment_service.simulation.scenario import Scenario, Script
from reconciliation.breaks import BreakCode
from reconciliation.labels import Label

_PAID_AT_ONCE: Final[Script] = ((0, ask()), (0, pay_at_gateway()))


def _payout(manner: PayoutManner, vietnamese: str, english: str, label: Label) -> Scenario:
    return Scenario(
        name=manner.value,
        vietnamese=vietnamese,
        english=english,
        script=_PAID_AT_ONCE,
        label=label,
        days=1,
        permille=6,
        is_alone=True,
    )


SETTLEMENT_SCENARIOS: Final = (
    Scenario(
        name="gateway-chargeback",
        vietnamese="Ngân hàng của người nộp đòi lại tiền; cổng trừ vào lần đối soát sau.",
        english="The payer's bank charges the payment back; the next report takes it off.",
        script=(*_PAID_AT_ONCE, (1, take_back("chargeback"))),
        label=Label.RETURNED,
        breaks=(BreakCode.CHARGEBACK,),
        days=2,
    ),
    Scenario(
        name="gateway-refund-not-ordered",
        vietnamese="Cổng tự hoàn tiền cho người nộp, không ai yêu cầu.",
        english="The gateway pays the payer back by itself.",
        script=(*_PAID_AT_ONCE, (1, take_back("refund"))),
        label=Label.RETURNED,
        breaks=(BreakCode.REFUND_NOT_ORDERED,),
        days=2,
    ),
    Scenario(
        name="gateway-refund-ordered",
        vietnamese="Nộp cho yêu cầu đã hủy; hai người duyệt trả lại và cổng thực hiện.",
        english="Paid for a withdrawn request; two people return it and the gateway executes that.",
        script=(
            (0, ask()),
            (0, go_to_gateway()),
            (0, cancel()),
            (0, pay_at_gateway(notices=((NoticeResult.PAID, Outcome.ALREADY_COVERED),))),
            (1, refund_at_gateway()),
        ),
        label=Label.REFUNDED,
        days=2,
    ),
    Scenario(
        name="gateway-adjusted",
        vietnamese="Báo cáo đối soát trừ thêm một khoản không rõ lý do.",
        english="A settlement report keeps an amount and does not say why.",
        script=(*_PAID_AT_ONCE, (1, adjust(-500))),
        label=Label.COLLECTED,
        breaks=(BreakCode.REPORT_ADJUSTMENT,),
        days=2,
    ),
    _payout(
        PayoutManner.WRONG_AMOUNT,
        "Cổng chuyển tiền về không đúng số trong bản đối soát.",
        "The payout is not the amount that the settlement report says.",
        Label.REPORTED,
    ),
    _payout(
        PayoutManner.TWO_IN_ONE,
        "Cổng đối soát hai đợt và chuyển chung một lần.",
        "The gateway reports two batches and pays both out in one transfer.",
        Label.COLLECTED,
    ),
    _payout(
        PayoutManner.IN_PARTS,
        "Cổng chuyển một đợt làm hai lần.",
        "The gateway pays one batch out in two transfers.",
        Label.COLLECTED,
    ),
    _payout(
        PayoutManner.OTHER_COSTS,
        "Cổng giữ lại nhiều phí hơn hợp đồng.",
        "The gateway keeps more than its contract lets it.",
        Label.COLLECTED,
    ),
)
