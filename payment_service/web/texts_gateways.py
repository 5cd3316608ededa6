"""The names of gateways and one line on how one pays there."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GATEWAY_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "gateway.vnpay": ("VNPAY", "VNPAY"),
        "gateway.vnpay.hint": (
            "Thẻ ATM, thẻ quốc tế hoặc ví điện tử, trên trang của VNPAY.",
            "ATM card, international card or wallet, on VNPAY's own page.",
        ),
        "gateway.momo": ("MoMo", "MoMo"),
        "gateway.momo.hint": (
            "Ví MoMo: mở ứng dụng hoặc quét mã trên trang của MoMo.",
            "MoMo wallet: open the app or scan the code on MoMo's page.",
        ),
        "gateway.zalopay": ("ZaloPay", "ZaloPay"),
        "gateway.zalopay.hint": (
            "Ví ZaloPay, thẻ hoặc tài khoản liên kết, trên trang của ZaloPay.",
            "ZaloPay wallet, card or linked account, on ZaloPay's page.",
        ),
        "gateway.payos": ("payOS", "payOS"),
        "gateway.payos.hint": (
            "Quét mã chuyển khoản trên trang của payOS.",
            "Scan a transfer code on payOS's page.",
        ),
        "gateway.onepay": ("OnePay", "OnePay"),
        "gateway.onepay.hint": (
            "Thẻ nội địa hoặc thẻ quốc tế, trên trang của OnePay.",
            "Domestic or international card, on OnePay's page.",
        ),
        "gateway.keypay": ("KeyPay", "KeyPay"),
        "gateway.keypay.hint": (
            "Thẻ hoặc tài khoản ngân hàng, trên trang của KeyPay.",
            "Card or bank account, on KeyPay's page.",
        ),
        "gateway.viettelpay": ("Viettel Money", "Viettel Money"),
        "gateway.viettelpay.hint": (
            "Tài khoản Viettel Money, trên trang của Viettel.",
            "Viettel Money account, on Viettel's page.",
        ),
        "gateway.baokim": ("Bảo Kim", "Baokim"),
        "gateway.baokim.hint": (
            "Chuyển khoản hoặc quét mã vào một tài khoản dành riêng cho khoản nộp này.",
            "Transfer or scan to an account that is opened for this payment alone.",
        ),
        "gateway.sepay": ("SePay", "SePay"),
        "gateway.sepay.hint": (
            "Quét mã VietQR; SePay báo ngay khi tiền đến.",
            "Scan a VietQR code; SePay tells as soon as the money arrives.",
        ),
        "pay.order": ("Chuyển khoản qua {gateway}", "Transfer through {gateway}"),
        "pay.order.hint": ("Chuyển đúng {amount}, một lần.", "Transfer exactly {amount}, once."),
        "pay.order.until": (
            "Chuyển đúng {amount}, một lần, trước {when}.",
            "Transfer exactly {amount}, once, before {when}.",
        ),
        "pay.awaited": ("Đang chờ {gateway}", "Waiting for {gateway}"),
        "pay.awaited.hint": (
            "Lệnh thanh toán đang được tạo; trang này tự tải lại sau giây lát.",
            "The order is being placed; this page loads again by itself in a moment.",
        ),
        "pay.order.then": (
            "Sau khi chuyển, hãy quay lại trang nộp tiền để xem kết quả.",
            "After the transfer, go back to the payment page to see the result.",
        ),
        "pay.order.qr.alt": (
            "Mã QR của {gateway} để chuyển {amount}",
            "QR code of {gateway} for a transfer of {amount}",
        ),
        "pay.order.transfer": ("Thông tin chuyển khoản", "Where to transfer"),
        "pay.order.back": ("Chọn cách nộp khác", "Choose another way to pay"),
        "gateway.npsp": ("Cổng Dịch vụ công quốc gia", "the National Public Service Portal"),
        "gateway.npsp.hint": (
            "Chọn ngân hàng hoặc ví trên nền tảng thanh toán của Cổng Dịch vụ công quốc gia.",
            "Choose a bank or wallet on the National Public Service Portal's payment platform.",
        ),
    }
)
