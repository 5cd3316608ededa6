"""The National Public Service Portal's payment platform, version 1.0.6: notices.

Fields and signed layouts are those of the public client HuanVu201/DichVuCong_KhoaLuan_PASETO; names
and replies agree with VietOpenCPS/opencps-v2. The platform hashes its secret beside the values, and
never says whose account received the money.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bank_adapters.contract import (
    Acknowledgement,
    AdapterError,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.fields import CURRENCY, Fields, read_json, write_json
from bank_adapters.gateways.bar_joined import BAR_FREE, bar_joined
from bank_adapters.gateways.exchange import signed_value
from bank_adapters.gateways.npsp_codes import OTHER_ERROR, SUCCESS, explain
from bank_adapters.scheme import Scheme, Weakness
from bank_adapters.signatures.primitives import (
    require_sha256_secret_last,
    require_size,
    secret_part,
)
from bank_adapters.vocabulary import UNNUMBERED, NoticeResult, PaymentNotice

CHECK_SUM: Final = "MaXacThuc"
NOTICE_FIELDS: Final = (
    "LoaiBanTin",
    "MaLoi",
    "MaDoiTac",
    "MaThamChieu",
    "SoTien",
    "MaTienTe",
    "MaGiaoDich",
    "MaNganHang",
    "ThoiGianGD",
    "ThongTinGiaoDich",
)
"""Signed in notices and (assumed) in what answers a question."""
CODE: Final = re.compile(r"[0-9A-Za-z]{1,8}")
SECRET_PART: Final = 0
TOKEN_PART: Final = 1
"""The bearer token of the sharing platform, where one is needed."""

_ECHOED: Final = ("MaDoiTac", "MaThamChieu", "ThoiGianGD", CHECK_SUM)
_DONE: Final = (SUCCESS, "Thành công")
_OTHER_ERROR: Final = (OTHER_ERROR, "Các lỗi khác")
_REPLIES: Final = {
    Outcome.RECORDED: _DONE,
    Outcome.ALREADY_RECORDED: _DONE,
    Outcome.AMOUNT_DIFFERS: _DONE,
    Outcome.ALREADY_COVERED: _DONE,
    Outcome.UNKNOWN_REFERENCE: _OTHER_ERROR,
    Outcome.OTHER_MERCHANT: _OTHER_ERROR,
    Outcome.UNCONFIRMED: _OTHER_ERROR,
    Outcome.UNREADABLE: _OTHER_ERROR,
    Outcome.REJECTED: _OTHER_ERROR,
    Outcome.RETRY_LATER: _OTHER_ERROR,
}


class Npsp:
    """A notice is a POST of one flat JSON object; the key is `secret` or `secret:token`."""

    code: str = "npsp"
    method: str = "POST"
    is_bank: bool = False
    scheme: Scheme = Scheme(
        title="National payment platform 1.0.6",
        primitive="SHA-256",
        key_use="text, hashed as the last field",
        order="fixed list joined by |",
        encoding="raw, signature in hex",
        amount_unit="VND, written as text",
        idempotency_key="MaGiaoDich",
        reply='200 {"MaLoi":"00"} that repeats the request',
        weaknesses=(Weakness.UNKEYED_HASH, Weakness.BENEFICIARY_UNSIGNED),
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  the signed time is that of the payment, not of sending
    ) -> bytes:
        """Return the signed values, which are everything that is read."""
        require_size(request)
        fields = read_json(request.body, CallbackRejected)
        content = bar_joined(fields, NOTICE_FIELDS)
        require_secret(content, fields.text(CHECK_SUM), keys)
        return content

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice.

        A failure without a number is called `unnumbered:` with its reference and time; a payment
        without one is unreadable.
        """
        fields = read_json(request.body, NoticeUnreadable)
        code = fields.scalar("MaLoi", CODE)
        result = explain(code).result
        reference = fields.scalar("MaThamChieu", BAR_FREE)
        number = signed_value(fields, "MaGiaoDich")
        if not number and result is not NoticeResult.PAID:
            number = f"{UNNUMBERED}{reference}:{signed_value(fields, 'ThoiGianGD')}"
        elif not BAR_FREE.fullmatch(number):
            raise NoticeUnreadable("MaGiaoDich is missing or malformed")
        return PaymentNotice(
            result=result,
            result_code=code,
            merchant=fields.scalar("MaDoiTac", BAR_FREE),
            our_reference=reference,
            provider_transaction=number,
            amount_minor=read_amount(fields),
            currency=fields.text("MaTienTe", CURRENCY),
            paid_at=fields.vietnam_time("ThoiGianGD"),
            memo=fields.optional("ThongTinGiaoDich"),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer without what a reply repeats, for a request that nobody may believe or read."""
        return _reply(outcome, dict.fromkeys(_ECHOED, ""))

    def reply(
        self,
        request: CallbackRequest,
        outcome: Outcome,
        keys: Sequence[VerificationKey],  # noqa: ARG002  the reply repeats the checksum received
    ) -> Acknowledgement:
        """Return the whole reply.

        Both public clients repeat reference, time and checksum of the request; none signs.
        """
        try:
            fields = read_json(request.body, CallbackRejected)
            return _reply(outcome, {name: signed_value(fields, name) for name in _ECHOED})
        except AdapterError:
            return self.acknowledge(outcome)


def require_secret(content: bytes, given: str, keys: Sequence[VerificationKey]) -> None:
    """Refuse content that was not hashed with the secret of a live key."""
    secrets = [replace(key, material=secret_part(key.material, SECRET_PART)) for key in keys]
    require_sha256_secret_last(content, given.encode("ascii"), secrets)


def read_amount(fields: Fields) -> int:
    """Return `SoTien`, which is text in orders and a number in some answers."""
    return fields.amount_minor("SoTien", as_text=isinstance(fields.values.get("SoTien"), str))


def _reply(outcome: Outcome, echoed: dict[str, str]) -> Acknowledgement:
    code, text = _REPLIES[outcome]
    body = write_json({"MaLoi": code, "MoTaLoi": text, **echoed})
    return Acknowledgement(status=200, content_type="application/json", body=body)
