"""What officers may do about a break or a match: choose, look ahead at the postings, then ask."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect

from payment_service.db import resolutions, staff_books, staff_breaks
from payment_service.db.staff_breaks import Break
from payment_service.domain.errors import Invalid, NotFound, PaymentServiceError, StateConflict
from payment_service.domain.resolution import (
    NOTE_LENGTH_MAX,
    PARTS_MAX,
    REASONS,
    Act,
    Part,
    Proposal,
    Reason,
)
from payment_service.use_cases.ask_resolution import ask_resolution
from payment_service.web.forms import Form, identifier
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
from payment_service.web.staff.suggestions import filled_in
from reconciliation.breaks import BREAK_RULES, BreakCode, Resolution

CANDIDATES_MAX: Final = PARTS_MAX
FIND_LENGTH_MAX: Final = 500
_UNDOABLE: Final = frozenset(
    {"bank_rules", "write_off", "book_as_charge", "pair_lines", "reversals"}
)
_NAMELESS: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One posting as people read it; `detail` is empty where it only repeats the account."""

    account: str
    detail: str
    side: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What an act is about, as it is now."""

    act: Act
    address: str
    subject_id: UUID
    one: Break | None = None
    line: Any = None
    item: Any = None
    parts: tuple[Part, ...] = ()


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


def offered(one: Break, line: Any, item: Any, role: str) -> list[Act]:
    """Return what this person may propose about a break now."""
    if role == "auditor" or one.closed_at is not None:
        return []
    allowed = BREAK_RULES[BreakCode(one.code)].resolutions
    is_surplus = item is not None and item.kind == "surplus" and item.residual_minor > 0
    suits = {
        Act.MATCH_BY_HAND: line is not None and line.direction == "credit",
        Act.WRITE_OFF: is_surplus or (line is not None and line.direction == "credit"),
        Act.BOOK_AS_CHARGE: line is not None,
        Act.PAIR_LINES: line is not None,
    }
    return [act for act, fits in suits.items() if fits and Resolution(act.value) in allowed]


def is_undoable(match: Any) -> bool:
    """Say whether people may undo a match: a payment of a due, or an act of people."""
    is_live = match.reversed_at is None and match.reverses is None
    return is_live and (match.item_kind == "due" or match.pass_name in _UNDOABLE)


async def _look(request: HttpRequest, wanted: UUID, act: Act) -> Looked:
    async with context_of(request).database.read_only(snapshot=True) as connection:
        if act is Act.UNMATCH:
            parts = await resolutions.parts_of_group(connection, wanted)
            if not parts:
                raise NotFound(field="not-here")
            line_id = parts[0].line_id
            line = await staff_books.find_line(connection, line_id) if line_id else None
            return Looked(
                act=act,
                address=f"/staff/matches/{wanted}/unmatch",
                subject_id=wanted,
                line=line,
                parts=parts,
            )
        one = await staff_breaks.find_break(connection, wanted)
        subject_id = (one.line_id or one.item_id) if one else None
        if one is None or subject_id is None:
            raise NotFound(field="not-here")
        line = await staff_books.find_line(connection, one.line_id) if one.line_id else None
        item = await staff_breaks.find_item(connection, one.item_id) if one.item_id else None
    return Looked(
        act=act,
        address=f"/staff/breaks/{wanted}/{act.value}",
        subject_id=subject_id,
        one=one,
        line=line,
        item=item,
    )


def _act(name: str) -> Act:
    try:
        act = Act(name)
    except ValueError as error:
        raise NotFound(field="not-here") from error
    if act is Act.UNMATCH:
        raise NotFound(field="not-here")
    return act


def _hints(looked: Looked) -> str:
    """Return the references that the break itself names: a place to start, nothing more."""
    details = looked.one.details if looked.one else {}
    near = [str(each.get("reference", "")) for each in details.get("nearest_miss", [])]
    named = [str(each) for each in details.get("references", [])]
    return " ".join(dict.fromkeys(filter(None, (*named, *near))))


async def _candidates(request: HttpRequest, looked: Looked, find: str) -> list[Any]:
    async with context_of(request).database.read_only() as connection:
        if looked.act is Act.PAIR_LINES:
            return await resolutions.find_opposite_lines(
                connection, looked.subject_id, CANDIDATES_MAX
            )
        words = re.split(r"[\s,;]+", find.upper().strip())
        if looked.act is not Act.MATCH_BY_HAND or words == [""] or looked.line is None:
            return []
        return await resolutions.find_dues(
            connection, looked.line.account_group_id, words, CANDIDATES_MAX
        )


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
        line=looked.line,
        reasons=[each.value for each in REASONS[looked.act]],
        candidates=await _candidates(request, looked, find),
        find=find,
        typed=typed or {},
        effect=effect,
        postings=shown_effect(effect),
    )


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


@get("/staff/matches/{group_id:str}/unmatch", include_in_schema=False)
async def show_unmatch(request: HttpRequest, group_id: FromPath[str]) -> Page:
    """Show the form that undoes a match."""
    return await _page(request, await _look(request, identifier(group_id), Act.UNMATCH), find="")


@post("/staff/matches/{group_id:str}/unmatch", include_in_schema=False)
async def ask_unmatch(request: HttpRequest, group_id: FromPath[str]) -> Page | Redirect:
    """Look ahead at the undoing of a match, or ask for it."""
    return await _ask(request, await _look(request, identifier(group_id), Act.UNMATCH))


async def _ask(request: HttpRequest, looked: Looked) -> Page | Redirect:
    form, officer = form_of(request), session_of(request).person
    typed = form.typed()
    find = typed.get("find", "")[:FIND_LENGTH_MAX]
    effect = ""
    try:
        proposal = _proposal(form, looked, await _candidates(request, looked, find))
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


def _proposal(form: Form, looked: Looked, candidates: list[Any]) -> Proposal:
    reason = form.text("reason", 40)
    if reason not in {each.value for each in REASONS[looked.act]}:
        raise Invalid("choose a reason", field="reason")
    is_noted = bool(form.typed().get("note", "").strip())
    return Proposal(
        act=looked.act,
        subject_id=looked.subject_id,
        reason=Reason(reason),
        note=form.text("note", NOTE_LENGTH_MAX) if is_noted else "",
        break_id=looked.one.break_id if looked.one else None,
        parts=_parts(form, looked, candidates),
    )


def _parts(form: Form, looked: Looked, candidates: list[Any]) -> tuple[Part, ...]:
    if looked.act is Act.UNMATCH:
        return looked.parts
    version = form.whole_number("version")
    if looked.item is not None:
        amount_minor = form.whole_number("amount")
        return (Part(item_id=looked.subject_id, item_version=version, amount_minor=amount_minor),)
    whole = Part(line_id=looked.subject_id, line_version=version, amount_minor=1)
    if looked.act is Act.MATCH_BY_HAND:
        return tuple(
            replace(
                whole,
                item_id=due.item_id,
                item_version=form.whole_number(f"version_{due.item_id}"),
                amount_minor=form.whole_number(f"amount_{due.item_id}"),
            )
            for due in candidates
            if form.typed().get(f"amount_{due.item_id}", "").strip()
        )
    whole = replace(whole, amount_minor=form.whole_number("amount"))
    if looked.act is Act.PAIR_LINES:
        opposite, _, seen = form.text("opposite", 60).partition(":")
        if not seen.isascii() or not seen.isdigit():
            raise Invalid("choose a line", field="opposite")
        return (
            whole,
            replace(whole, line_id=identifier(opposite), line_version=int(seen)),
        )
    return (whole,)
