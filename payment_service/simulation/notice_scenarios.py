"""Transfers of which the bank tells: on every channel, and in every way that can go wrong."""

from typing import Final

from bank_adapters.contract import Outcome
from bank_adapters.counterpart.banks import BANKS
from bank_adapters.gateways.sepay_codes import OUTGOING
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import NoticeResult
from payment_service.simulation.bank_notices import announce, announce_unanswering
from payment_service.simulation.callbacks import replay
from payment_service.simulation.citizens import ask
from payment_service.simulation.incidents import pay_out, promise, reverse
from payment_service.simulation.scenario import ASKED, DOUBTED, EVERY_BANK, STRONG, Scenario
from payment_service.simulation.transfers import half, transfer
from reconciliation.breaks import BreakCode
from reconciliation.labels import Label

TIMED: Final = frozenset({"webhookbank", "httpbank", "sepay"})
"""Channels that sign when a notice was sent and refuse an old one."""
_WELL_TOLD: Final = ((0, ask()), (0, transfer()), (0, announce()))


def _told_by(channel: str) -> Scenario:
    """Return the plain story of one channel; what a weak one tells has to be proven elsewhere."""
    title, is_doubted = DIALECTS[channel].scheme.title, channel in DOUBTED
    vietnamese, english = "sao kê xác nhận", "the statement confirms"
    if channel in ASKED:
        vietnamese, english = "chữ ký yếu nên hỏi lại", "weakly signed and asked back"
    elif is_doubted:
        vietnamese = "chữ ký yếu mà không hỏi lại được, chỉ sao kê chứng minh tiền về"
        english = "weakly signed with nobody to ask, the statement alone proves the money"
    return Scenario(
        name=f"notice-{channel}",
        vietnamese=f"Chuyển khoản, báo có theo {title}; {vietnamese}.",
        english=f"Transferred and told by {title}; {english}.",
        script=_WELL_TOLD,
        label=Label.COLLECTED,
        permille=8,
        told_by=frozenset({channel}),
    )


NOTICE_SCENARIOS: Final = (
    Scenario(
        name="transfer-signed-notice",
        vietnamese="Chuyển khoản; ngân hàng báo có bằng tin đã ký, sao kê xác nhận.",
        english="Transferred; the bank tells with a signed notice, the statement confirms.",
        script=_WELL_TOLD,
        label=Label.COLLECTED,
        permille=150,
    ),
    *(_told_by(channel) for channel in sorted(BANKS)),
    Scenario(
        name="transfer-notice-twice",
        vietnamese="Ngân hàng gửi tin báo có hai lần.",
        english="The bank sends its notice twice.",
        script=(*_WELL_TOLD, (0, replay(Outcome.RECORDED))),
        label=Label.COLLECTED,
        told_by=EVERY_BANK,
    ),
    Scenario(
        name="notice-two-channels",
        vietnamese="Một khoản tiền được báo có trên hai kênh khác nhau; chỉ ghi một lần.",
        english="One credit is told on two different channels and recorded once.",
        script=(*_WELL_TOLD, (0, announce(Outcome.ALREADY_RECORDED, by="rsabank"))),
        label=Label.COLLECTED,
        told_by=STRONG - {"rsabank"},
    ),
    Scenario(
        name="transfer-late-notice",
        vietnamese="Tin báo có đến sau khi sao kê đã khớp.",
        english="The notice comes after the statement was matched.",
        script=((0, ask()), (0, transfer()), (1, announce(Outcome.ALREADY_RECORDED))),
        label=Label.COLLECTED,
        days=1,
        told_by=EVERY_BANK,
    ),
    Scenario(
        name="notice-never",
        vietnamese="Ngân hàng có kênh báo có nhưng không bao giờ báo; sao kê cho biết.",
        english="The bank has a channel and never tells on it; only the statement does.",
        script=((0, ask()), (0, transfer())),
        label=Label.COLLECTED,
        told_by=EVERY_BANK,
    ),
    Scenario(
        name="notices-reordered",
        vietnamese="Hai khoản chuyển liền nhau; tin báo có của khoản sau đến trước.",
        english="Two transfers in a row; the notice of the second arrives first.",
        script=(
            (0, ask()),
            (0, ask()),
            (0, transfer()),
            (0, transfer(request=1)),
            (0, announce(which=1)),
            (0, announce(which=0)),
        ),
        label=Label.COLLECTED,
        told_by=EVERY_BANK,
    ),
    Scenario(
        name="notice-without-line",
        vietnamese="Ngân hàng báo có nhưng sao kê không bao giờ có khoản đó.",
        english="The bank told of a credit that its statement never shows.",
        script=((0, ask()), (0, promise()), (0, announce())),
        label=Label.PAID_NOT_COLLECTED,
        breaks=(BreakCode.NOTICE_NO_BANK,),
        days=2,
        told_by=STRONG | ASKED,
    ),
    Scenario(
        name="notice-unknown-reference",
        vietnamese="Ngân hàng báo có với mã mà không yêu cầu nào mang.",
        english="The bank tells of a credit for a reference that no request has.",
        script=((0, transfer(is_unasked=True)), (0, announce(Outcome.UNKNOWN_REFERENCE))),
        label=None,
        breaks=(BreakCode.UNKNOWN_REFERENCE,),
        permille=2,
        told_by=EVERY_BANK,
    ),
    Scenario(
        name="notice-other-account",
        vietnamese="Tin báo có ký đúng khóa nhưng ghi tài khoản của đơn vị khác.",
        english="A well-signed notice names the account of another unit.",
        script=(
            (0, ask()),
            (0, transfer()),
            (0, announce(Outcome.OTHER_MERCHANT, names_other_unit=True)),
        ),
        label=Label.COLLECTED,
        breaks=(BreakCode.OTHER_MERCHANT,),
        told_by=EVERY_BANK,
    ),
    Scenario(
        name="notice-forged",
        vietnamese="Tin báo có giả mạo cho một khoản không có thật, ký bằng khóa lạ.",
        english="A forged notice of money that never came, signed with a stranger's key.",
        script=(
            (0, ask()),
            (0, promise()),
            (0, announce(Outcome.REJECTED, signs_as_stranger=True)),
        ),
        label=Label.REQUESTED,
        told_by=EVERY_BANK,
    ),
    Scenario(
        name="notice-replayed",
        vietnamese="Hôm sau có kẻ gửi lại nguyên văn tin báo có cũ; không ghi thêm gì.",
        english="The next day somebody sends the bytes of a notice again; nothing is added.",
        script=(*_WELL_TOLD, (1, replay(Outcome.RECORDED))),
        label=Label.COLLECTED,
        days=1,
        told_by=EVERY_BANK - TIMED,
    ),
    Scenario(
        name="notice-replayed-stale",
        vietnamese="Hôm sau có kẻ gửi lại tin báo có mang giờ gửi; tin quá cũ bị từ chối.",
        english="The next day a notice that says when it was sent comes again and is refused.",
        script=(*_WELL_TOLD, (1, replay(Outcome.REJECTED))),
        label=Label.COLLECTED,
        days=1,
        told_by=TIMED,
    ),
    Scenario(
        name="notice-short",
        vietnamese="Chuyển thiếu; ngân hàng báo có đúng số tiền thiếu đó.",
        english="Too little is transferred, and the bank tells of just that amount.",
        script=(
            (0, ask()),
            (0, transfer(amount=half)),
            (0, announce(Outcome.AMOUNT_DIFFERS)),
        ),
        label=Label.PART_PAID,
        breaks=(BreakCode.UNDERPAID,),
        told_by=EVERY_BANK,
    ),
    Scenario(
        name="notice-conflicting",
        vietnamese="Sau tin báo có đúng lại có tin ký đúng khóa của cùng khoản với số tiền khác.",
        english="After the right notice another one, well signed, tells of another amount.",
        script=(*_WELL_TOLD, (0, announce(Outcome.AMOUNT_DIFFERS, more_minor=90_000))),
        label=Label.COLLECTED,
        breaks=(BreakCode.CONFLICTING_DUPLICATE,),
        days=2,
        told_by=EVERY_BANK - ASKED,
    ),
    Scenario(
        name="notice-of-debit",
        vietnamese="SePay báo tiền ra khỏi tài khoản; tin được nhận, không ghi là đã nộp.",
        english="SePay tells of money that left the account: acknowledged, never a payment.",
        script=((0, ask()), (0, pay_out()), (0, announce(credit_code=OUTGOING))),
        label=Label.REQUESTED,
        breaks=(BreakCode.UNEXPLAINED_DEBIT,),
        told_by=frozenset({"sepay"}),
    ),
    Scenario(
        name="reversed-after-notice",
        vietnamese="Ngân hàng hoàn lại khoản đã báo có và đã khớp hôm trước.",
        english="The bank takes back a transfer that it had announced and shown.",
        script=(*_WELL_TOLD, (1, reverse())),
        label=Label.RETURNED,
        days=1,
        told_by=EVERY_BANK,
    ),
)

WEAK_NOTICE_SCENARIOS: Final = (
    Scenario(
        name="notice-not-answered",
        vietnamese="Nơi báo có ký yếu không trả lời khi hỏi lại; ban đêm hỏi thì được xác nhận.",
        english="Nobody answers when a weak notice is asked back; the night asks and is told.",
        script=((0, ask()), (0, transfer()), (0, announce_unanswering())),
        label=Label.COLLECTED,
        told_by=ASKED,
    ),
    Scenario(
        name="notice-unproven",
        vietnamese="Báo có ký yếu, không hỏi lại được, mà sao kê không bao giờ có khoản đó.",
        english="A weak notice with nobody to ask, of a credit that the statement never shows.",
        script=((0, ask()), (0, promise()), (0, announce())),
        label=Label.REQUESTED,
        breaks=(BreakCode.UNCONFIRMED_NOTICE,),
        days=2,
        told_by=DOUBTED,
    ),
    Scenario(
        name="notice-status-flipped",
        vietnamese="Lệnh chuyển đã hủy bị sửa thành báo có, chữ ký vẫn hợp lệ; hỏi lại thì lộ.",
        english="A cancelled transfer is told as a credit, well signed; the bank denies it.",
        script=(
            (0, ask()),
            (0, promise(NoticeResult.FAILED)),
            (0, announce(Outcome.UNCONFIRMED)),
            (0, transfer()),
        ),
        label=Label.COLLECTED,
        breaks=(BreakCode.UNCONFIRMED_NOTICE,),
        told_by=ASKED,
    ),
    Scenario(
        name="notice-amount-changed",
        vietnamese="Số tiền trong tin báo có bị sửa mà chữ ký vẫn hợp lệ; sao kê ghi số thật.",
        english="The amount is changed under a valid signature; the statement says the true one.",
        script=((0, ask()), (0, transfer()), (0, announce(Outcome.UNCONFIRMED, more_minor=90_000))),
        label=Label.COLLECTED,
        breaks=(BreakCode.UNCONFIRMED_NOTICE,),
        told_by=ASKED,
    ),
)
