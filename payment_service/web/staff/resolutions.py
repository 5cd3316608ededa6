"""What officers may do about a break or a match: choose, look ahead at the postings, then ask."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect

from bank_adapters import payment_reference
from payment_service.db import (
    bank_orders,
    expected_items,
    resolutions,
    staff_books,
    staff_breaks,
)
from payment_service.domain.errors import NotFound, PaymentServiceError, StateConflict
from payment_service.domain.resolution import PARTS_MAX, REASONS, Act, Reason
from payment_service.use_cases.answer_break import ANSWERS, OF_BREAKS
from payment_service.use_cases.ask_resolution import ask_resolution
from payment_service.web.forms import identifier
from payment_service.web.pages import (
    HttpRequest,
    Page,
    context_of,
    language_of,
    link,
    page,
    problem_key,
    security_headers,
)
from payment_service.web.sessions import form_of, session_of
from payment_service.web.staff.resolution_forms import (
    OF_DUES,
    OF_MATCHES,
    OF_OPPOSITES,
    Looked,
    chosen_items,
    proposal_of,
)
from payment_service.web.staff.suggestions import filled_in
from reconciliation.breaks import BreakCode, sentence

CANDIDATES_MAX: Final = PARTS_MAX
FIND_LENGTH_MAX: Final = 500
OPPOSITES: Final = {
    (Act.PAIR_LINES, True): resolutions.find_opposite_lines,
    (Act.SETTLE_ITEM, True): expected_items.items_for_line,
    (Act.SETTLE_ITEM, False): expected_items.lines_for_item,
}
"""What an act pairs its subject with: by the act, and whether its subject is a line."""
_NAMELESS: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One posting as people read it; `detail` is empty where it only repeats the account."""

    account: str
    detail: str
    side: str
    amount_minor: int


def shown_effect(effect: str | None) -> list[Posting]:
    """Return the postings of a stored or previewed effect."""
    rows: list[tuple[str, str, str, int]] = msgspec.json.decode(effect or "[]")
    return [
        Posting(
            account=account,
            detail="" if _NAMELESS.fullmatch(detail) else detail,
            side=side,
            amount_minor=amount_minor,
        )
        for account, detail, side, amount_minor in rows
    ]


async def _look(request: HttpRequest, wanted: UUID, act: Act) -> Looked:
    async with context_of(request).database.read_only(snapshot=True) as connection:
        if act in OF_MATCHES:
            parts = await resolutions.parts_of_group(connection, wanted)
            if not parts:
                raise NotFound(field="not-here")
            line_id = parts[0].line_id
            line = await staff_books.find_line(connection, line_id) if line_id else None
            return Looked(
                act=act,
                address=f"/staff/matches/{wanted}/{act.value}",
                subject_id=wanted,
                line=line,
                parts=parts,
            )
        one = await staff_breaks.find_break(connection, wanted)
        if one is None or (act not in OF_BREAKS and not (one.line_id or one.item_id)):
            raise NotFound(field="not-here")
        line = await staff_books.find_line(connection, one.line_id) if one.line_id else None
        item = await staff_breaks.find_item(connection, one.item_id) if one.item_id else None
    return Looked(
        act=act,
        address=f"/staff/breaks/{wanted}/{act.value}",
        subject_id=one.subject_id,
        one=one,
        line=line,
        item=item,
    )


def _act(name: str, *, is_of_match: bool = False) -> Act:
    try:
        act = Act(name)
    except ValueError as error:
        raise NotFound(field="not-here") from error
    if (act in OF_MATCHES) != is_of_match:
        raise NotFound(field="not-here")
    return act


def _hints(looked: Looked) -> str:
    """Return the references that the break itself names: a place to start, nothing more."""
    details = looked.one.details if looked.one else {}
    near = [str(each.get("reference", "")) for each in details.get("nearest_miss", [])]
    named = [str(each) for each in details.get("references", [])]
    if looked.act is Act.MOVE_TO_UNIT:
        # A notice names nobody we know, so its whole memo stands here.
        memo = str(details.get("reference", ""))
        named += list(payment_reference.find(memo)) or [memo]
    return " ".join(dict.fromkeys(filter(None, (*named, *near))))


async def _candidates(
    request: HttpRequest, looked: Looked, find: str, typed: Mapping[str, str]
) -> list[Any]:
    words = re.findall(r"[^\s,;\x00-\x1f]+", find.upper())
    found: list[Any] = []
    async with context_of(request).database.read_only() as connection:
        if looked.act in OF_OPPOSITES:
            return await OPPOSITES[looked.act, looked.line is not None](
                connection, looked.subject_id, CANDIDATES_MAX
            )
        if looked.act is Act.MATCH_BY_HAND and looked.line:
            found = await bank_orders.find_awaited(
                connection, looked.line, words, chosen_items(typed), CANDIDATES_MAX
            )
        money = looked.line or looked.item
        is_debit = bool(looked.line) and looked.line.direction == "debit"
        if looked.act in OF_DUES and words and money and not is_debit:
            dues = await resolutions.find_dues(
                connection,
                money,
                words,
                CANDIDATES_MAX,
                is_elsewhere=looked.act is Act.MOVE_TO_UNIT,
            )
            found = [*dues, *found]
    return found


async def _page(
    request: HttpRequest,
    looked: Looked,
    *,
    find: str,
    typed: Mapping[str, str] | None = None,
    problem: PaymentServiceError | None = None,
    effect: str = "",
) -> Page:
    return page(
        request,
        "staff/resolution.html",
        status_code=problem.status if problem else 200,
        current="breaks" if looked.one else "statements",
        problem=problem_key(problem, "resolution") if problem else None,
        looked=looked,
        act=looked.act.value,
        said=_said(request, looked),
        finds_dues=looked.act in OF_DUES,
        chooses_one=looked.act in OF_OPPOSITES,
        open_minor=_open_minor(looked),
        line=looked.line,
        reasons=[each.value for each in _reasons(looked)],
        candidates=await _candidates(request, looked, find, typed or {}),
        find=find,
        typed=typed or {},
        effect=effect,
        postings=shown_effect(effect),
    )


def _said(request: HttpRequest, looked: Looked) -> str:
    """Return what the break says, where no line or item shows it."""
    if looked.one is None or looked.line or looked.item:
        return ""
    return sentence(BreakCode(looked.one.code), looked.one.details, language_of(request))


def _reasons(looked: Looked) -> tuple[Reason, ...]:
    """Return the reasons to choose from; each kind of break has answers of its own."""
    if looked.act is Act.ANSWER and looked.one is not None:
        return ANSWERS.get(BreakCode(looked.one.code), ())
    return REASONS[looked.act]


def _open_minor(looked: Looked) -> int:
    """Return what the act can take: of a match what it took, else what is open."""
    if looked.parts:
        return looked.parts[0].amount_minor
    if looked.act in OF_BREAKS and looked.one is not None:
        return looked.one.booked_minor
    return int((looked.line or looked.item).residual_minor)


@get("/staff/breaks/{break_id:str}/{act:str}", include_in_schema=False)
async def show_resolution(
    request: HttpRequest, break_id: FromPath[str], act: FromPath[str]
) -> Page:
    """Show the form of an act about a break, with what was looked for."""
    looked = await _look(request, identifier(break_id), _act(act))
    find = request.query_params.get("find", _hints(looked))[:FIND_LENGTH_MAX]
    if "suggestion" not in request.query_params:
        return await _page(request, looked, find=find)
    try:
        find, typed = await filled_in(request, looked.one)
    except StateConflict as error:
        return await _page(request, looked, find=find, problem=error)
    return await _page(request, looked, find=find, typed=typed)


@post("/staff/breaks/{break_id:str}/{act:str}", include_in_schema=False)
async def ask_act(
    request: HttpRequest, break_id: FromPath[str], act: FromPath[str]
) -> Page | Redirect:
    """Look ahead at an act about a break, or ask for it."""
    return await _ask(request, await _look(request, identifier(break_id), _act(act)))


@get("/staff/matches/{group_id:str}/{act:str}", include_in_schema=False)
async def show_match_act(request: HttpRequest, group_id: FromPath[str], act: FromPath[str]) -> Page:
    """Show the form that undoes or moves a match."""
    looked = await _look(request, identifier(group_id), _act(act, is_of_match=True))
    find = request.query_params.get("find", "")[:FIND_LENGTH_MAX]
    return await _page(request, looked, find=find)


@post("/staff/matches/{group_id:str}/{act:str}", include_in_schema=False)
async def ask_match_act(
    request: HttpRequest, group_id: FromPath[str], act: FromPath[str]
) -> Page | Redirect:
    """Look ahead at the undoing or moving of a match, or ask for it."""
    looked = await _look(request, identifier(group_id), _act(act, is_of_match=True))
    return await _ask(request, looked)


async def _ask(request: HttpRequest, looked: Looked) -> Page | Redirect:
    form, officer = form_of(request), session_of(request).person
    typed = form.typed()
    find = typed.get("find", "")[:FIND_LENGTH_MAX]
    effect = ""
    try:
        proposal = proposal_of(form, looked, await _candidates(request, looked, find, typed))
        _, effect = await ask_resolution(context_of(request), officer, proposal, is_preview=True)
        # Only what was looked at as it stands is asked for.
        if typed.get("step") == "ask" and typed.get("seen") == effect:
            await ask_resolution(context_of(request), officer, proposal)
            address = f"/staff/breaks/{looked.one.break_id}" if looked.one else "/staff/approvals"
            address = link(address, language_of(request), done="resolution")
            return Redirect(address, status_code=303, headers=dict(security_headers()))
    except PaymentServiceError as error:
        return await _page(request, looked, find=find, typed=typed, problem=error)
    return await _page(request, looked, find=find, typed=typed, effect=effect)
