"""The shared steps that close a break with the answer that people got, and take the answer back.

Only breaks in which no money is open are answered: a message, a file, or what is booked as it was
said and is only not as it was expected. Money that is open somewhere is matched, never answered.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import break_answers
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act, Reason
from payment_service.use_cases.resolution_step import ResolutionStep, require_band
from reconciliation.breaks import BREAK_RULES, BreakCode, Resolution

OF_BREAKS: Final = frozenset({Act.ANSWER, Act.REOPEN})
"""Acts about a break itself, whatever its object is."""

_C, _R = BreakCode, Reason
_OF_MESSAGES = (_R.SENDER_CONFIRMED, _R.SENDER_MISTAKE)
_OF_FILES = (_R.FILE_NEEDLESS, _R.SENDER_MISTAKE)
ANSWERS: Final[Mapping[BreakCode, tuple[Reason, ...]]] = MappingProxyType(
    {
        _C.FEE_VARIANCE: (_R.SENDER_CONFIRMED, _R.CONTRACT_CORRECTED, _R.GATEWAY_CORRECTS),
        _C.CHARGEBACK: (_R.CHARGEBACK_ACCEPTED, _R.CHARGEBACK_WON),
        _C.REFUND_NOT_ORDERED: (_R.SENDER_CONFIRMED, _R.PAYER_ASKS, _R.GATEWAY_CORRECTS),
        _C.REPORTED_NO_NOTICE: (_R.SENDER_CONFIRMED,),
        _C.CALLBACK_REVIEW: _OF_MESSAGES,
        _C.CALLBACK_UNKNOWN_CODE: _OF_MESSAGES,
        _C.UNCONFIRMED_NOTICE: _OF_MESSAGES,
        _C.NOTICE_NO_BANK: _OF_MESSAGES,
        _C.CONFLICTING_DUPLICATE: _OF_MESSAGES,
        _C.UNREADABLE_NOTICE: _OF_MESSAGES,
        _C.OTHER_MERCHANT: _OF_MESSAGES,
        _C.UNREADABLE: _OF_FILES,
        _C.PROOF_FAILED: _OF_FILES,
        _C.GAP: _OF_FILES,
        _C.OVERLAP_CONFLICT: _OF_FILES,
        _C.WRONG_ACCOUNT: _OF_FILES,
        _C.NOT_CONFIRMED: _OF_FILES,
        _C.VND_FRACTION: _OF_FILES,
    }
)
"""The answers that can stand for each kind of break."""


async def answer_break(connection: AsyncConnection, step: ResolutionStep) -> None:
    """Work out that a break is closed; `StateConflict` when it is closed already."""
    broken = _only_break(step)
    code = BreakCode(broken.code)
    if broken.closed_at is not None:
        raise StateConflict("this break is closed", field="closed-break")
    if Resolution.ANSWER not in BREAK_RULES[code].resolutions:
        raise Invalid("a break of this kind is not resolved in this way", field="resolution")
    if broken.line_id is not None or broken.item_id is not None:
        raise Invalid("money is open behind this break", field="resolution")
    if step.proposal.reason not in ANSWERS[code]:
        raise Invalid("this reason does not stand for this break", field="reason")
    if not step.proposal.note:
        raise Invalid("an answer says who gave it, and where it stands", field="note-missing")
    await require_band(connection, step)
    step.booking.answered_breaks.append(broken.break_id)


async def reopen_break(connection: AsyncConnection, step: ResolutionStep) -> None:
    """Work out that an answered break is open again, as it was, since the day it was opened on.

    Raises `StateConflict` for a break that nobody answered, that was opened again before, or for
    which the missing message or file has come since.
    """
    broken = _only_break(step)
    if broken.closed_reason != "answered":
        raise StateConflict("nobody answered this break", field="not-answered")
    if await break_answers.has_moved_on(connection, broken, step.approval_id):
        raise StateConflict("this break has moved on", field="answer-moved-on")
    step.booking.open_break(
        BreakCode(broken.code), broken.unit_id, broken.amount_minor, broken.details,
        broken.opened_on, message_id=broken.message_id, statement_id=broken.statement_id,
        money_id=broken.money_id, report_id=broken.report_id,
    )  # fmt: skip


def _only_break(step: ResolutionStep) -> Any:
    proposal = step.proposal
    if len(proposal.parts) != 1 or len(step.breaks) != 1 or step.lines or step.items:
        raise Invalid("an answer is about one break", field="subject")
    [broken] = step.breaks.values()
    if (proposal.subject_id, proposal.break_id) != (broken.subject_id, broken.break_id):
        raise Invalid("the act is not about the subject of the break", field="subject")
    if proposal.amount_minor != broken.booked_minor:
        raise StateConflict("this changed since it was looked at", field="stale")
    return broken
