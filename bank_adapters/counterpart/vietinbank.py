"""VietinBank's side: writes and signs notices, and checks our signed replies.

`material` here is the mirror of what the service registered: our public key, then the bank's
private one.
"""

import json
from datetime import datetime
from typing import Any

from bank_adapters.banks.vietinbank import signed_content
from bank_adapters.contract import Algorithm, CallbackRejected, CallbackRequest, VerificationKey
from bank_adapters.fields import Fields, compact_vietnam_time, write_json
from bank_adapters.signatures.primitives import require_rsa, rsa_base64
from bank_adapters.signing_keys import load_rsa_private_key
from bank_adapters.vocabulary import PaymentNotice


def notify(notice: PaymentNotice, material: bytes, sent_at: datetime) -> CallbackRequest:
    """Write and sign the notice that the dialect reads as this one."""
    data = {
        "transId": notice.provider_transaction,
        "transTime": compact_vietnam_time(notice.paid_at),
        "recvAcctId": notice.account_number,
        "recvVirtualAcctId": notice.virtual_account,
        "custCode": notice.our_reference or "",
        "amount": str(notice.amount_minor),
        "currencyCode": notice.currency,
        "remark": notice.memo,
        "sendAcctId": notice.payer_account,
        "sendAcctName": notice.payer_name,
    }
    header: dict[str, object] = {
        "msgId": f"M{notice.provider_transaction}",
        "msgType": "1210",
        "channelId": "VTB",
        "gatewayId": "VTB",
        "providerId": notice.merchant,
        "merchantId": notice.merchant,
        "productId": "VA",
        "timestamp": compact_vietnam_time(sent_at),
        "recordNum": notice.result_code,
        "username": "vietinbank",
    }
    return sign({"header": header, "data": data}, material)


def sign(message: dict[str, Any], material: bytes) -> CallbackRequest:
    """Sign a message as it is, well or not, and put it into a request."""
    content = signed_content(Fields(message, CallbackRejected))
    signature = rsa_base64(Algorithm.RSA_SHA256, content, load_rsa_private_key(material))
    body = write_json({**message, "header": {**message["header"], "signature": signature}})
    headers = (("content-type", b"application/json"),)
    return CallbackRequest(method="POST", query=b"", headers=headers, body=body)


def read_reply(body: bytes, material: bytes) -> dict[str, str]:
    """Return the fields of a reply that we signed; `CallbackRejected` for any other."""
    reply: dict[str, str] = json.loads(body)
    content = reply["transId"] + reply["errorCode"] + reply["errorDesc"]
    key = VerificationKey(key_id="service", algorithm=Algorithm.RSA_SHA256, material=material)
    require_rsa(Algorithm.RSA_SHA256, content.encode(), reply["signature"].encode(), [key])
    return reply
