"""Payments at the gateway: notified well, badly, twice, never, by somebody else, and paid out."""

from typing import Final

from bank_adapters.contract import Outcome
from bank_adapters.vocabulary import NoticeResult
from payment_service.simulation.callbacks import replay
from payment_service.simulation.citizens import ask, cancel
from payment_service.simulation.gateway_payments import (
    PAID_WELL,
    be_away,
    go_to_gateway,
    pay_at_gateway,
    tell_again,
)
from payment_service.simulation.scenario import Scenario
from payment_service.simulation.stage import Act
from payment_service.simulation.transfers import transfer
from reconciliation.breaks import BreakCode
from reconciliation.labels import Label

_PAID, _FAILED = NoticeResult.PAID, NoticeResult.FAILED
_REVIEW, _UNKNOWN = NoticeResult.REVIEW, NoticeResult.UNKNOWN
_PAID_AGAIN: Final = (_PAID, Outcome.ALREADY_RECORDED)
_FAILED_WELL: Final = (_FAILED, Outcome.RECORDED)
_FAILED_LATE: Final = (_FAILED, Outcome.ALREADY_RECORDED)
_FAILURES: Final = frozenset({_FAILED})


def _nothing_taken(result: NoticeResult, outcome: Outcome) -> Act:
    return pay_at_gateway(notices=((result, outcome),), is_taken=False)


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
        script=((0, ask()), (0, pay_at_gateway(notices=(PAID_WELL, (_PAID, Outcome.RECORDED))))),
        label=Label.COLLECTED,
        days=1,
    ),
    Scenario(
        name="gateway-failure-after-success",
        vietnamese="Sau thông báo thành công lại có thông báo thất bại của cùng giao dịch.",
        english="After the success the gateway reports the same transaction as failed.",
        script=(
            (0, ask()),
            (0, pay_at_gateway(notices=(PAID_WELL, _FAILED_LATE))),
        ),
        label=Label.COLLECTED,
        breaks=(BreakCode.CONFLICTING_DUPLICATE,),
        days=1,
        tells=_FAILURES,
        weak_breaks=(),
    ),
    Scenario(
        name="gateway-success-after-failure",
        vietnamese="Thông báo thất bại đến trước, thông báo thành công đến sau.",
        english="The failure arrives before the success.",
        script=((0, ask()), (0, pay_at_gateway(notices=(_FAILED_WELL, PAID_WELL)))),
        label=Label.COLLECTED,
        days=1,
        tells=_FAILURES,
    ),
    Scenario(
        name="gateway-failed",
        vietnamese="Giao dịch ở cổng không thành công, người nộp bỏ cuộc.",
        english="The payment at the gateway fails and the payer gives up.",
        script=((0, ask()), (0, pay_at_gateway(notices=(_FAILED_WELL,), is_taken=False))),
        label=Label.REQUESTED,
        permille=10,
        tells=_FAILURES,
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
            (
                0,
                pay_at_gateway(
                    notices=((_PAID, Outcome.OTHER_MERCHANT),), is_taken=False, names_stranger=True
                ),
            ),
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
            (
                0,
                pay_at_gateway(
                    notices=((_PAID, Outcome.REJECTED),), is_taken=False, signs_as_stranger=True
                ),
            ),
        ),
        label=Label.REQUESTED,
    ),
    Scenario(
        name="gateway-review",
        vietnamese="Cổng nghi ngờ giao dịch và yêu cầu người kiểm tra.",
        english="The gateway suspects the payment and asks for a person.",
        script=(
            (0, ask()),
            (0, _nothing_taken(_REVIEW, Outcome.RECORDED)),
        ),
        label=Label.REQUESTED,
        breaks=(BreakCode.CALLBACK_REVIEW,),
        tells=frozenset({_REVIEW}),
    ),
    Scenario(
        name="gateway-unknown-code",
        vietnamese="Cổng trả một mã kết quả không có trong tài liệu.",
        english="The gateway answers with a code that its contract does not name.",
        script=(
            (0, ask()),
            (
                0,
                _nothing_taken(_UNKNOWN, Outcome.RECORDED),
            ),
        ),
        label=Label.REQUESTED,
        breaks=(BreakCode.CALLBACK_UNKNOWN_CODE,),
        tells=frozenset({_UNKNOWN}),
    ),
    Scenario(
        name="gateway-unknown-order",
        vietnamese="Cổng báo tiền cho một đơn hàng không hề có.",
        english="The gateway took money for an order that was never made.",
        script=(
            (0, pay_at_gateway(notices=((_PAID, Outcome.UNKNOWN_REFERENCE),), reference="NOBODYS")),
        ),
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
            (0, pay_at_gateway(notices=((_PAID, Outcome.ALREADY_COVERED),))),
        ),
        label=Label.CANCELLED_BUT_PAID,
        breaks=(BreakCode.REFERENCE_CANCELLED,),
        days=1,
    ),
    Scenario(
        name="gateway-short",
        vietnamese="Cổng chỉ thu được một phần số tiền và báo đúng số đó.",
        english="The gateway takes less than was asked and says so.",
        script=(
            (0, ask()),
            (0, pay_at_gateway(notices=((_PAID, Outcome.AMOUNT_DIFFERS),), is_short=True)),
        ),
        label=Label.PART_PAID,
        breaks=(BreakCode.UNDERPAID,),
        days=1,
    ),
    Scenario(
        name="gateway-not-reported",
        vietnamese="Cổng báo đã nộp nhưng mãi không đối soát, cũng không chuyển khoản này.",
        english="The gateway tells of a payment that it never reports nor pays out.",
        script=((0, ask()), (0, pay_at_gateway(is_taken=False))),
        label=Label.PAID_NOT_COLLECTED,
        breaks=(BreakCode.NOTICE_NO_REPORT,),
        days=3,
    ),
    Scenario(
        name="gateway-notice-late",
        vietnamese="Thông báo của cổng đến sau cả bản đối soát.",
        english="The gateway's notification arrives after its settlement report.",
        script=((0, ask()), (0, pay_at_gateway(notices=())), (2, tell_again(_PAID_AGAIN))),
        label=Label.COLLECTED,
        days=2,
    ),
    Scenario(
        name="gateway-notices-reordered",
        vietnamese="Nộp hai khoản liền nhau ở cổng; thông báo của khoản sau đến trước.",
        english="Two payments in a row at the gateway; the notification of the second comes first.",
        script=(
            (0, ask()),
            (0, ask()),
            (0, pay_at_gateway(notices=())),
            (0, pay_at_gateway(request=1)),
            (0, tell_again(PAID_WELL)),
        ),
        label=Label.COLLECTED,
        days=1,
    ),
    Scenario(
        name="gateway-replayed",
        vietnamese="Hôm sau có kẻ gửi lại nguyên văn thông báo cũ.",
        english="The next day somebody sends the very bytes of the notification again.",
        script=((0, ask()), (0, pay_at_gateway()), (1, replay(Outcome.RECORDED))),
        label=Label.COLLECTED,
        days=1,
    ),
    Scenario(
        name="gateway-resent-as-paid",
        vietnamese="Thông báo thất bại ký yếu bị sửa thành đã nộp; cổng không xác nhận.",
        english="A weakly signed failure comes again as paid; the gateway, asked, denies it.",
        script=(
            (0, ask()),
            (0, _nothing_taken(_FAILED, Outcome.RECORDED)),
            (0, tell_again((_PAID, Outcome.UNCONFIRMED))),
        ),
        label=Label.REQUESTED,
        breaks=(BreakCode.UNCONFIRMED_NOTICE,),
        tells=_FAILURES,
        only_weak=True,
    ),
    Scenario(
        name="gateway-not-answering",
        vietnamese="Cổng ký yếu không trả lời khi hỏi lại; lát sau gửi lại thì được ghi nhận.",
        english="A weakly signing gateway does not answer when asked; sent again, it is recorded.",
        script=(
            (0, ask()),
            (0, pay_at_gateway(notices=())),
            (0, be_away((_PAID, Outcome.RETRY_LATER))),
            (0, tell_again(PAID_WELL)),
        ),
        label=Label.COLLECTED,
        days=1,
        only_weak=True,
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
)
