"""Baokim's side: writes and signs notices, checks our replies, opens accounts, answers look-ups.

`material` here is the mirror of what the service registered: our public key, then Baokim's private
one. In the books `provider_order` is the number of the virtual account.
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bank_adapters.contract import Algorithm, CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import dashed_vietnam_time, write_json
from bank_adapters.gateways import baokim_codes, baokim_requests
from bank_adapters.gateways.baokim import NOTICE_FIELDS
from bank_adapters.outgoing import Answer, OutgoingRequest
from bank_adapters.signatures.primitives import require_rsa, rsa_base64
from bank_adapters.signing_keys import load_rsa_private_key
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

ACCOUNT_PREFIX = "9003"
NOBODYS = 99_999_999
"""The number of an account that no order opened."""
_SUCCESS = {"ResponseCode": int(baokim_codes.SUCCESS), "ResponseMessage": "Success"}


class BaokimCounterpart:
    """The other side of `Baokim`."""

    code: str = "baokim"
    notifies: frozenset[NoticeResult] = frozenset({NoticeResult.PAID})

    def result_code(self, result: NoticeResult) -> str:
        """Return the one code of notices: Baokim tells of money only."""
        if result is not NoticeResult.PAID:
            raise ValueError(f"Baokim sends no notice of {result}")
        return baokim_codes.SUCCESS

    def notify(self, notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
        """Write and sign the notice that the dialect reads as this one."""
        values = {
            "RequestId": f"BK{notice.provider_transaction}",
            "RequestTime": dashed_vietnam_time(sent_at),
            "PartnerCode": "BAOKIM",
            "AccNo": notice.virtual_account or f"{ACCOUNT_PREFIX}{NOBODYS:08}",
            "ClientIdNo": None,
            "TransId": notice.provider_transaction,
            "TransAmount": notice.amount_minor,
            "TransTime": dashed_vietnam_time(notice.paid_at),
            "BefTransDebt": notice.amount_minor,
            "AffTransDebt": 0,
            "AccountType": 2,
            "OrderId": f"{notice.merchant}.{notice.our_reference}",
        }
        return sign(values, material)

    def answer(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes, now: datetime
    ) -> Answer:
        """Answer 9001, 9002 or 9004; 120 for a bad signature."""
        asked: dict[str, Any] = json.loads(request.body)
        answered = {"RequestId": asked["RequestId"], "PartnerCode": asked["PartnerCode"]}
        signature = dict(request.headers).get("signature", "")
        if not _is_ours(request.body, signature, material):
            return _signed(answered | _refusal(baokim_codes.SIGNATURE_INCORRECT), material)
        match asked["Operation"]:
            case baokim_requests.REGISTER | baokim_requests.UPDATE:
                answered |= _open_account(asked, books)
            case baokim_requests.LOOK_UP:
                answered |= _look_up(asked, books, now)
            case _:
                answered |= _refusal("103")
        return _signed(answered, material)


def sign(values: Mapping[str, object], material: bytes) -> CallbackRequest:
    """Sign the fields of a notice as they are and put them into a request."""
    signed = ("" if values[name] is None else str(values[name]) for name in NOTICE_FIELDS)
    content = "|".join(signed).encode()
    signature = rsa_base64(Algorithm.RSA_SHA1, content, load_rsa_private_key(material))
    body = write_json({**values, "Signature": signature})
    headers = (("content-type", b"application/json"),)
    return CallbackRequest(method="POST", query=b"", headers=headers, body=body)


def read_reply(body: bytes, material: bytes) -> dict[str, Any]:
    """Return the fields of a reply that we signed; `CallbackRejected` for any other."""
    reply: dict[str, Any] = json.loads(body)
    names = ("ResponseCode", "ResponseMessage", "ReferenceId", "AccNo", "AffTransDebt")
    content = "|".join(str(reply[name]) for name in names).encode()
    signature = base64.b64decode(reply["Signature"], validate=True)
    require_rsa(Algorithm.RSA_SHA1, content, signature, [_service_key(material)])
    return reply


def _service_key(material: bytes) -> VerificationKey:
    return VerificationKey(key_id="service", algorithm=Algorithm.RSA_SHA1, material=material)


def _is_ours(body: bytes, signature: str, material: bytes) -> bool:
    try:
        require_rsa(Algorithm.RSA_SHA1, body, signature.encode(), [_service_key(material)])
    except CallbackRejected:
        return False
    return True


def _open_account(asked: Mapping[str, Any], books: GatewayBooks) -> dict[str, object]:
    merchant, reference = baokim_requests.split_order_id(asked["OrderId"])
    number = f"{ACCOUNT_PREFIX}{len(books.orders):08}"
    order = books.orders.setdefault(
        reference,
        TakenOrder(
            merchant=merchant, our_reference=reference, amount_minor=0, provider_order=number
        ),
    )
    order.amount_minor = asked["CollectAmountMax"]
    bank = {
        "AccNo": order.provider_order,
        "AccName": asked["AccName"],
        "BankShortName": "BVBank",
        "BankName": "Ngân hàng TMCP Bản Việt",
        "Qr": f"QR{order.provider_order}",
        "QrPath": "",
    }
    return {**_SUCCESS, "OrderId": asked["OrderId"], "AccountInfo": {"BANK": bank}}


def _look_up(asked: Mapping[str, Any], books: GatewayBooks, now: datetime) -> dict[str, object]:
    reference = asked["ReferenceId"]
    for order in books.orders.values():
        is_paid = order.result is NoticeResult.PAID
        if is_paid and (order.provider_transaction, order.merchant) == (
            reference,
            asked["PartnerCode"],
        ):
            payment = {
                "TransAmount": order.amount_minor,
                "TransTimeBk": dashed_vietnam_time(order.paid_at or now),
                "TransIdBk": order.provider_transaction,
                "TransMemo": order.memo,
                "TransIdPartner": reference,
            }
            name = f"{order.merchant}.{order.our_reference}"
            return {**_SUCCESS, "OrderId": name, "TransactionList": payment}
    return _refusal(baokim_codes.REFERENCE_UNKNOWN)


def _refusal(code: str) -> dict[str, object]:
    told = baokim_codes.RESPONSE_CODES[code].english
    return {"ResponseCode": int(code), "ResponseMessage": told}


def _signed(values: Mapping[str, object], material: bytes) -> Answer:
    body = write_json(values)
    signature = rsa_base64(Algorithm.RSA_SHA1, body, load_rsa_private_key(material))
    return Answer(status=200, body=body, headers=(("signature", signature.encode()),))
