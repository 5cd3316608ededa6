"""What we ask of vietqr.vn, and its answers: a token, and what became of a credit.

Answers are not signed: that they come over a connection to vietqr.vn is all their proof.
"""

import base64
import hashlib
import re
from datetime import timedelta
from typing import Final

from bank_adapters.fields import Fields, read_json, write_json
from bank_adapters.outgoing import (
    ANSWER_BYTES_MAX,
    Answer,
    AnswerUnreadable,
    BearerToken,
    Merchant,
    OutgoingRequest,
    PaymentStatus,
    Question,
    RequestRefused,
)
from bank_adapters.vocabulary import NoticeResult

BY_ORDER: Final = 0
BY_REFERENCE: Final = 1
NOT_FOUND: Final = "E96"
RESULTS: Final = {
    "0": NoticeResult.PENDING,
    "1": NoticeResult.PAID,
    "2": NoticeResult.FAILED,
}
"""`status` of a transaction → result: waiting, paid, expired or cancelled."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]{10,4000}")
_TOKEN_SECONDS: Final = re.compile(r"[1-9][0-9]{0,5}")
_CODE: Final = re.compile(r"[0-9]{1,2}")
_PARTS: Final = 3


def ask_token(merchant: Merchant) -> OutgoingRequest:
    """Ask for a token with the user name and password of the material."""
    _, username, password = _parts(merchant)
    credentials = base64.b64encode(f"{username}:{password}".encode()).decode("ascii")
    headers = (("content-type", "application/json"), ("authorization", f"Basic {credentials}"))
    url = merchant.base_url + "/api/token_generate"
    return OutgoingRequest(method="POST", url=url, headers=headers)


def read_token(answer: Answer) -> BearerToken:
    """Read a token and how many seconds it lives."""
    fields = _read_object(answer)
    seconds = int(fields.scalar("expires_in", _TOKEN_SECONDS))
    return BearerToken(value=fields.text("access_token", _TOKEN), lives=timedelta(seconds=seconds))


def look_up(merchant: Merchant, question: Question) -> OutgoingRequest:
    """Ask by the bank's reference, or by our order when that is not known."""
    by_reference = bool(question.provider_transaction)
    value = question.provider_transaction or question.our_reference
    if not value:
        raise RequestRefused("a credit is asked for by its reference or by our order")
    _, username, _ = _parts(merchant)
    # The documents demand MD5 here; it protects nothing and proves nothing.
    check = hashlib.md5(f"{merchant.code}{username}".encode(), usedforsecurity=False)
    body = {
        "bankAccount": merchant.code,
        "type": BY_REFERENCE if by_reference else BY_ORDER,
        "value": value,
        "checkSum": check.hexdigest(),
    }
    return OutgoingRequest(
        method="POST",
        url=merchant.base_url + "/api/transactions/check-order",
        headers=(("content-type", "application/json"),),
        body=write_json(body),
    )


def read_payment(question: Question, answer: Answer) -> PaymentStatus:
    """Read a list of one transaction; code E96 says that there is none."""
    if not answer.body.lstrip().startswith(b"["):
        fields = _read_object(answer)
        code = fields.text("message")
        if code != NOT_FOUND:
            raise AnswerUnreadable(f"vietqr.vn refused the question with {code}")
        result = NoticeResult.UNKNOWN
        return PaymentStatus(result=result, result_code=code, our_reference=question.our_reference)
    transaction = _only_transaction(answer)
    reference, order = transaction.optional("referenceNumber"), transaction.optional("orderId")
    if question.provider_transaction and reference != question.provider_transaction:
        raise AnswerUnreadable("the answer speaks of another transaction")
    if not question.provider_transaction and order != question.our_reference:
        raise AnswerUnreadable("the answer speaks of another order")
    status = transaction.scalar("status", _CODE)
    is_credit = transaction.values.get("transType") == "C"
    result = RESULTS.get(status, NoticeResult.UNKNOWN)
    return PaymentStatus(
        result=result if is_credit else NoticeResult.FAILED,
        result_code=status,
        our_reference=order,
        provider_transaction=reference,
        amount_minor=transaction.amount_minor(
            "amount", as_text=isinstance(transaction.values.get("amount"), str)
        ),
        memo=transaction.optional("content"),
    )


def _only_transaction(answer: Answer) -> Fields:
    _require_short(answer)
    # One strict reader for JSON: the list becomes a field of an object.
    listed = read_json(b'{"list":' + answer.body + b"}", AnswerUnreadable).values
    transactions = listed.get("list")
    if set(listed) != {"list"} or not isinstance(transactions, list) or len(transactions) != 1:
        raise AnswerUnreadable("the answer is not a list of one transaction")
    if not isinstance(transactions[0], dict):
        raise AnswerUnreadable("a transaction is not an object")
    return Fields(transactions[0], AnswerUnreadable)


def _read_object(answer: Answer) -> Fields:
    _require_short(answer)
    return read_json(answer.body, AnswerUnreadable)


def _require_short(answer: Answer) -> None:
    if len(answer.body) > ANSWER_BYTES_MAX:
        raise AnswerUnreadable("the answer is too long")


def _parts(merchant: Merchant) -> tuple[str, str, str]:
    parts = merchant.key.material.split(b":")
    if len(parts) != _PARTS:
        raise RequestRefused("the key of vietqr.vn is secret:username:password")
    secret, username, password = (part.decode("latin-1") for part in parts)
    return secret, username, password
