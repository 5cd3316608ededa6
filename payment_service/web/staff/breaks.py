"""One break with its evidence, its due day, and what may be done about it."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.registry import EXPLANATIONS
from bank_adapters.vocabulary import CodeMeaning, NoticeResult
from payment_service.db import bank_orders, reports, staff_books, staff_breaks, tariff
from payment_service.db.staff_breaks import Break
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import NotFound
from payment_service.domain.resolution import PARTS_MAX
from payment_service.web.forms import identifier
from payment_service.web.pages import HttpRequest, Page, context_of, language_of, page
from payment_service.web.sessions import session_of
from payment_service.web.staff.offered_acts import offered
from payment_service.web.staff.suggestions import proposed_for, shown_suggestions
from reconciliation.ageing import Age, age_of
from reconciliation.breaks import BREAK_RULES, BreakCode, BreakRule, Resolution, sentence
from reconciliation.explain import why_not

_OUTSIDE: Final = (
    Resolution.WAIT,
    Resolution.ASK_PAYER,
    Resolution.ASK_BANK,
    Resolution.ASK_GATEWAY,
    Resolution.REPLACE_STATEMENT,
)
"""What people do outside this service; the other resolutions have a form here or do not exist."""
_OF_CODES: Final = frozenset(
    {
        BreakCode.CALLBACK_REVIEW,
        BreakCode.CALLBACK_UNKNOWN_CODE,
        BreakCode.UNCONFIRMED_NOTICE,
        BreakCode.CONFLICTING_DUPLICATE,
    }
)
"""Breaks for which it matters what the sender of a message said in its own code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBreak:
    """A break with its sentence, rule and age: today's, or that of the day it was closed."""

    one: Break
    sentence: str
    age: Age
    rule: BreakRule

    @property
    def amount_minor(self) -> int | None:
        """The amount; none where a second person is to read it off the bank's own screen."""
        return None if self.one.code == BreakCode.NOT_CONFIRMED else self.one.amount_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCode:
    """A result code as its sender wrote it, and what it means; `label` says which one it is."""

    label: str
    code: str
    meaning: CodeMeaning

    @property
    def is_unknown(self) -> bool:
        """Whether the code decides nothing."""
        return self.meaning.result is NoticeResult.UNKNOWN


def _codes(one: Break, channel: str | None) -> list[ShownCode]:
    """Return the codes of the message a break is about: what it told, then what it answered."""
    told = [
        ("message.code", str(one.details.get("result_code", ""))),
        ("message.code.asked", str(one.details.get("asked_code", ""))),
    ]
    if channel is None or one.code not in _OF_CODES:
        return []
    explain = EXPLANATIONS[channel]
    return [
        ShownCode(label=label, code=code, meaning=explain(code)) for label, code in told if code
    ]


def shown_break(request: HttpRequest, one: Break, age: Age) -> ShownBreak:
    """Return a break as pages show it, in the request's language."""
    code = BreakCode(one.code)
    return ShownBreak(
        one=one,
        sentence=sentence(code, one.details, language_of(request)),
        age=age,
        rule=BREAK_RULES[code],
    )


async def _subject(connection: AsyncConnection, one: Break) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(
        ("line", "item", "message", "statement", "paid", "undoable"), None
    )
    matches: list[UUID] = []
    if one.line_id:
        found = await staff_books.matches_of_line(connection, one.line_id)
        matches = [each.group_id for each in found]
        values["line"] = await staff_books.find_line(connection, one.line_id)
    elif one.item_id:
        values["item"] = values["paid"] = await staff_breaks.find_item(connection, one.item_id)
        acts = values["undoable"] = await staff_breaks.acts_on_item(connection, one.item_id)
        # An order bears the id of its match.
        matches = [one.item_id, *(act.group_id for act in acts)]
    elif one.message_id:
        values["message"] = await staff_breaks.find_message(connection, one.message_id)
    elif one.statement_id:
        values["statement"] = await staff_books.find_statement(connection, one.statement_id)
    elif one.money_id:
        values["paid"] = await staff_breaks.find_money(connection, one.money_id)
    values["report"] = await reports.find_report_of(
        connection, report_id=one.report_id, item_id=one.item_id, money_id=one.money_id
    )
    approvals = await staff_breaks.approvals_of(connection, one.subject_id)
    orders = await bank_orders.open_orders(connection, matches)
    by_key = {order.reference: order for order in orders.values()}
    return values | {"approvals": approvals, "orders": list(by_key.values())}


def _is_later(other: Break, one: Break) -> bool:
    closed_at = one.closed_at
    return other.break_id != one.break_id and closed_at is not None and other.opened_at >= closed_at


@get("/staff/breaks/{break_id:str}", include_in_schema=False)
async def show_break(request: HttpRequest, break_id: FromPath[str]) -> Page:
    """Show one break with its evidence, history, and what can be done."""
    async with context_of(request).database.read_only(snapshot=True) as connection:
        one = await staff_breaks.find_break(connection, identifier(break_id))
        if one is None:
            raise NotFound(field="not-here")
        subject = await _subject(connection, one)
        history = await staff_breaks.breaks_of_same_object(connection, one)
        today = business_date(context_of(request).clock(), None)
        proposed = await proposed_for(connection, one, today)
        calendar = await tariff.read_calendar(connection)
    code = BreakCode(one.code)
    until = business_date(one.closed_at or context_of(request).clock(), None)
    shown = shown_break(request, one, age_of(code, one.opened_on, until, calendar))
    return page(
        request,
        "staff/break.html",
        current="breaks",
        shown=shown,
        one=one,
        in_vietnamese=why_not(code, one.details, "vi"),
        in_english=why_not(code, one.details, "en"),
        history=history,
        codes=_codes(one, subject["message"].channel if subject["message"] else None),
        is_waiting=any(row.decision is None for row in subject["approvals"]),
        acts=offered(
            one,
            subject["line"],
            subject["item"],
            session_of(request).person.role,
            is_newest=not any(_is_later(each, one) for each in history),
        ),
        allowed=[each.value for each in Resolution if each in shown.rule.resolutions],
        outside=[each.value for each in _OUTSIDE if each in shown.rule.resolutions],
        suggestions=shown_suggestions(proposed, language_of(request)),
        parts_max=PARTS_MAX,
        **subject,
    )
