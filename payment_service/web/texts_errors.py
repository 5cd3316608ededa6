"""What pages say when something cannot be done: by act and field first, else by error code."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ERROR_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "error.title": ("Không thực hiện được", "This could not be done"),
        "error.home": ("Về trang chính", "To the main page"),
        "error.details": ("Chi tiết kỹ thuật", "Technical detail"),
        "error.error": (
            "Hệ thống gặp lỗi. Xin thử lại sau.",
            "Something went wrong. Please try again later.",
        ),
        "error.unavailable": (
            "Hệ thống tạm thời chưa trả lời. Xin thử lại sau.",
            "The service cannot answer now. Please try again later.",
        ),
        "error.not-found": (
            "Không có trang này. Xin kiểm tra lại đường dẫn trong thông báo nộp tiền.",
            "There is no such page. Please check the link in your notice.",
        ),
        "error.not-found.title": ("Không tìm thấy", "Not found"),
        "error.not-here": ("Không có bản ghi này.", "There is no such record."),
        "error.not-here.title": ("Không tìm thấy", "Not found"),
        "qr.gone.title": ("Không còn mã", "The code is gone"),
        "error.method-not-allowed": ("Trang này không nhận thao tác đó.", "Not allowed here."),
        "error.request-timeout": (
            "Đường truyền quá chậm nên chưa nhận được gì. Xin thử lại.",
            "The connection was too slow, so nothing was received. Please try again.",
        ),
        "error.content-too-large": (
            "Nội dung gửi lên quá lớn (tệp nhiều nhất 50 MiB).",
            "What was sent is too large (files: 50 MiB at most).",
        ),
        "error.invalid-content": (
            "Nội dung chưa đúng. Không có gì thay đổi.",
            "The content is not acceptable. Nothing was changed.",
        ),
        "error.malformed-request": (
            "Biểu mẫu gửi lên không đúng dạng. Không có gì thay đổi.",
            "The form is not well-formed. Nothing was changed.",
        ),
        "error.unauthenticated": (
            "Tên đăng nhập hoặc mật khẩu không đúng.",
            "User name or password is wrong.",
        ),
        "error.forbidden": (
            "Bạn không có quyền làm việc này. Không có gì thay đổi.",
            "You may not do this. Nothing was changed.",
        ),
        "error.form-token": (
            "Biểu mẫu đã cũ hoặc không đến từ trang này. Xin tải lại trang và thử lại.",
            "The form is stale or not from this page. Please reload the page and try again.",
        ),
        "error.same-person": (
            "Người đề nghị không được tự duyệt. Không có gì thay đổi.",
            "Who asked may not decide. Nothing was changed.",
        ),
        "error.too-many-requests": (
            "Đã thử quá nhiều lần. Xin đợi 15 phút.",
            "Too many tries. Please wait 15 minutes.",
        ),
        "error.state-conflict": (
            "Bản ghi đã thay đổi nên không thực hiện được. Xin tải lại trang.",
            "The record has changed, so this was not done. Please reload the page.",
        ),
        "error.checkout.state-conflict": (
            "Không còn gì phải nộp cho yêu cầu này.",
            "Nothing is left to pay for this request.",
        ),
        "error.checkout.not-found": (
            "Đơn vị này không thu qua cổng thanh toán đó.",
            "This unit does not take payments through that gateway.",
        ),
        "error.checkout.amount": (
            "Cổng thanh toán này không nhận số tiền này. Xin chọn cách nộp khác.",
            "This gateway does not take this amount. Please choose another way to pay.",
        ),
        "error.checkout.unavailable": (
            "Cổng thanh toán hiện chưa nhận lệnh. Xin thử lại sau hoặc chọn cách nộp khác.",
            "The gateway takes no orders now. Please try later or choose another way to pay.",
        ),
        "error.checkout.gateway-silent": (
            (
                "Cổng thanh toán không trả lời nên chưa rõ lệnh đã được tạo hay chưa. Xin thử lại "
                "sau nửa phút hoặc chọn cách nộp khác."
            ),
            (
                "The gateway did not answer, so it is not known whether it took the order. Please "
                "try again in half a minute or choose another way to pay."
            ),
        ),
        "error.checkout.silent": (
            (
                "Cổng thanh toán không trả lời nên chưa rõ lệnh đã được tạo hay chưa. Có thể thử "
                "lại ngay hoặc chọn cách nộp khác."
            ),
            (
                "The gateway did not answer, so it is not known whether it took the order. You may "
                "try again now or choose another way to pay."
            ),
        ),
        "error.account.unit_code": (
            "Mã đơn vị không đúng.",
            "No unit has this code.",
        ),
        "error.account.bank_bin": (
            "Mã ngân hàng (BIN) không đúng.",
            "No bank has this identification number.",
        ),
        "error.account.account_number": (
            "Số tài khoản gồm 6 đến 19 chữ số hoặc chữ in hoa không dấu.",
            "An account number has 6 to 19 digits or capitals.",
        ),
        "error.account.holder_name": (
            "Tên chủ tài khoản viết không dấu như ngân hàng in, nhiều nhất 70 ký tự.",
            "The holder is written without accents, as the bank prints it; 70 characters at most.",
        ),
        "error.account.decision_number": (
            "Thiếu số quyết định mở tài khoản.",
            "The decision that opens the account is missing.",
        ),
        "error.account.opening_balance": (
            "Số dư đầu chỉ gồm các chữ số 0–9, không dấu chấm, phẩy.",
            "The opening balance has digits 0–9 only, no points or commas.",
        ),
        "error.account.opening_on": (
            "Ngày của số dư đầu không đúng.",
            "The day of the opening balance is not a date.",
        ),
        "error.account.state-conflict": (
            "Số tài khoản này đã được đăng ký.",
            "This account number is registered already.",
        ),
        "error.approval.state-conflict": (
            "Đề nghị này đã được quyết định trước đó.",
            "This was decided before.",
        ),
        "error.approval.decision": (
            "Cần chọn duyệt hoặc từ chối.",
            "Choose to approve or to decline.",
        ),
        "error.confirm.closing_balance": (
            "Số dư cuối chỉ gồm các chữ số 0–9, có thể có dấu trừ ở đầu.",
            "The closing balance has digits 0–9 only, with a minus sign before them if negative.",
        ),
        "error.confirm.line_count": (
            "Số dòng chỉ gồm các chữ số 0–9.",
            "The number of lines has digits 0–9 only.",
        ),
        "error.confirm.invalid-content": (
            "Số dư cuối hoặc số dòng không khớp với sao kê. Sao kê vẫn chờ xác nhận.",
            "Closing balance or line count are not those of the statement. It still waits.",
        ),
        "error.confirm.state-conflict": (
            "Sao kê này không còn chờ xác nhận, hoặc không còn nối tiếp số dư cuối đã ghi nhận.",
            "The statement waits no more, or no longer continues the last closing balance.",
        ),
        "error.confirm.same-person": (
            "Người đã nộp tệp không được tự xác nhận. Sao kê vẫn chờ người thứ hai.",
            "Who brought the file may not confirm it. The statement waits for a second person.",
        ),
        "error.upload.files": (
            "Xin chọn ít nhất một tệp sao kê.",
            "Please choose at least one statement file.",
        ),
        "error.upload.invalid-content": (
            "Tệp không được nhận; không có gì được ghi sổ.",
            "The file was not accepted; nothing was booked.",
        ),
        "error.upload.statement-unreadable": (
            "Không đọc được trọn vẹn tệp sao kê; không có gì được ghi sổ.",
            "The statement file cannot be read as a whole; nothing was booked.",
        ),
    }
)
