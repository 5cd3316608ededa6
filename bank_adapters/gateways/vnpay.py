"""VNPAY 2.1.0: checkout addresses and payment notifications (IPN).

The browser's return address is display only and is not read here; versions before 2.1.0 (MD5,
SHA-256) are refused because only HMAC-SHA512 is ever computed.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from urllib.parse import parse_qsl, urlencode

from bank_adapters.contract import (
    Acknowledgement,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.gateways.vnpay_codes import judge
from bank_adapters.money import AMOUNT_MINOR_MAX, MoneyError, parse_whole_minor
from bank_adapters.signatures import hmac_sha512_hex, require_hmac_sha512, require_size
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

SECURE_HASH: Final = "vnp_SecureHash"
SECURE_HASH_TYPE: Final = "vnp_SecureHashType"
DATE_FORMAT: Final = "%Y%m%d%H%M%S"
VIETNAM_TIME: Final = timezone(timedelta(hours=7))
AMOUNT_FACTOR: Final = 100
"""VNPAY writes đồng times one hundred."""

_FIELDS_MAX: Final = 100
_DATE: Final = re.compile(r"20[0-9]{12}")
_CODE: Final = re.compile(r"[0-9A-Za-z]{1,8}")
_IDENTIFIER: Final = re.compile(r"[!-~]{1,100}")
_TRANSACTION: Final = re.compile(r"[0-9]{1,20}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_STORABLE: Final = re.compile(r"[^\x00]{1,1000}")
_PLAIN_TEXT: Final = re.compile(r"[A-Za-z0-9 ._:-]{1,255}")
"""What VNPAY takes as order information; these encode alike in every form encoder."""

_ANSWERS: Final = {
    Outcome.RECORDED: ("00", "Confirm Success"),
    Outcome.ALREADY_RECORDED: ("02", "Order already confirmed"),
    Outcome.ALREADY_COVERED: ("02", "Order already confirmed"),
    Outcome.UNKNOWN_REFERENCE: ("01", "Order not found"),
    # The signature was right, so 97 would be untrue: for this merchant we have no such order.
    Outcome.OTHER_MERCHANT: ("01", "Order not found"),
    Outcome.AMOUNT_DIFFERS: ("04", "Invalid amount"),
    Outcome.REJECTED: ("97", "Fail checksum"),
    Outcome.UNREADABLE: ("99", "Unknown error"),
    Outcome.RETRY_LATER: ("99", "Unknown error"),
}


class Vnpay:
    """The IPN: a GET whose query is signed; VNPAY sends it again until it reads 00 or 02."""

    code: str = "vnpay"
    method: str = "GET"
    is_bank: bool = False

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  VNPAY signs no time of sending; age proves nothing here
    ) -> bytes:
        """Return the canonical query; a second delivery of one notice returns the same bytes."""
        require_size(request)
        fields = read_query(request.query)
        content = canonical(fields)
        require_hmac_sha512(content, fields.get(SECURE_HASH, "").encode(), keys)
        return content

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified IPN.

        `result_code` is `response/status`. A payment that never reached VNPAY's books has number 0
        or none; then `provider_transaction` is `unnumbered:` with our reference and the pay date,
        so that two failed attempts stay two. A paid one without a number is unreadable.
        """
        try:
            fields = read_query(request.query)
        except CallbackRejected as error:
            raise NoticeUnreadable(str(error)) from error
        response_code = _require(fields, "vnp_ResponseCode", _CODE)
        transaction_status = _require(fields, "vnp_TransactionStatus", _CODE)
        result = judge(response_code, transaction_status)
        return PaymentNotice(
            result=result,
            result_code=f"{response_code}/{transaction_status}",
            merchant=_require(fields, "vnp_TmnCode", _IDENTIFIER),
            our_reference=_require(fields, "vnp_TxnRef", _IDENTIFIER),
            provider_transaction=_provider_transaction(fields, result),
            amount_minor=_amount_minor(fields),
            currency=_optional(fields, "vnp_CurrCode", _CURRENCY, absent="VND"),
            paid_at=_paid_at(fields),
            memo=_optional(fields, "vnp_OrderInfo", _STORABLE, absent=""),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer `RspCode` and `Message`, always with status 200."""
        code, message = _ANSWERS[outcome]
        body = json.dumps({"RspCode": code, "Message": message}, separators=(",", ":"))
        return Acknowledgement(status=200, content_type="application/json", body=body.encode())


def canonical(fields: Mapping[str, str]) -> bytes:
    """Return the text that VNPAY signs: no hash fields, no empty values, sorted, form-encoded."""
    signed = sorted(
        (key, value)
        for key, value in fields.items()
        if value and key not in {SECURE_HASH, SECURE_HASH_TYPE}
    )
    return urlencode(signed).encode("ascii")


def read_query(query: bytes) -> dict[str, str]:
    """Split a raw query into fields; a name given twice or text that is not UTF-8 is rejected."""
    try:
        pairs = parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_FIELDS_MAX,
        )
    except ValueError as error:
        raise CallbackRejected("the query is not a form-encoded list of fields") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise CallbackRejected("a field of the query is given twice")
    return fields


def checkout_url(
    base_url: str,
    *,
    merchant: str,
    secret: bytes,
    amount_minor: int,
    reference: str,
    order_info: str,
    created_at: datetime,
    expires_at: datetime,
    return_url: str,
    client_ip: str,
    locale: str,
) -> str:
    """Return the signed address to which the payer's browser is sent.

    `locale` is `vn` or `en`. `order_info` takes ASCII letters, digits, blanks and `._:-` only, as
    VNPAY demands. Raises `ValueError` on anything VNPAY would refuse.
    """
    if not 0 < amount_minor < AMOUNT_MINOR_MAX // AMOUNT_FACTOR:
        raise ValueError(f"not an amount VNPAY can take: {amount_minor}")
    if not _PLAIN_TEXT.fullmatch(order_info) or not _PLAIN_TEXT.fullmatch(reference):
        raise ValueError("reference and order information must be plain ASCII")
    if locale not in {"vn", "en"}:
        raise ValueError(f"VNPAY speaks vn and en, not {locale!r}")
    if not secret:
        raise ValueError("the merchant secret is empty")
    if expires_at <= created_at:
        raise ValueError("a checkout must expire after it is created")
    content = canonical(
        {
            "vnp_Version": "2.1.0",
            "vnp_Command": "pay",
            "vnp_TmnCode": merchant,
            "vnp_Amount": str(amount_minor * AMOUNT_FACTOR),
            "vnp_CurrCode": "VND",
            "vnp_TxnRef": reference,
            "vnp_OrderInfo": order_info,
            "vnp_OrderType": "other",
            "vnp_Locale": locale,
            "vnp_ReturnUrl": return_url,
            "vnp_IpAddr": client_ip,
            "vnp_CreateDate": format_date(created_at),
            "vnp_ExpireDate": format_date(expires_at),
        }
    )
    return f"{base_url}?{content.decode('ascii')}&{SECURE_HASH}={hmac_sha512_hex(content, secret)}"


def format_date(moment: datetime) -> str:
    """Write an aware instant the way VNPAY does, `yyyyMMddHHmmss` in Vietnam's time."""
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {moment.isoformat()}")
    return moment.astimezone(VIETNAM_TIME).strftime(DATE_FORMAT)


def _require(fields: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> str:
    value = fields.get(name, "")
    if not pattern.fullmatch(value):
        raise NoticeUnreadable(f"{name} is missing or malformed: {value[:40]!r}")
    return value


def _optional(
    fields: Mapping[str, str], name: str, pattern: re.Pattern[str], *, absent: str
) -> str:
    return _require(fields, name, pattern) if fields.get(name) else absent


def _provider_transaction(fields: Mapping[str, str], result: NoticeResult) -> str:
    number = _optional(fields, "vnp_TransactionNo", _TRANSACTION, absent="0")
    if int(number) != 0:
        return number
    if result is NoticeResult.PAID:
        raise NoticeUnreadable("vnp_TransactionNo is missing from a paid notice")
    return f"unnumbered:{fields.get('vnp_TxnRef', '')}:{fields.get('vnp_PayDate', '')}"


def _amount_minor(fields: Mapping[str, str]) -> int:
    try:
        amount = parse_whole_minor(fields.get("vnp_Amount", ""))
    except MoneyError as error:
        raise NoticeUnreadable(f"vnp_Amount: {error}") from error
    if amount % AMOUNT_FACTOR:
        raise NoticeUnreadable(f"vnp_Amount is not whole đồng times one hundred: {amount}")
    return amount // AMOUNT_FACTOR


def _paid_at(fields: Mapping[str, str]) -> datetime:
    text = _require(fields, "vnp_PayDate", _DATE)
    try:
        local = datetime(
            int(text[:4]),
            int(text[4:6]),
            int(text[6:8]),
            int(text[8:10]),
            int(text[10:12]),
            int(text[12:]),
            tzinfo=VIETNAM_TIME,
        )
    except ValueError as error:
        raise NoticeUnreadable(f"vnp_PayDate is no date: {text!r}") from error
    return local.astimezone(UTC)
