"""What may be believed of a notice that proves too little, beside its gateway's own answer."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bank_adapters.vocabulary import UNNUMBERED, NoticeResult, PaymentNotice
from payment_service.domain.errors import GatewayUnavailable

ASKED_FOR_MAX: Final = timedelta(days=3)
"""So long a gateway is asked again; afterwards a person has to look."""

_UNDECIDED: Final = frozenset({NoticeResult.PENDING, NoticeResult.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAnswer:
    """What a gateway last said of a notice when it was asked."""

    result: NoticeResult
    result_code: str
    our_reference: str
    provider_transaction: str
    amount_minor: int | None
    memo: str = ""


def weigh(
    notice: PaymentNotice, answer: StatusAnswer | None, *, waited: timedelta
) -> PaymentNotice | None:
    """Return what may be believed; None when the gateway does not confirm the notice.

    Money is believed only when transaction, reference and amount are all the gateway's own words,
    and a memo that decides whose it is comes from there too. Raises `GatewayUnavailable` while the
    gateway has not decided, for three days: the notice has to come again.
    """
    if answer is None:
        return None
    is_undecided = answer.result is NoticeResult.PENDING or (
        answer.result in _UNDECIDED and notice.result is NoticeResult.PAID
    )
    if is_undecided and waited < ASKED_FOR_MAX:
        raise GatewayUnavailable("the gateway has not decided yet")
    if answer.result is NoticeResult.PAID:
        return _proven(notice, answer)
    if is_undecided or notice.result is NoticeResult.PAID:
        return None
    # Neither side speaks of money: the gateway's own word is the better one.
    return replace(notice, result=answer.result, result_code=answer.result_code)


def _proven(notice: PaymentNotice, answer: StatusAnswer) -> PaymentNotice | None:
    is_numbered_now = notice.provider_transaction.startswith(UNNUMBERED)
    is_same = (
        answer.provider_transaction != ""
        and (is_numbered_now or answer.provider_transaction == notice.provider_transaction)
        and answer.our_reference == (notice.our_reference or "")
        and answer.amount_minor == notice.amount_minor
    )
    if not is_same:
        return None
    return replace(
        notice,
        result=NoticeResult.PAID,
        provider_transaction=answer.provider_transaction,
        memo=answer.memo if notice.account_number else notice.memo,
    )
