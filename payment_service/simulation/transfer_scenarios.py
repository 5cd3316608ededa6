"""Transfers of which no bank tells: whole and broken memos, short, over, late, reversed."""

from typing import Final

from payment_service.simulation.citizens import ask, cancel
from payment_service.simulation.incidents import (
    bank_charge,
    interest,
    reverse,
    transfer_for_both,
)
from payment_service.simulation.memos import KEEPING, LOSING
from payment_service.simulation.scenario import Scenario
from payment_service.simulation.transfers import half, other_half, too_much, transfer
from reconciliation.breaks import BreakCode
from reconciliation.labels import Label

TRANSFER_SCENARIOS: Final = (
    Scenario(
        name="transfer",
        vietnamese="Chuyển khoản, ngân hàng không báo; sao kê cho thấy mã trong nội dung.",
        english="Transferred without any notice; the memo on the statement names the request.",
        script=((0, ask()), (0, transfer())),
        label=Label.COLLECTED,
        permille=80,
    ),
    Scenario(
        name="transfer-unknown-reference",
        vietnamese="Nội dung có mã đúng dạng nhưng không yêu cầu nào mang mã đó.",
        english="The memo holds a well-formed reference that no request has.",
        script=((0, transfer(is_unasked=True, is_readable=False)),),
        label=None,
        breaks=(BreakCode.UNKNOWN_REFERENCE,),
        permille=2,
    ),
    Scenario(
        name="short",
        vietnamese="Chuyển thiếu và không chuyển thêm.",
        english="Too little is transferred and nothing more.",
        script=((0, ask()), (0, transfer(amount=half))),
        label=Label.PART_PAID,
        breaks=(BreakCode.UNDERPAID,),
    ),
    Scenario(
        name="short-then-completed",
        vietnamese="Chuyển thiếu, hôm sau chuyển phần còn lại.",
        english="Too little is transferred; the rest follows the next day.",
        script=((0, ask()), (0, transfer(amount=half)), (1, transfer(amount=other_half))),
        label=Label.COLLECTED,
        days=1,
    ),
    Scenario(
        name="over",
        vietnamese="Chuyển thừa.",
        english="Too much is transferred.",
        script=((0, ask()), (0, transfer(amount=too_much))),
        label=Label.OVERPAID,
        breaks=(BreakCode.OVERPAID,),
    ),
    Scenario(
        name="transfer-after-cancellation",
        vietnamese="Chuyển khoản cho yêu cầu đã hủy.",
        english="Transferred for a request that was withdrawn.",
        script=((0, ask()), (0, cancel()), (0, transfer())),
        label=Label.CANCELLED_BUT_PAID,
        breaks=(BreakCode.REFERENCE_CANCELLED,),
    ),
    Scenario(
        name="late",
        vietnamese="Nộp đủ sau khi hết hạn.",
        english="Paid in full after the time to pay.",
        script=((0, ask(expires_in_days=1)), (2, transfer())),
        label=Label.LATE,
        days=2,
        permille=6,
    ),
    Scenario(
        name="two-references",
        vietnamese="Một lần chuyển tiền ghi hai mã.",
        english="One transfer names two references.",
        script=((0, ask()), (0, ask()), (0, transfer_for_both())),
        label=Label.REQUESTED,
        breaks=(BreakCode.AMBIGUOUS_REFERENCE,),
    ),
    Scenario(
        name="other-unit",
        vietnamese="Chuyển nhầm vào tài khoản của đơn vị khác.",
        english="Transferred to the account of another unit.",
        script=((0, ask()), (0, transfer(to_other_unit=True, is_readable=False))),
        label=Label.REQUESTED,
        breaks=(BreakCode.WRONG_UNIT,),
    ),
    Scenario(
        name="reversed-same-day",
        vietnamese="Ngân hàng hoàn lại khoản chuyển ngay trong ngày.",
        english="The bank takes the transfer back on the same day.",
        script=((0, ask()), (0, transfer()), (0, reverse())),
        label=Label.REQUESTED,
    ),
    Scenario(
        name="reversed-next-day",
        vietnamese="Ngân hàng hoàn lại khoản chuyển đã khớp hôm trước.",
        english="The bank takes back a transfer that was matched the day before.",
        script=((0, ask()), (0, transfer()), (1, reverse())),
        label=Label.RETURNED,
        days=1,
    ),
    Scenario(
        name="unpaid",
        vietnamese="Không ai nộp.",
        english="Nobody pays.",
        script=((0, ask()),),
        label=Label.REQUESTED,
        permille=30,
    ),
    Scenario(
        name="unpaid-expired",
        vietnamese="Không ai nộp và đã hết hạn.",
        english="Nobody pays until the time is over.",
        script=((0, ask(expires_in_days=1)),),
        label=Label.EXPIRED,
        days=2,
    ),
    Scenario(
        name="cancelled",
        vietnamese="Yêu cầu được rút khi chưa nộp.",
        english="The request is withdrawn before anybody pays.",
        script=((0, ask()), (0, cancel())),
        label=Label.CANCELLED,
    ),
    Scenario(
        name="interest",
        vietnamese="Ngân hàng trả lãi tiền gửi.",
        english="The bank credits interest.",
        script=((0, interest()),),
        label=None,
        breaks=(BreakCode.NO_REFERENCE,),
        permille=2,
    ),
    Scenario(
        name="interest-by-code",
        vietnamese="Ngân hàng trả lãi và ghi mã loại giao dịch của mình.",
        english="The bank credits interest under its own code.",
        script=((0, interest("NINT")),),
        label=None,
        permille=2,
        has_bank_codes=True,
    ),
    Scenario(
        name="bank-charge-by-code",
        vietnamese="Ngân hàng thu phí và ghi mã loại giao dịch của mình.",
        english="The bank debits a charge under its own code.",
        script=((0, bank_charge("NCHG")),),
        label=None,
        permille=2,
        has_bank_codes=True,
    ),
    Scenario(
        name="bank-charge",
        vietnamese="Ngân hàng thu phí dịch vụ.",
        english="The bank debits a charge.",
        script=((0, bank_charge()),),
        label=None,
        breaks=(BreakCode.UNEXPLAINED_DEBIT,),
        permille=2,
    ),
)

MEMO_SCENARIOS: Final = (
    *(
        Scenario(
            name=f"memo-{name}",
            vietnamese=f"Nội dung bị biến dạng nhưng mã còn nguyên ({name}).",
            english=f"{shape.__doc__} The reference is whole.",
            script=((0, ask()), (0, transfer(memo=shape))),
            label=Label.COLLECTED,
        )
        for name, shape in KEEPING.items()
    ),
    *(
        Scenario(
            name=f"memo-{name}",
            vietnamese=f"Nội dung làm mất mã ({name}); khoản tiền chờ người xử lý.",
            english=f"{shape.__doc__} The reference is lost.",
            script=((0, ask()), (0, transfer(memo=shape, is_readable=False))),
            label=Label.REQUESTED,
            breaks=(BreakCode(code),),
        )
        for name, (shape, code) in LOSING.items()
    ),
)

STATEMENT_SCENARIOS: Final = tuple(
    Scenario(
        name=name,
        vietnamese=vietnamese,
        english=english,
        script=((0, ask()), (0, transfer())),
        label=Label.COLLECTED,
        days=1 if name == "statement-waiting" else 0,
        early_label=Label.REQUESTED if name == "statement-waiting" else None,
        permille=6,
        is_alone=True,
    )
    for name, vietnamese, english in (
        (
            "statement-doubled",
            "Sao kê được gửi hai lần dưới hai tên tệp.",
            "The statement is delivered twice under two names.",
        ),
        (
            "statement-corrected",
            "Sao kê đầu không cân; bản sửa đến hôm sau.",
            "The first version does not add up; the corrected one follows the next day.",
        ),
        (
            "statement-cut",
            "Tệp sao kê bị đứt giữa chừng; tệp đủ đến hôm sau.",
            "The file is cut in the middle; the whole one follows the next day.",
        ),
        (
            "statement-unsigned",
            "Sao kê CSV không ký, một người tải lên và người thứ hai xác nhận.",
            "An unsigned CSV statement, brought by one person and confirmed by a second.",
        ),
        (
            "statement-waiting",
            "Sao kê CSV không ký còn chờ người thứ hai xác nhận.",
            "An unsigned CSV statement that still waits for a second person.",
        ),
    )
)
