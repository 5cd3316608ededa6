"""The payment platform's side: signs notices, answers from its books; for simulations and tests."""

import hmac
from datetime import datetime
from typing import Final

from bank_adapters.contract import CallbackRequest
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import Fields, compact_vietnam_time, read_json, write_json
from bank_adapters.gateways.bar_joined import bar_joined
from bank_adapters.gateways.npsp import CHECK_SUM, NOTICE_FIELDS, SECRET_PART
from bank_adapters.gateways.npsp_codes import OTHER_ERROR, SUCCESS
from bank_adapters.gateways.npsp_requests import ORDER_FIELDS, QUESTION_FIELDS, RECEIPT_PATH
from bank_adapters.outgoing import Answer, OutgoingRequest, RequestRefused
from bank_adapters.signatures.primitives import secret_part, sha256_secret_last_hex
from bank_adapters.vocabulary import UNNUMBERED, NoticeResult, PaymentNotice

PAYMENT_PAGE: Final = "https://thanhtoan.example.vn/pay/"

_RESULT_CODES: Final = {
    NoticeResult.PAID: SUCCESS,
    NoticeResult.FAILED: OTHER_ERROR,
    NoticeResult.UNKNOWN: "77",
}
_STATUSES: Final = {NoticeResult.PAID: "1", NoticeResult.PENDING: "3", NoticeResult.FAILED: "4"}


class NpspCounterpart:
    """Knows the shared secret; has no state of its own."""

    code: str = "npsp"
    notifies: frozenset[NoticeResult] = frozenset(
        {NoticeResult.PAID, NoticeResult.FAILED, NoticeResult.UNKNOWN}
    )

    def result_code(self, result: NoticeResult) -> str:
        """Return `MaLoi`; `ValueError` for a result that a notice has no word for."""
        if result not in _RESULT_CODES:
            raise ValueError(f"a notice of the platform has no code for {result}")
        return _RESULT_CODES[result]

    def notify(
        self,
        notice: PaymentNotice,
        material: bytes,
        sent_at: datetime,  # noqa: ARG002  the only time is that of the payment
    ) -> CallbackRequest:
        """Sign a notice; the amount is written as text."""
        is_numbered = not notice.provider_transaction.startswith(UNNUMBERED)
        values: dict[str, object] = {
            "LoaiBanTin": "NOTIFY",
            "MaLoi": notice.result_code,
            "MaDoiTac": notice.merchant,
            "MaThamChieu": notice.our_reference or "",
            "SoTien": str(notice.amount_minor),
            "MaTienTe": notice.currency,
            "MaGiaoDich": notice.provider_transaction if is_numbered else "",
            "MaNganHang": "VCB",
            "ThoiGianGD": compact_vietnam_time(notice.paid_at),
            "ThongTinGiaoDich": notice.memo,
        }
        body = write_json(_signed(values, NOTICE_FIELDS, material))
        headers = (("content-type", b"application/json"),)
        return CallbackRequest(method="POST", query=b"", headers=headers, body=body)

    def answer(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes, now: datetime
    ) -> Answer:
        """Answer an order, a question or a receipt; there are no refunds."""
        fields = read_json(request.body, RequestRefused)
        is_order = fields.text("LoaiBanTin") == "INIT"
        names = ORDER_FIELDS if is_order else QUESTION_FIELDS
        content, secret = bar_joined(fields, names), secret_part(material, SECRET_PART)
        expected = sha256_secret_last_hex(content, secret).encode()
        if not hmac.compare_digest(expected, fields.text(CHECK_SUM).encode()):
            return Answer(status=200, body=write_json({"error_code": "1", "message": ""}))
        if is_order:
            return _take(fields, books)
        order = books.orders.get(fields.text("MaThamChieu"))
        if request.url.endswith(RECEIPT_PATH):
            return _receipt(order)
        return _tell(fields, order, material, now)


def _signed(
    values: dict[str, object], names: tuple[str, ...], material: bytes
) -> dict[str, object]:
    content = bar_joined(Fields(values, RequestRefused), names)
    secret = secret_part(material, SECRET_PART)
    return values | {CHECK_SUM: sha256_secret_last_hex(content, secret)}


def _take(fields: Fields, books: GatewayBooks) -> Answer:
    reference = fields.text("MaThamChieu")
    order = TakenOrder(
        merchant=fields.text("MaDoiTac"),
        our_reference=reference,
        amount_minor=fields.amount_minor("SoTien", as_text=True),
        memo=fields.optional("ThongTinGiaoDich"),
    )
    books.orders.setdefault(reference, order)
    inner = {
        "MaLoi": SUCCESS,
        "MaDoiTac": fields.text("MaDoiTac"),
        "MaThamChieu": reference,
        "UrlThanhToan": PAYMENT_PAGE + reference,
    }
    body = write_json({"error_code": "0", "message": write_json(inner).decode()})
    return Answer(status=200, body=body)


def _tell(fields: Fields, order: TakenOrder | None, material: bytes, now: datetime) -> Answer:
    values: dict[str, object] = {
        "LoaiBanTin": "QUERY",
        "MaLoi": OTHER_ERROR,
        "MoTaLoi": "",
        "MaDoiTac": fields.text("MaDoiTac"),
        "MaThamChieu": fields.text("MaThamChieu"),
        "ThoiGianGD": compact_vietnam_time(now),
    }
    if order is not None:
        values |= {
            "MaLoi": SUCCESS,
            "SoTien": order.amount_minor,
            "MaTienTe": "VND",
            "MaGiaoDich": order.provider_transaction,
            "MaNganHang": "VCB",
            "ThongTinGiaoDich": order.memo,
            "TrangThaiGD": _STATUSES.get(order.result, "0"),
        }
    return Answer(status=200, body=write_json(_signed(values, NOTICE_FIELDS, material)))


def _receipt(order: TakenOrder | None) -> Answer:
    if order is None or order.result is not NoticeResult.PAID:
        return Answer(status=200, body=b"")
    return Answer(status=200, body=b"%PDF-1.7\n% " + order.our_reference.encode() + b"\n%%EOF\n")
