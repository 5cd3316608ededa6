"""VietinBank collection: credit notices with an RSA signature over joined fields, signed replies.

The names of the header's fields, `recordNum` and the signed fields of the reply stand in the help
page of a public VietinBank collection service; that bank publishes neither the other fields of
`data` nor which fields of a notice it signs. Both are assumed here, and say so.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bank_adapters.contract import (
    Acknowledgement,
    Algorithm,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    VerificationKey,
)
from bank_adapters.fields import ACCOUNT, CURRENCY, Fields, read_json, write_json
from bank_adapters.scheme import Scheme, Weakness
from bank_adapters.signatures.primitives import require_rsa, require_size, rsa_base64
from bank_adapters.signing_keys import WeakKey, load_rsa_private_key
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

RECORD_KINDS: Final = {"1": "ordinary", "2": "recognised by its memo"}
"""`recordNum` → how the bank came to think that the credit is for us."""
SIGNED_FIELDS: Final = (
    ("header", "msgId"),
    ("header", "providerId"),
    ("header", "timestamp"),
    ("header", "recordNum"),
    ("data", "transId"),
    ("data", "transTime"),
    ("data", "recvAcctId"),
    ("data", "recvVirtualAcctId"),
    ("data", "custCode"),
    ("data", "amount"),
    ("data", "currencyCode"),
    ("data", "remark"),
    ("data", "sendAcctId"),
    ("data", "sendAcctName"),
)
"""What a notice signs, joined without a mark, absent and empty values left out; assumed."""

_RECORD_NUM: Final = re.compile(r"[12]")
_LENGTH_MAX: Final = 1000

# Code 00 is success; the others are assumed, the bank sends again after 96.
_ANSWERS: Final = {
    Outcome.RECORDED: (200, "00", "Success"),
    Outcome.ALREADY_RECORDED: (200, "00", "Already recorded"),
    Outcome.UNKNOWN_REFERENCE: (200, "00", "Recorded, reference unknown"),
    Outcome.AMOUNT_DIFFERS: (200, "00", "Recorded, amount differs"),
    Outcome.ALREADY_COVERED: (200, "00", "Recorded, request already covered"),
    # Nobody can be asked, so every notice ends here; to refuse it would bring it again for nothing.
    Outcome.UNCONFIRMED: (200, "00", "Kept, waits for the bank statement"),
    Outcome.OTHER_MERCHANT: (200, "02", "Not an account of this endpoint"),
    Outcome.UNREADABLE: (200, "03", "Not a readable notice"),
    Outcome.REJECTED: (401, "97", "Signature not accepted"),
    Outcome.RETRY_LATER: (503, "96", "Try again later"),
}


class VietinBank:
    """A POST of `{"header": {…, "signature": …}, "data": {…}}`."""

    code: str = "vietinbank"
    method: str = "POST"
    is_bank: bool = True
    scheme: Scheme = Scheme(
        title="VietinBank collection",
        primitive="RSA-SHA256",
        key_use="RSA key pair",
        order="fixed list of header and data (assumed)",
        encoding="raw, joined without a mark, empty skipped, signature in base64",
        amount_unit="VND as text",
        idempotency_key="transId",
        reply='200 {"errorCode":"00","signature":…}',
        weaknesses=(Weakness.JOINED_FIELDS,),
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  the age of the signed time stamp is not limited by the bank
    ) -> bytes:
        """Return the whole body: the joined fields alone could be those of another notice."""
        require_size(request)
        message = read_json(request.body, CallbackRejected)
        content = signed_content(message)
        signature = message.child("header").optional("signature", length_max=_LENGTH_MAX * 3)
        require_rsa(Algorithm.RSA_SHA256, content, signature.encode(), keys)
        return request.body

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice.

        `our_reference` is `custCode`, the payment code that the payer entered or whose virtual
        account was used; with `recordNum` 2 the bank took it out of the memo.
        """
        message = read_json(request.body, NoticeUnreadable)
        header, data = message.child("header"), message.child("data")
        account_number = data.text("recvAcctId", ACCOUNT)
        has_virtual_account = bool(data.optional("recvVirtualAcctId"))
        return PaymentNotice(
            result=NoticeResult.PAID,
            result_code=header.scalar("recordNum", _RECORD_NUM),
            merchant=header.text("providerId"),
            our_reference=data.text("custCode") if data.optional("custCode") else None,
            provider_transaction=data.text("transId"),
            amount_minor=data.amount_minor("amount", as_text=True),
            currency=data.text("currencyCode", CURRENCY),
            paid_at=data.vietnam_time("transTime"),
            memo=data.optional("remark"),
            account_number=account_number,
            virtual_account=data.text("recvVirtualAcctId", ACCOUNT) if has_virtual_account else "",
            payer_account=data.optional("sendAcctId"),
            payer_name=data.optional("sendAcctName"),
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Answer a code of its own for each outcome, unsigned."""
        return _answer(outcome, {})

    def reply(
        self,
        request: CallbackRequest,
        outcome: Outcome,
        keys: Sequence[VerificationKey],
    ) -> Acknowledgement:
        """Answer with `providerId` and `transId`, signed over `transId + errorCode + errorDesc`.

        A message without these, a rejected one, and any where the key holds no private key of
        ours, is answered like `acknowledge` does.
        """
        try:
            message = read_json(request.body, NoticeUnreadable)
            provider = message.child("header").text("providerId")
            transaction = message.child("data").text("transId")
            private_key = load_rsa_private_key(keys[-1].material)
        except (NoticeUnreadable, WeakKey):
            return self.acknowledge(outcome)
        if outcome is Outcome.REJECTED:
            return self.acknowledge(outcome)
        _, code, description = _ANSWERS[outcome]
        content = f"{transaction}{code}{description}".encode()
        signature = rsa_base64(Algorithm.RSA_SHA256, content, private_key)
        named = {"providerId": provider, "transId": transaction}
        return _answer(outcome, named, {"signature": signature})


def signed_content(message: Fields) -> bytes:
    """Join what a notice signs; the error of these fields when one of them is not a text."""
    parts = [_written(message.child(part), name) for part, name in SIGNED_FIELDS]
    return "".join(parts).encode()


def _written(fields: Fields, name: str) -> str:
    value = fields.values.get(name)
    return str(value) if type(value) is int else fields.optional(name, length_max=_LENGTH_MAX)


def _answer(
    outcome: Outcome, before: dict[str, str], after: dict[str, str] | None = None
) -> Acknowledgement:
    status, code, description = _ANSWERS[outcome]
    body = write_json(
        {**before, "errorCode": code, "errorDesc": description, **(after or {})},
    )
    return Acknowledgement(status=status, content_type="application/json", body=body)
