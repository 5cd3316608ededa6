"""What we ask of the national payment platform: payment pages, questions, receipts.

Messages `INIT`, `QUERY` and `GET_BILL` are those of the public client
HuanVu201/DichVuCong_KhoaLuan_PASETO, which keeps the addresses in its configuration: the paths here
are assumed. It writes times with a clock of twelve hours; here they have twenty-four.
"""

import re
from dataclasses import replace
from typing import Final

from bank_adapters.contract import CallbackRejected
from bank_adapters.fields import Fields, compact_vietnam_time, read_json
from bank_adapters.gateways.bar_joined import BAR_FREE, BAR_FREE_TEXT, bar_joined
from bank_adapters.gateways.exchange import (
    WEB_ADDRESS,
    post_json,
    read_answer,
    require_echo,
    require_form,
    require_payable,
    require_same_payment,
    secret_of,
)
from bank_adapters.gateways.npsp import (
    CHECK_SUM,
    CODE,
    NOTICE_FIELDS,
    SECRET_PART,
    TOKEN_PART,
    read_amount,
    require_secret,
)
from bank_adapters.gateways.npsp_codes import SUCCESS, explain
from bank_adapters.gateways.receipt_block import receipt_block
from bank_adapters.outgoing import (
    ANSWER_BYTES_MAX,
    Answer,
    AnswerRefuses,
    AnswerUnreadable,
    Checkout,
    Merchant,
    Order,
    OutgoingRequest,
    PaymentStatus,
    Question,
    RefundAnswer,
    RefundOrder,
    RequestRefused,
)
from bank_adapters.signatures.primitives import secret_part, sha256_secret_last_hex
from bank_adapters.vocabulary import NoticeResult

ORDER_PATH: Final = "/init"
QUESTION_PATH: Final = "/query"
RECEIPT_PATH: Final = "/bill"
VERSION: Final = "1.0.6"
REFERENCE_LENGTH_MAX: Final = 50

QUESTION_FIELDS: Final = ("LoaiBanTin", "PhienBan", "MaDoiTac", "MaThamChieu", "ThoiGianGD")
ORDER_FIELDS: Final = (
    "LoaiBanTin",
    "PhienBan",
    "MaDoiTac",
    "MaThamChieu",
    "SoTien",
    "LoaiHinhThanhToan",
    "MaKenhThanhToan",
    "MaThietBi",
    "NgonNgu",
    "MaTienTe",
    "MaNganHang",
    "ThongTinGiaoDich",
    "ThoiGianGD",
    "Ip",
)
"""The receipt block, with the account that gets the money, is not among them."""

_REFERENCE: Final = re.compile(rf"[A-Za-z0-9_]{{1,{REFERENCE_LENGTH_MAX}}}")
_TOKEN: Final = re.compile(r"[!-~]{1,4096}")
_LANGUAGES: Final = {"vi": "vi-VN", "en": "en-US"}
_OK: Final = 200
_PDF_HEAD, _PDF_TAIL = b"%PDF-", b"%%EOF"
_PDF_TAIL_BYTES: Final = 1024


class NpspRequests:
    """Fulfils the dialects of checkout and status, and fetches receipts; offers no refund."""

    def order(self, merchant: Merchant, order: Order) -> OutgoingRequest:
        """Write an `INIT` for fees and charges (`MaDichVu` 2); `SoTien` is text."""
        values: dict[str, object] = {
            "LoaiBanTin": "INIT",
            "PhienBan": VERSION,
            "MaDoiTac": merchant.code,
            "MaThamChieu": _reference(order.reference),
            "SoTien": str(require_payable(order.amount_minor)),
            "LoaiHinhThanhToan": "PAY",
            "MaKenhThanhToan": "1",
            "MaThietBi": "1",
            "NgonNgu": _LANGUAGES.get(order.language, _LANGUAGES["vi"]),
            "MaTienTe": "VND",
            "MaNganHang": "PAYMENT",
            "ThongTinGiaoDich": require_form(order.description, BAR_FREE_TEXT, "description"),
            "ThoiGianGD": compact_vietnam_time(order.created_at),
            "Ip": require_form(order.client_ip, BAR_FREE, "client address"),
        }
        signed = _signed(merchant, values, ORDER_FIELDS)
        return _request(merchant, ORDER_PATH, signed | {"ThongTinBienLai": receipt_block(order)})

    def read_order(self, merchant: Merchant, order: Order, answer: Answer) -> Checkout:
        """Read `UrlThanhToan` inside `message`, which is JSON written as text; nothing is signed.

        What the inner object repeats of the order must be ours.
        """
        fields = read_answer(answer)
        if fields.scalar("error_code", CODE) != "0":
            raise AnswerRefuses("the platform refused the order")
        inner = read_json(fields.optional("message", length_max=10_000).encode(), AnswerUnreadable)
        ours = {
            "MaLoi": SUCCESS,
            "MaDoiTac": merchant.code,
            "MaThamChieu": _reference(order.reference),
        }
        for name in ours.keys() & inner.values.keys():
            require_echo(inner, name, ours[name])
        return Checkout(url=inner.text("UrlThanhToan", WEB_ADDRESS))

    def ask(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Write a `QUERY`; the platform finds the payment by reference and `ordered_at`."""
        return _request(merchant, QUESTION_PATH, _question(merchant, question, "QUERY"))

    def read_status(self, merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
        """Read the answer; `result_code` is `MaLoi/TrangThaiGD`.

        It is assumed to be signed as a notice is, which leaves `TrangThaiGD` to the connection; the
        public client does not check it at all.
        """
        fields = read_answer(answer)
        try:
            require_secret(
                bar_joined(fields, NOTICE_FIELDS), fields.text(CHECK_SUM), [merchant.key]
            )
        except CallbackRejected as error:
            raise AnswerUnreadable("the answer is not signed by the platform") from error
        require_echo(fields, "MaDoiTac", merchant.code)
        require_echo(fields, "MaThamChieu", _reference(question.our_reference))
        result_code = f"{fields.scalar('MaLoi', CODE)}/{_given(fields, 'TrangThaiGD')}"
        result = explain(result_code).result
        transaction = _given(fields, "MaGiaoDich")
        if result is NoticeResult.PAID:
            require_same_payment(question, transaction)
            require_echo(fields, "MaTienTe", "VND")
        is_stated = result is NoticeResult.PAID or bool(fields.values.get("SoTien"))
        return PaymentStatus(
            result=result,
            result_code=result_code,
            our_reference=question.our_reference,
            provider_transaction=transaction,
            amount_minor=read_amount(fields) if is_stated else None,
        )

    def ask_receipt(self, merchant: Merchant, question: Question) -> OutgoingRequest:
        """Write a `GET_BILL` for the receipt of a paid order."""
        return _request(merchant, RECEIPT_PATH, _question(merchant, question, "GET_BILL"))

    def read_receipt(self, answer: Answer) -> bytes:
        """Return the receipt, a whole PDF file; `AnswerUnreadable` for anything else."""
        if answer.status != _OK or len(answer.body) > ANSWER_BYTES_MAX:
            raise AnswerUnreadable(f"no receipt: status {answer.status}, {len(answer.body)} bytes")
        is_whole = _PDF_TAIL in answer.body[-_PDF_TAIL_BYTES:]
        if not (answer.body.startswith(_PDF_HEAD) and is_whole):
            raise AnswerUnreadable("the receipt is not a whole PDF file")
        return answer.body

    def refund(self, merchant: Merchant, refund: RefundOrder) -> OutgoingRequest:
        """Refuse: refunds run between platform and bank, and their messages are not published."""
        raise RequestRefused(
            f"the platform takes no refund orders: {merchant.code} {refund.our_reference}"
        )

    def read_refund(self, merchant: Merchant, refund: RefundOrder, answer: Answer) -> RefundAnswer:
        """Refuse: no refund order was sent."""
        raise AnswerUnreadable(
            f"no refund was asked for: {merchant.code} {refund.our_reference} {answer.status}"
        )


def _reference(reference: str) -> str:
    return require_form(reference, _REFERENCE, "reference")


def _given(fields: Fields, name: str) -> str:
    return fields.scalar(name, BAR_FREE) if fields.values.get(name) else ""


def _question(merchant: Merchant, question: Question, kind: str) -> dict[str, object]:
    values: dict[str, object] = {
        "LoaiBanTin": kind,
        "PhienBan": VERSION,
        "MaDoiTac": merchant.code,
        "MaThamChieu": _reference(question.our_reference),
        "ThoiGianGD": compact_vietnam_time(question.ordered_at),
    }
    return _signed(merchant, values, QUESTION_FIELDS)


def _signed(
    merchant: Merchant, values: dict[str, object], names: tuple[str, ...]
) -> dict[str, object]:
    content = bar_joined(Fields(values, RequestRefused), names)
    secret = secret_of(merchant, SECRET_PART)
    return values | {CHECK_SUM: sha256_secret_last_hex(content, secret)}


def _request(merchant: Merchant, path: str, values: dict[str, object]) -> OutgoingRequest:
    request = post_json(merchant.base_url + path, values)
    token = secret_part(merchant.key.material, TOKEN_PART)
    if not token:
        return request
    bearer = require_form(token.decode("ascii", "replace"), _TOKEN, "token")
    return replace(request, headers=(*request.headers, ("authorization", f"Bearer {bearer}")))
