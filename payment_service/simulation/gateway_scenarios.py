"""Payments at the gateway: notified well, badly, twice, never, by somebody else, and paid out."""

from typing import Final

from payment_service.simulation.citizens import ask, cancel, go_to_gateway, pay_at_gateway
from payment_service.simulation.gateway import PAID
from payment_service.simulation.scenario import Scenario
from payment_service.simulation.transfers import transfer
from reconciliation.breaks import BreakCode
from reconciliation.labels import Label

_FAILED: Final = "24/02"
_REVIEW: Final = "07/00"
_UNKNOWN: Final = "88/88"
_STRANGER: Final = "STRANGER2345678901234567"

GATEWAY_SCENARIOS: Final = (
    Scenario(
        name="gateway",
        vietnamese="Nộp qua cổng; cổng báo ngay, hôm sau đối soát và chuyển tiền đã trừ phí.",
        english="Paid at the gateway: notified at once, reported and paid out net the next day.",
        script=((0, ask()), (0, pay_at_gateway())),
        label=Label.COLLECTED,
        days=1,
        early_label=Label.PAID_NOT_COLLECTED,
        permille=280,
    ),
    Scenario(
        name="gateway-notice-twice",
        vietnamese="Cổng gửi lại cùng một thông báo.",
        english="The gateway sends the same notification twice.",
        script=((0, ask()), (0, pay_at_gateway(notices=((PAID, "00"), (PAID, "00"))))),
        label=Label.COLLECTED,
        days=1,
    ),
    Scenario(
        name="gateway-failure-after-success",
        vietnamese="Sau thông báo thành công lại có thông báo thất bại của cùng giao dịch.",
        english="After the success the gateway reports the same transaction as failed.",
        script=((0, ask()), (0, pay_at_gateway(notices=((PAID, "00"), (_FAILED, "02"))))),
        label=Label.COLLECTED,
        breaks=(BreakCode.CONFLICTING_DUPLICATE,),
        days=1,
    ),
    Scenario(
        name="gateway-success-after-failure",
        vietnamese="Thông báo thất bại đến trước, thông báo thành công đến sau.",
        english="The failure arrives before the success.",
        script=((0, ask()), (0, pay_at_gateway(notices=((_FAILED, "00"), (PAID, "00"))))),
        label=Label.COLLECTED,
        days=1,
    ),
    Scenario(
        name="gateway-failed",
        vietnamese="Giao dịch ở cổng không thành công, người nộp bỏ cuộc.",
        english="The payment at the gateway fails and the payer gives up.",
        script=((0, ask()), (0, pay_at_gateway(notices=((_FAILED, "00"),), is_taken=False))),
        label=Label.REQUESTED,
        permille=10,
    ),
    Scenario(
        name="gateway-notice-never",
        vietnamese="Cổng không bao giờ báo; bản đối soát ngày hôm sau mới cho biết.",
        english="The notification never arrives; only the settlement report tells.",
        script=((0, ask()), (0, pay_at_gateway(notices=()))),
        label=Label.COLLECTED,
        breaks=(BreakCode.REPORTED_NO_NOTICE,),
        days=1,
    ),
    Scenario(
        name="gateway-other-merchant",
        vietnamese="Thông báo ký đúng khóa nhưng ghi mã đơn vị khác.",
        english="A well-signed notification names another merchant.",
        script=(
            (0, ask()),
            (0, pay_at_gateway(notices=((PAID, "01"),), is_taken=False, merchant="HPSTRANGER")),
        ),
        label=Label.REQUESTED,
        breaks=(BreakCode.OTHER_MERCHANT,),
    ),
    Scenario(
        name="gateway-forged",
        vietnamese="Thông báo giả mạo, chữ ký sai.",
        english="A forged notification with a wrong signature.",
        script=(
            (0, ask()),
            (0, pay_at_gateway(notices=((PAID, "97"),), is_taken=False, secret=_STRANGER)),
        ),
        label=Label.REQUESTED,
    ),
    Scenario(
        name="gateway-review",
        vietnamese="Cổng nghi ngờ giao dịch và yêu cầu người kiểm tra.",
        english="The gateway suspects the payment and asks for a person.",
        script=((0, ask()), (0, pay_at_gateway(notices=((_REVIEW, "00"),), is_taken=False))),
        label=Label.REQUESTED,
        breaks=(BreakCode.CALLBACK_REVIEW,),
    ),
    Scenario(
        name="gateway-unknown-code",
        vietnamese="Cổng trả một mã kết quả không có trong tài liệu.",
        english="The gateway answers with a code that its contract does not name.",
        script=((0, ask()), (0, pay_at_gateway(notices=((_UNKNOWN, "00"),), is_taken=False))),
        label=Label.REQUESTED,
        breaks=(BreakCode.CALLBACK_UNKNOWN_CODE,),
    ),
    Scenario(
        name="gateway-unknown-order",
        vietnamese="Cổng báo tiền cho một đơn hàng không hề có.",
        english="The gateway took money for an order that was never made.",
        script=((0, pay_at_gateway(notices=((PAID, "01"),), reference="NOBODYS")),),
        label=None,
        breaks=(BreakCode.UNKNOWN_REFERENCE,),
        days=1,
        permille=2,
    ),
    Scenario(
        name="gateway-after-cancellation",
        vietnamese="Hồ sơ bị rút khi người nộp đang ở cổng; tiền vẫn đến.",
        english="The request is withdrawn while the payer is at the gateway; the money comes.",
        script=(
            (0, ask()),
            (0, go_to_gateway()),
            (0, cancel()),
            (0, pay_at_gateway(notices=((PAID, "02"),))),
        ),
        label=Label.CANCELLED_BUT_PAID,
        breaks=(BreakCode.REFERENCE_CANCELLED,),
        days=1,
    ),
    Scenario(
        name="paid-twice",
        vietnamese="Nộp hai lần: qua cổng rồi lại chuyển khoản.",
        english="Paid twice: at the gateway and by transfer.",
        script=((0, ask()), (0, pay_at_gateway()), (0, transfer())),
        label=Label.OVERPAID,
        breaks=(BreakCode.REFERENCE_CLOSED,),
        days=1,
        permille=6,
    ),
    Scenario(
        name="payout-wrong-amount",
        vietnamese="Cổng chuyển tiền về không đúng số trong bản đối soát.",
        english="The payout is not the amount that the settlement report says.",
        script=((0, ask()), (0, pay_at_gateway())),
        label=Label.REPORTED,
        days=1,
        permille=6,
        is_alone=True,
    ),
)
