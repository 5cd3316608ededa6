"""What we ask of Baokim about virtual accounts, and its answers: register, update, look up.

Every request is one JSON object with `Operation`, posted to one address; the header `Signature` is
RSA-SHA1 over its bytes. That answers are signed in the same way is assumed, as is operation 9004.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bank_adapters.contract import Algorithm, CallbackRejected
from bank_adapters.fields import ACCOUNT, Fields, dashed_vietnam_time
from bank_adapters.gateways.baokim_codes import (
    FAILED,
    REFERENCE_UNKNOWN,
    RESPONSE_CODES,
    SUCCESS,
    UNKNOWN_CODE,
)
from bank_adapters.gateways.exchange import post_json, read_answer, require_echo
from bank_adapters.outgoing import (
    Answer,
    AnswerRefuses,
    AnswerUnreadable,
    Checkout,
    Merchant,
    Order,
    OutgoingRequest,
    PaymentStatus,
    Question,
    RequestRefused,
)
from bank_adapters.signatures.primitives import require_rsa, rsa_base64
from bank_adapters.signing_keys import WeakKey, load_rsa_private_key
from bank_adapters.vocabulary import NoticeResult

REGISTER: Final = 9001
UPDATE: Final = 9002
LOOK_UP: Final = 9004
CREATE_TYPE: Final = 2
"""Baokim chooses the account number."""
COLLECT_MINOR_MIN: Final = 10_000
COLLECT_MINOR_MAX: Final = 100_000_000
"""The widest published limits; where a contract is narrower, Baokim answers 109."""
ORDER_LENGTH_MAX: Final = 25
REFERENCE_LENGTH: Final = 16
"""Ours: thirteen symbols and the number of the attempt; what is left names the merchant."""
NAME_LENGTH_MAX: Final = 50

_PATH: Final = "/Collection/V2"
_CODE: Final = re.compile(r"[0-9]{2,3}")
_MERCHANT: Final = re.compile(r"[A-Za-z0-9_-]+")
_FOREIGN_TO_NAMES: Final = re.compile(r"[^A-Za-z0-9 .&-]+")
_DECIDED: Final = frozenset({SUCCESS, FAILED, REFERENCE_UNKNOWN})
"""The answers to a look-up that speak of the payment; any other speaks of our question."""


def order_id(merchant: str, reference: str) -> str:
    """Return what we call an order at Baokim: our code, a full stop, our reference.

    Notices say `PartnerCode` of whoever sends them, and one key of Baokim signs for all merchants;
    so that a notice names us, its order has to. `RequestRefused` beyond 25 characters, and for a
    code that no notice could say again.
    """
    name = f"{merchant}.{reference}"
    if len(name) > ORDER_LENGTH_MAX or not _MERCHANT.fullmatch(merchant):
        raise RequestRefused(
            f"Baokim takes orders of {ORDER_LENGTH_MAX} letters and digits: {name!r}"
        )
    return name


def split_order_id(order: str) -> tuple[str, str]:
    """Return our code and our reference; no code for an order that we did not name."""
    merchant, _, reference = order.partition(".")
    return (merchant, reference) if reference else ("", order)


def require_usable_merchant(merchant: str) -> None:
    """Refuse with `RequestRefused` a code under which none of our orders could be named."""
    order_id(merchant, "0" * REFERENCE_LENGTH)


def register(merchant: Merchant, order: Order) -> OutgoingRequest:
    """Ask for a virtual account that takes exactly this order's amount until it expires.

    Whoever pays less or more is refused by the bank, before any money moves.
    """
    return _account_request(merchant, order, {"Operation": REGISTER, "CreateType": CREATE_TYPE})


def update(merchant: Merchant, order: Order, account_number: str) -> OutgoingRequest:
    """Change amount and expiry of a virtual account to those of this order."""
    return _account_request(merchant, order, {"Operation": UPDATE, "AccNo": account_number})


def look_up(merchant: Merchant, question: Question) -> OutgoingRequest:
    """Ask for a payment by the `ReferenceId` of our reply to its notice: Baokim's `TransId`."""
    if not question.provider_transaction:
        raise RequestRefused("Baokim is asked by its own name of a payment")
    return _request(
        merchant,
        {
            "RequestId": question.request_id,
            "RequestTime": dashed_vietnam_time(question.asked_at),
            "PartnerCode": merchant.code,
            "Operation": LOOK_UP,
            "ReferenceId": question.provider_transaction,
        },
    )


def read_account(merchant: Merchant, order: Order, answer: Answer) -> Checkout:
    """Read the account of a registration or an update: number, holder, bank, and its QR text.

    The picture of the QR (`QrPath`) is not used: a page of ours shows nothing that others host.
    """
    fields = _read_answer(merchant, answer)
    code = fields.scalar("ResponseCode", _CODE)
    if code != SUCCESS:
        told = RESPONSE_CODES.get(code, UNKNOWN_CODE)
        refuse = AnswerRefuses if told.result is NoticeResult.FAILED else AnswerUnreadable
        raise refuse(f"Baokim opened no account: {code}, {told.english}")
    require_echo(fields, "OrderId", order_id(merchant.code, order.reference))
    bank = fields.child("AccountInfo").child("BANK")
    account_number = bank.text("AccNo", ACCOUNT)
    return Checkout(
        provider_order=account_number,
        qr_text=bank.optional("Qr"),
        account_number=account_number,
        account_name=bank.optional("AccName"),
        bank_name=bank.optional("BankShortName") or bank.optional("BankName"),
    )


def read_payment(merchant: Merchant, question: Question, answer: Answer) -> PaymentStatus:
    """Read what stands in Baokim's books; a reference not known yet is a status of PENDING.

    Baokim learns our reference from our reply to the notice, so it may not know it yet.
    """
    fields = _read_answer(merchant, answer)
    code = fields.scalar("ResponseCode", _CODE)
    if code not in _DECIDED:
        raise AnswerUnreadable(f"Baokim answered {code}, which says nothing about the payment")
    result = RESPONSE_CODES[code].result
    if code != SUCCESS:
        return PaymentStatus(result=result, result_code=code, our_reference=question.our_reference)
    payment = fields.child("TransactionList")
    require_echo(payment, "TransIdPartner", question.provider_transaction)
    named_merchant, reference = split_order_id(fields.text("OrderId"))
    if named_merchant != merchant.code:
        raise AnswerUnreadable("the answer speaks of another merchant")
    return PaymentStatus(
        result=result,
        result_code=code,
        our_reference=reference,
        provider_transaction=payment.text("TransIdBk"),
        amount_minor=amount_of(payment, "TransAmount"),
    )


def amount_of(fields: Fields, name: str) -> int:
    """Return an amount that Baokim writes as a number in one message and as text in another."""
    return fields.amount_minor(name, as_text=isinstance(fields.values.get(name), str))


def _account_request(
    merchant: Merchant, order: Order, operation: Mapping[str, object]
) -> OutgoingRequest:
    if not COLLECT_MINOR_MIN <= order.amount_minor <= COLLECT_MINOR_MAX:
        raise RequestRefused(f"not an amount that Baokim collects: {order.amount_minor}")
    account_name = _plain(order.beneficiary.account_name)
    if not account_name:
        raise RequestRefused("a virtual account bears a name")
    if order.expires_at <= order.created_at:
        raise RequestRefused("a virtual account must expire after it is registered")
    name = order_id(merchant.code, order.reference)
    return _request(
        merchant,
        {
            "RequestId": name,
            "RequestTime": dashed_vietnam_time(order.created_at),
            "PartnerCode": merchant.code,
            **operation,
            "AccName": account_name,
            "CollectAmountMin": order.amount_minor,
            "CollectAmountMax": order.amount_minor,
            "ExpireDate": dashed_vietnam_time(order.expires_at),
            "OrderId": name,
        },
    )


def _plain(name: str) -> str:
    """Return a name in ASCII without diacritics, as banks print it; what is too long is cut."""
    spread = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(symbol for symbol in spread if not unicodedata.combining(symbol))
    return " ".join(_FOREIGN_TO_NAMES.sub(" ", letters).split())[:NAME_LENGTH_MAX].rstrip()


def _request(merchant: Merchant, values: Mapping[str, object]) -> OutgoingRequest:
    request = post_json(merchant.base_url + _PATH, values)
    try:
        private_key = load_rsa_private_key(merchant.key.material)
    except WeakKey as error:
        raise RequestRefused(f"the key of this endpoint cannot sign: {error}") from error
    signature = rsa_base64(Algorithm.RSA_SHA1, request.body, private_key)
    return replace(request, headers=(*request.headers, ("signature", signature)))


def _read_answer(merchant: Merchant, answer: Answer) -> Fields:
    fields = read_answer(answer)
    given = [value for name, value in answer.headers if name == "signature"]
    signature = given[0] if len(given) == 1 else None
    try:
        require_rsa(Algorithm.RSA_SHA1, answer.body, signature, [merchant.key])
    except CallbackRejected as error:
        raise AnswerUnreadable(f"the answer is not Baokim's: {error}") from error
    require_echo(fields, "PartnerCode", merchant.code)
    return fields
