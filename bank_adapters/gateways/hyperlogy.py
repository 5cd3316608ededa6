"""Hyperlogy virtual accounts (*thu hộ*): credits told by a POST of JSON with a keyed signature.

A public example of Hyperlogy's shows the signed text, its order and its signature, and nothing
else. Assumed here: that the fields come as one JSON object under the names of the signed text with
a `signature` beside them, that the access key is not sent, that status 0 alone means paid, that
amounts are whole đồng, that a merchant has one virtual account, and all of the reply.
"""

from collections.abc import Callable, Mapping, Sequence
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
from bank_adapters.fields import TIME_NOT_STATED, Fields, read_json, write_json
from bank_adapters.gateways.exchange import signed_value
from bank_adapters.gateways.momo_signing import require_signed
from bank_adapters.gateways.raw_pairs import join_pairs, require_single_cut
from bank_adapters.scheme import Scheme, Weakness
from bank_adapters.signatures.primitives import require_size
from bank_adapters.vocabulary import NoticeResult, PaymentNotice

SIGNATURE: Final = "signature"
SIGNED_FIELDS: Final = ("accountNo", "bankRefNo", "bankId", "amount", "message", "status")
"""What a notice signs behind the access key, in this order."""
SUCCESS: Final = "0"

_KEPT: Final = 200
_ANSWERS: Final = {
    Outcome.RECORDED: (_KEPT, "recorded"),
    Outcome.ALREADY_RECORDED: (_KEPT, "already recorded"),
    Outcome.UNKNOWN_REFERENCE: (_KEPT, "recorded, reference unknown"),
    Outcome.AMOUNT_DIFFERS: (_KEPT, "recorded, amount differs"),
    Outcome.ALREADY_COVERED: (_KEPT, "recorded, request already covered"),
    # Nobody can be asked: to be told again would change nothing, the bank statement will.
    Outcome.UNCONFIRMED: (_KEPT, "kept, waits for the bank statement"),
    Outcome.OTHER_MERCHANT: (422, "not a virtual account of this endpoint"),
    Outcome.UNREADABLE: (422, "not a readable notice"),
    Outcome.REJECTED: (401, "signature not accepted"),
    Outcome.RETRY_LATER: (503, "try again later"),
}


class Hyperlogy:
    """A POST of one flat JSON object; the material is `accessKey:secretKey`.

    The endpoint's merchant is the number of its virtual account.
    """

    code: str = "hyperlogy"
    method: str = "POST"
    is_bank: bool = True
    scheme: Scheme = Scheme(
        title="Hyperlogy virtual accounts",
        primitive="HMAC-SHA256",
        key_use="text, accessKey:secretKey",
        order="accessKey, accountNo, bankRefNo, bankId, amount, message, status",
        encoding="raw UTF-8 name=value joined by &, signature in hex",
        amount_unit="VND",
        idempotency_key="bankRefNo",
        reply='200 {"success":true} (assumed)',
        # Only a virtual account is named; on which account its money arrives is not said at all.
        weaknesses=(Weakness.BENEFICIARY_UNSIGNED,),
    )

    def verify(
        self,
        request: CallbackRequest,
        keys: Sequence[VerificationKey],
        now: datetime,  # noqa: ARG002  a notice says no time
    ) -> bytes:
        """Return the signed text without our access key; all that `read` reads is in it."""
        require_size(request)
        fields = read_json(request.body, CallbackRejected)
        content = content_of(signed_texts(fields), CallbackRejected)
        require_signed(content, signed_value(fields, SIGNATURE), keys)
        return content

    def read(self, request: CallbackRequest) -> PaymentNotice:
        """Read a verified notice; it has no time, no currency and no reference of ours.

        Whatever status other than 0 exists, no document says what it means: it is unknown.
        """
        texts = signed_texts(read_json(request.body, NoticeUnreadable))
        content_of(texts, NoticeUnreadable)
        fields = Fields(texts, NoticeUnreadable)
        status, account = fields.text("status"), fields.text("accountNo")
        return PaymentNotice(
            result=NoticeResult.PAID if status == SUCCESS else NoticeResult.UNKNOWN,
            result_code=status,
            merchant=account,
            our_reference=None,
            provider_transaction=fields.text("bankRefNo"),
            amount_minor=fields.amount_minor("amount", as_text=True),
            currency="VND",
            paid_at=TIME_NOT_STATED,
            memo=fields.optional("message"),
            virtual_account=account,
        )

    def acknowledge(self, outcome: Outcome) -> Acknowledgement:
        """Confirm by the status what is kept; the words are for people."""
        status, message = _ANSWERS[outcome]
        body = write_json({"success": status == _KEPT, "message": message})
        return Acknowledgement(status=status, content_type="application/json", body=body)


def signed_texts(fields: Fields) -> dict[str, str]:
    """Return the signed fields as texts; null and missing ones are empty."""
    return {name: signed_value(fields, name) for name in SIGNED_FIELDS}


def content_of(texts: Mapping[str, str], refuse: Callable[[str], AdapterError]) -> bytes:
    """Return the signed text without the access key; refuse one that could be cut otherwise."""
    require_single_cut(texts, refuse)
    return join_pairs((name, texts[name]) for name in SIGNED_FIELDS)
