"""vietqr.vn's side: writes and signs notices, gives tokens, answers look-ups of credits."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from bank_adapters.banks import vietqr_vn_requests
from bank_adapters.banks.vietqr_vn import CREDIT, signed_content
from bank_adapters.contract import Algorithm, CallbackRejected, CallbackRequest
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.fields import VIETNAM_TIME, Fields, write_json
from bank_adapters.outgoing import Answer, OutgoingRequest
from bank_adapters.signatures.primitives import hmac_hex, secret_part
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

_STATUSES = {result: status for status, result in vietqr_vn_requests.RESULTS.items()}


class VietqrVnCounterpart:
    """The other side of `VietqrVn`; in the books `merchant` is the account's number."""

    code: str = "vietqrvn"

    def result_code(self, result: NoticeResult) -> str:
        """Return the one code of notices: credits only."""
        if result is not NoticeResult.PAID:
            raise ValueError(f"vietqr.vn sends no notice of {result}")
        return CREDIT

    def notify(self, notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:  # noqa: ARG002  a notice says no time of sending
        """Write and sign the notice that the dialect reads as this one."""
        local = notice.paid_at.astimezone(VIETNAM_TIME)
        values: dict[str, object] = {
            "transactionId": f"T{notice.provider_transaction}",
            "transactionTime": local.strftime("%Y-%m-%d %H:%M:%S"),
            "referencenumber": notice.provider_transaction,
            "amount": str(notice.amount_minor),
            "content": notice.memo,
            "bankAccount": notice.account_number,
            "transType": CREDIT,
            "orderId": notice.our_reference or "",
        }
        return sign(values, material)

    def answer(
        self,
        request: OutgoingRequest,
        books: GatewayBooks,
        material: bytes,
        now: datetime,  # noqa: ARG002  as promised by the protocol
    ) -> Answer:
        """Answer a request for a token or a look-up; refuse bad credentials with their codes."""
        _, username, password = material.decode().split(":")
        token = hashlib.sha256(material).hexdigest()
        given = dict(request.headers).get("authorization", "")
        if request.url.endswith("/api/token_generate"):
            basic = base64.b64encode(f"{username}:{password}".encode()).decode()
            if not hmac.compare_digest(given.encode(), f"Basic {basic}".encode()):
                return _refuse("E74")
            body = {"access_token": token, "token_type": "Bearer", "expires_in": 300}
            return Answer(status=200, body=write_json(body))
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return _refuse("E74")
        return _look_up(json.loads(request.body), books, username)


def sign(values: dict[str, object], material: bytes) -> CallbackRequest:
    """Sign the fields of a notice as they are and put them into a request."""
    content = signed_content(Fields(values, CallbackRejected))
    signature = hmac_hex(Algorithm.HMAC_SHA256_HEX, content, secret_part(material, 0))
    body = write_json({**values, "signature": signature})
    headers = (("content-type", b"application/json"),)
    return CallbackRequest(method="POST", query=b"", headers=headers, body=body)


def _look_up(asked: dict[str, Any], books: GatewayBooks, username: str) -> Answer:
    account = asked["bankAccount"]
    check = hashlib.md5(f"{account}{username}".encode(), usedforsecurity=False).hexdigest()
    if not hmac.compare_digest(str(asked["checkSum"]).encode(), check.encode()):
        return _refuse("E39")
    by_reference = asked["type"] == vietqr_vn_requests.BY_REFERENCE
    for order in books.orders.values():
        value = order.provider_transaction if by_reference else order.our_reference
        if (order.merchant, value) == (account, asked["value"]):
            return Answer(status=200, body=b"[" + write_json(_transaction(order)) + b"]")
    return _refuse(vietqr_vn_requests.NOT_FOUND)


def _transaction(order: TakenOrder) -> dict[str, object]:
    return {
        "referenceNumber": order.provider_transaction,
        "orderId": order.our_reference,
        "amount": order.amount_minor,
        "content": order.memo,
        "transType": CREDIT,
        "status": int(_STATUSES[order.result]),
        "type": 0,
    }


def _refuse(code: str) -> Answer:
    return Answer(status=400, body=write_json({"status": "FAILED", "message": code}))
