"""What the requests and answers of gateways share: secrets, JSON bodies, fields that echo ours.

Which fields are signed, and what an answer means, each gateway says itself.
"""

import re
from collections.abc import Mapping
from typing import Final

from bank_adapters.contract import Algorithm, CallbackRejected
from bank_adapters.fields import Fields, read_json, write_json
from bank_adapters.money import AMOUNT_MINOR_MAX
from bank_adapters.outgoing import (
    ANSWER_BYTES_MAX,
    Answer,
    AnswerUnreadable,
    Merchant,
    OutgoingRequest,
    Question,
    RequestRefused,
)
from bank_adapters.signatures.primitives import hmac_hex, require_hmac, secret_part
from bank_adapters.signing_keys import WeakKey
from bank_adapters.vocabulary import UNNUMBERED

WEB_ADDRESS: Final = re.compile(r"https?://[!-{}~]{1,2000}")
"""A web address in ASCII without `|`, which parts signed fields."""

_CREDENTIAL: Final = re.compile(rb"[!-9;-~]{1,256}")
_ANSWERED: Final = {2, 4}
"""Classes of HTTP status under which gateways answer in their own words."""


def secret_of(merchant: Merchant, part: int | None = None) -> bytes:
    """Return our secret at this gateway; `RequestRefused` when the registered key lacks it."""
    secret = secret_part(merchant.key.material, part)
    if not secret:
        raise RequestRefused("the registered key of this merchant lacks a secret")
    return secret


def require_form(text: str, pattern: re.Pattern[str], what: str) -> str:
    """Return a text that the gateway can take; `RequestRefused` names what it cannot."""
    if not pattern.fullmatch(text):
        raise RequestRefused(f"the gateway cannot take this {what}: {text[:60]!r}")
    return text


def require_payable(amount_minor: int) -> int:
    """Return an amount that an order can ask for; `RequestRefused` for any other."""
    if not 0 < amount_minor <= AMOUNT_MINOR_MAX:
        raise RequestRefused(f"not an amount that can be paid: {amount_minor}")
    return amount_minor


def post_json(url: str, values: Mapping[str, object]) -> OutgoingRequest:
    """Return a POST of one JSON object in UTF-8."""
    headers = (("content-type", "application/json; charset=UTF-8"),)
    return OutgoingRequest(method="POST", url=url, headers=headers, body=write_json(values))


def read_answer(answer: Answer) -> Fields:
    """Read an answer's JSON object; statuses other than 2xx and 4xx are `AnswerUnreadable`."""
    if answer.status // 100 not in _ANSWERED:
        raise AnswerUnreadable(f"the gateway answered with status {answer.status}")
    if len(answer.body) > ANSWER_BYTES_MAX:
        raise AnswerUnreadable(f"the answer has more than {ANSWER_BYTES_MAX} bytes")
    return read_json(answer.body, AnswerUnreadable)


def require_echo(fields: Fields, name: str, expected: str) -> None:
    """Refuse an answer whose field is not what we sent."""
    if fields.scalar(name) != expected:
        raise fields.refuse(f"{name} is not the one asked about")


def require_same_payment(question: Question, provider_transaction: str) -> None:
    """Refuse to call paid what has no number, or another one than the payment we know."""
    known = question.provider_transaction
    is_known = bool(known) and not known.startswith(UNNUMBERED)
    if not provider_transaction or (is_known and known != provider_transaction):
        raise AnswerUnreadable("the answer speaks of another payment, or of none")


def signed_value(fields: Fields, name: str) -> str:
    """Return a field as it stands in a signed text: null and missing ones are empty."""
    value = fields.values.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    # `bool` is an int to Python, so the type is compared exactly.
    if type(value) is not int:
        raise fields.refuse(f"{name} is neither a text nor a whole number")
    return str(value)


def credential(merchant: Merchant, part: int, name: str) -> str:
    """Return one of the texts that were registered together; `RequestRefused` without it."""
    text = secret_part(merchant.key.material, part)
    if not _CREDENTIAL.fullmatch(text):
        raise RequestRefused(f"the key of this endpoint holds no {name}")
    return text.decode("ascii")


def sign(algorithm: Algorithm, content: bytes, merchant: Merchant, part: int) -> str:
    """Sign with one part of the key, in lower-case digits; `RequestRefused` if it cannot sign."""
    try:
        return hmac_hex(algorithm, content, secret_part(merchant.key.material, part))
    except WeakKey as error:
        raise RequestRefused("the key of this endpoint cannot sign") from error


def require_signed_answer(
    algorithm: Algorithm,
    content: bytes,
    signature: object,
    merchant: Merchant,
    part: int | None = None,
) -> None:
    """Refuse with `AnswerUnreadable` an answer that this part of our key did not sign."""
    given = signature.encode() if isinstance(signature, str) else None
    try:
        require_hmac(algorithm, content, given, [merchant.key], part=part)
    except CallbackRejected as error:
        raise AnswerUnreadable(f"the answer is not signed as it must be: {error}") from error
