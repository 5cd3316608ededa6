"""The words of the citizens' pages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

CITIZEN_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "pay.title": ("Nộp phí, lệ phí", "Pay a public fee"),
        "pay.asked.by": ("Đơn vị thu", "Collected by"),
        "pay.dossier": ("Hồ sơ", "Dossier"),
        "pay.until": ("Hạn nộp", "Pay by"),
        "pay.total": ("Tổng số phải nộp", "Total to pay"),
        "pay.still": ("Còn phải nộp", "Left to pay"),
        "pay.lines": ("Các khoản phải nộp", "What is to be paid"),
        "pay.line.fee": ("Khoản thu", "Fee"),
        "pay.line.amount": ("Số tiền", "Amount"),
        "pay.line.basis": ("Căn cứ", "Legal basis"),
        "pay.how": ("Cách nộp", "How to pay"),
        "pay.qr": ("Quét mã bằng ứng dụng ngân hàng", "Scan with your banking app"),
        "pay.qr.alt": (
            "Mã VietQR: chuyển {amount} đến tài khoản {account} tại {bank}, nội dung {memo}",
            "VietQR code: transfer {amount} to account {account} at {bank}, memo {memo}",
        ),
        "pay.qr.hint": (
            "Số tiền và nội dung đã có sẵn trong mã; xin đừng sửa.",
            "The code already holds amount and memo; please leave them as they are.",
        ),
        "pay.qr.save": (
            "Lưu ảnh mã để mở trong ứng dụng ngân hàng",
            "Save the code to open it in your banking app",
        ),
        "pay.transfer": ("Hoặc tự chuyển khoản", "Or make the transfer yourself"),
        "pay.bank": ("Ngân hàng", "Bank"),
        "pay.account": ("Số tài khoản", "Account number"),
        "pay.holder": ("Chủ tài khoản", "Account holder"),
        "pay.amount": ("Số tiền", "Amount"),
        "pay.memo": ("Nội dung chuyển khoản", "Transfer memo"),
        "pay.memo.hint": (
            "Ghi đúng nội dung này để khoản nộp được nhận ra ngay.",
            "Write exactly this memo, so that the payment is recognised at once.",
        ),
        "pay.copy": ("Chép", "Copy"),
        "pay.copy.what": ("Chép {what}", "Copy: {what}"),
        "pay.copied": ("Đã chép", "Copied"),
        "pay.gateway": ("Thanh toán qua {gateway}", "Pay with {gateway}"),
        "pay.onward": ("Tiếp tục đến {gateway}", "Go on to {gateway}"),
        "pay.onward.hint": (
            "Khoản nộp đã sẵn sàng trên trang của {gateway}. Chỉ nhập thông tin thẻ tại đó.",
            "Your payment is ready on {gateway}'s own page. Enter card details only there.",
        ),
        "pay.nothing": (
            "Không còn khoản nào phải nộp trên trang này.",
            "Nothing is left to pay on this page.",
        ),
        "pay.state": ("Tình trạng", "Where it stands"),
        "pay.next": ("Việc tiếp theo", "What happens next"),
        "pay.received": ("Tiền đã nhận", "Money received"),
        "pay.received.when": ("Thời điểm", "When"),
        "pay.received.how": ("Qua", "Through"),
        "pay.offline": (
            "Mất kết nối; trang sẽ tự cập nhật khi có mạng lại.",
            "No connection; the page updates itself once it is back.",
        ),
        "pay.follows": (
            "Trang này tự cập nhật; không cần tải lại.",
            "This page follows your payment by itself; no need to reload.",
        ),
        "pay.came.back": (
            (
                "Bạn vừa quay lại từ cổng thanh toán. Hệ thống chưa có xác nhận của cổng; trang"
                " này chỉ hiện tiền đã được xác nhận. Nếu tài khoản của bạn đã bị trừ tiền, xin"
                " đợi ít phút và đừng nộp lại."
            ),
            (
                "You have just come back from the payment gateway. There is no confirmation "
                "from it yet; this page shows confirmed money only. If your account was "
                "charged, please wait a few minutes and do not pay again."
            ),
        ),
        "light.requested": ("Đã yêu cầu", "Requested"),
        "light.notified": ("Ngân hàng/cổng báo đã nộp", "Bank or gateway says paid"),
        "light.reported": ("Cổng đã đối chiếu", "Gateway has reported it"),
        "light.collected": ("Tiền đã vào tài khoản thu", "Money is on the collecting account"),
        "light.state.done": ("Xong", "Done"),
        "light.state.part": ("Một phần", "In part"),
        "light.state.waiting": ("Đang chờ", "Waiting"),
        "light.state.needless": ("Không cần", "Not needed"),
        "light.no.confirmation": ("Chưa có xác nhận", "No confirmation yet"),
        "light.direct": (
            "Chuyển khoản trực tiếp, thấy ngay trên sao kê",
            "Direct transfer, seen on the statement itself",
        ),
        "light.of.total": ("{amount} trong {total}", "{amount} of {total}"),
        "channel.gateway_notice": ("Cổng thanh toán", "Payment gateway"),
        "channel.gateway_report": ("Cổng thanh toán", "Payment gateway"),
        "channel.bank_notice": ("Chuyển khoản", "Bank transfer"),
        "channel.bank_line": ("Chuyển khoản", "Bank transfer"),
        "channel.returned": ("Ngân hàng chuyển trả", "Sent back by the bank"),
        "next.requested": (
            (
                "Nộp theo một trong các cách trên trang này. Sau khi nộp, tình trạng thường đổi"
                " trong vài giây đến vài phút."
            ),
            "Pay in one of the ways shown. After paying, this changes within seconds to minutes.",
        ),
        "next.expired": (
            "Bạn vẫn có thể nộp; nếu hồ sơ đã bị trả lại, xin hỏi đơn vị thu trước khi nộp.",
            "You can still pay; if the dossier was sent back, ask the unit first.",
        ),
        "next.cancelled": (
            "Xin đừng nộp. Nếu đã lỡ nộp, tiền sẽ được trả lại.",
            "Please do not pay. If you did, the money will be returned.",
        ),
        "next.part_paid": (
            "Còn thiếu {short}. Mã và thông tin trên trang này đã đổi sang số còn thiếu.",
            "{short} is missing. The code and details here now ask for the missing amount.",
        ),
        "next.paid": (
            (
                "Bạn không phải làm gì thêm. Tiền thường được thấy trong tài khoản thu vào đêm "
                "nay hoặc ngày làm việc tiếp theo."
            ),
            (
                "There is nothing more to do. The money is usually seen on the account tonight "
                "or on the next working day."
            ),
        ),
        "next.collected": ("Bạn không phải làm gì thêm.", "There is nothing more to do."),
        "next.late": (
            "Khoản nộp đã được ghi nhận dù muộn. Nếu hồ sơ đã bị trả lại, xin liên hệ đơn vị thu.",
            (
                "The payment counts although it was late. If the dossier was sent back, contact"
                " the unit."
            ),
        ),
        "next.overpaid": (
            "Thừa {surplus}. Đơn vị thu trả lại phần thừa; xin đừng chuyển thêm.",
            "{surplus} too much. The unit returns the difference; please do not send more.",
        ),
        "next.doubled": (
            "Khoản này đã được nộp nhiều hơn một lần; thừa {surplus}. Đơn vị thu trả lại.",
            "This was paid more than once; {surplus} too much. The unit returns it.",
        ),
        "next.cancelled_but_paid": (
            "Đã nhận {surplus} cho yêu cầu đã hủy. Đơn vị thu trả lại số tiền này.",
            "{surplus} came for a withdrawn request. The unit returns it.",
        ),
        "next.refund.ordered": (
            "Lệnh hoàn trả {amount} đã được lập; chờ ngân hàng thực hiện.",
            "A refund of {amount} was ordered; the bank is to carry it out.",
        ),
        "next.returned": (
            "Ngân hàng đã trả tiền về tài khoản của bạn. Nếu vẫn cần, xin nộp lại trên trang này.",
            "The bank sent the money back to you. If you still need the service, pay again here.",
        ),
        "next.refunded": (
            "Tiền đã được chuyển lại tài khoản đã nộp.",
            "The money went back to the account it came from.",
        ),
        "qr.gone": (
            "Yêu cầu này đã nộp đủ hoặc đã hủy; không có mã để quét.",
            "This request is paid or withdrawn; there is no code to scan.",
        ),
    }
)
