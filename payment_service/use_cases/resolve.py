"""The shared step that works out what people propose about a break: matches, postings, breaks.

Looking ahead, asking and approving run the same code over the same locked rows, so that what is
approved is what was seen. Runs inside the caller's transaction, which writes the booking or not.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db import accounts, break_answers, items, money, resolutions, returns
from payment_service.db.accounts import CollectionAccount
from payment_service.db.booking import Booking, canonical_json
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import Invalid, NotFound, StateConflict
from payment_service.domain.resolution import REASONS, Act, Proposal
from payment_service.use_cases.answer_break import OF_BREAKS, answer_break, reopen_break
from payment_service.use_cases.learn_payer import learn_payer
from payment_service.use_cases.match_by_hand import match_by_hand, move_to_request
from payment_service.use_cases.move_to_unit import move_to_unit
from payment_service.use_cases.order_refund import order_refund
from payment_service.use_cases.resolution_step import ResolutionStep, require_band
from payment_service.use_cases.settle import book_own_line
from payment_service.use_cases.settle_item import settle_item
from payment_service.use_cases.take_apart import take_apart
from payment_service.use_cases.write_off import write_off
from reconciliation.breaks import BREAK_RULES, RETURNS, BreakCode, Resolution

NOT_ASKED_YET: Final = UUID(int=0)
"""Stands for the approval while somebody only looks ahead."""
_WHOLE_ACTS: Final = {
    Act.UNMATCH: take_apart,
    Act.MOVE_TO_REQUEST: move_to_request,
    Act.LEARN_PAYER: learn_payer,
    Act.ANSWER: answer_break,
    Act.REOPEN: reopen_break,
}
"""Acts about a match or a break itself; the others are about what is open behind a break."""
_LEAVING: Final = frozenset({Act.REFUND, Act.MOVE_TO_UNIT})
"""Acts by which money leaves the account."""
_ENDING: Final = frozenset({Act.REFUND, Act.BOOK_AS_CHARGE})
"""Acts that end a return: what is still open of what it took back comes before."""
_OF_TWO_UNITS: Final = frozenset({Act.MOVE_TO_UNIT, Act.UNMATCH})
"""Acts that may be about two units; undoing is about those that its match is about."""


async def resolve(
    connection: AsyncConnection,
    now: datetime,
    proposal: Proposal,
    approval_id: UUID = NOT_ASKED_YET,
    approved_by: str = "",
) -> ResolutionStep:
    """Lock what an act touches (lines, dues, other items), and work it out without writing it.

    Raises `StateConflict` when a row is not as the proposer saw it, the break is closed or the
    money moved on; `Invalid` for an act that the break or its band does not allow.
    """
    lines = await items.lock_lines(connection, proposal.line_ids)
    # Dues are locked before what is held for them, everywhere.
    requests = await items.requests_of_items(connection, proposal.item_ids)
    dues = await money.lock_dues(connection, requests)
    found = await items.lock_items(connection, proposal.item_ids)
    broken = await break_answers.lock_breaks(connection, proposal.answered_ids)
    _require_fitting(proposal, broken)
    _require_as_seen(proposal, lines, found)
    # Where the money is comes first: a due may be paid into another account, or unit.
    by_money = sorted(found.values(), key=lambda item: item.kind == "due")
    holders: list[Any] = [*lines.values(), *by_money, *broken.values()]
    account = await _account(connection, holders[0].account_id)
    on_day = business_date(now, None)
    step = ResolutionStep(
        booking=Booking(now=now, account_group_id=account.account_group_id),
        proposal=proposal,
        approval_id=approval_id,
        account=account,
        lines=lines,
        items=found,
        dues=dues,
        breaks=broken,
        on_day=on_day,
        key=(proposal.act.value, str(approval_id), account.book, on_day),
        evidence=canonical_json(
            {
                "act": proposal.act.value,
                "approval": str(approval_id),
                "approved_by": approved_by,
                "note": proposal.note,
                "proposed_by": proposal.asked_by,
                "reason": proposal.reason.value,
            }
        ),
    )
    elsewhere = [item for item in found.values() if item.unit_id != account.unit_id]
    # A match in the account of a merged unit is one, though what it settles is its successor's.
    is_of_two = len({part.group_id for part in proposal.parts if part.group_id}) > 1
    if elsewhere and (proposal.act is Act.MOVE_TO_UNIT or is_of_two):
        step = replace(step, other=await _other_side(connection, step, elsewhere[0]))
    await _work_out(connection, step)
    return step


async def _other_side(
    connection: AsyncConnection, step: ResolutionStep, due: Any
) -> ResolutionStep:
    if step.proposal.act is Act.MOVE_TO_UNIT:
        account = await accounts.live_account_of_unit(connection, due.unit_id)
    else:
        # Whatever became of the unit's accounts since: it is undone in the book it stands in.
        groups = [part.group_id for part in step.proposal.parts if part.item_id == due.item_id]
        account = await accounts.account_of_match(connection, groups[0])
    if account is None:
        raise Invalid("the other unit has no account to transfer to", field="no-account")
    act, source, _, on_day = step.key
    return replace(
        step,
        booking=Booking(now=step.booking.now, account_group_id=account.account_group_id),
        account=account,
        key=(act, f"{source}:{account.unit_code}", account.book, on_day),
        groups=[],
        retracted=[],
    )


async def _work_out(connection: AsyncConnection, step: ResolutionStep) -> None:
    if step.proposal.act in _WHOLE_ACTS:
        await _WHOLE_ACTS[step.proposal.act](connection, step)
        return
    broken = await _open_break(connection, step.proposal)
    match step.proposal.act:
        case Act.MATCH_BY_HAND:
            await match_by_hand(connection, step, broken)
        case Act.BOOK_AS_CHARGE:
            await _book_as_charge(connection, step, broken)
        case Act.PAIR_LINES:
            await _pair(connection, step)
        case Act.MOVE_TO_UNIT:
            await move_to_unit(connection, step, broken)
        case act:
            await _ALL_THAT_IS_OPEN[act](connection, step)


def _require_fitting(proposal: Proposal, broken: dict[UUID, Any]) -> None:
    if proposal.reason not in REASONS[proposal.act]:
        raise Invalid("this reason does not stand for this act", field="reason")
    if bool(proposal.answered_ids) != (proposal.act in OF_BREAKS):
        raise Invalid("this act is about something else", field="subject")
    if len(broken) != len(proposal.answered_ids):
        raise NotFound(field="not-here")


def _require_as_seen(proposal: Proposal, lines: dict[UUID, Any], found: dict[UUID, Any]) -> None:
    for part in proposal.parts:
        for key, version, rows in (
            (part.line_id, part.line_version, lines),
            (part.item_id, part.item_version, found),
        ):
            if key is None:
                continue
            if key not in rows:
                raise NotFound(field="not-here")
            if rows[key].version != version:
                raise StateConflict("this changed since it was looked at", field="stale")
    groups = {row.account_group_id for row in (*lines.values(), *found.values())}
    if len(groups) > 1 and proposal.act not in _OF_TWO_UNITS:
        raise Invalid("an act stays within one account group", field="another-unit")


async def _account(connection: AsyncConnection, account_id: UUID | None) -> CollectionAccount:
    account = await accounts.find_account(connection, account_id) if account_id else None
    if account is None:
        raise NotFound(field="not-here")
    return account


async def _open_break(connection: AsyncConnection, proposal: Proposal) -> Any:
    subject = proposal.subject_id
    if subject not in (*proposal.line_ids, *proposal.item_ids):
        raise Invalid("the act is not about the subject of the break", field="subject")
    broken = await resolutions.open_break_of(connection, line_id=subject, item_id=subject)
    if broken is None or broken.break_id != proposal.break_id:
        raise StateConflict("this break is closed", field="closed-break")
    if Resolution(proposal.act.value) not in BREAK_RULES[BreakCode(broken.code)].resolutions:
        raise Invalid("a break of this kind is not resolved in this way", field="resolution")
    await _require_there(connection, proposal)
    return broken


async def _require_there(connection: AsyncConnection, proposal: Proposal) -> None:
    """See that nobody spends what the bank took back, before or after its return is booked."""
    spent = list(proposal.line_ids)
    if proposal.act is not Act.SETTLE_ITEM:
        spent += await returns.lines_of_kept(connection, proposal.item_ids)
    is_leaving = proposal.act in _LEAVING
    if proposal.act is not Act.PAIR_LINES and await returns.is_taken_back(
        connection, spent, is_settled_too=is_leaving
    ):
        raise StateConflict("the bank took this money back", field="taken-back")
    for line_id in proposal.line_ids if proposal.act in _ENDING else ():
        original_id = await returns.original_of(connection, line_id)
        if original_id is not None and await returns.is_open_still(connection, original_id):
            raise StateConflict("what it took back is open still", field="original-open")


async def _pair(connection: AsyncConnection, step: ResolutionStep) -> None:
    lines = list(step.lines.values())
    if len(lines) != 2 or step.items:  # noqa: PLR2004 - a payment and its return
        raise Invalid("a payment and its return are two lines", field="opposite")
    one, other = lines
    if one.direction == other.direction or one.account_id != other.account_id:
        raise Invalid("the lines go opposite ways on one account", field="opposite")
    breaks = [await resolutions.open_break_of(connection, line_id=each.line_id) for each in lines]
    # Of money that moved on in part, the return finds only the rest.
    is_rest = other.line_id == await returns.original_of(
        connection, one.line_id
    ) or one.line_id == await returns.original_of(connection, other.line_id)
    if not is_rest and await returns.is_taken_back(connection, step.proposal.line_ids):
        raise StateConflict("the bank took this money back", field="taken-back")
    amount_minor = min(one.residual_minor, other.residual_minor)
    if {part.amount_minor for part in step.proposal.parts} != {amount_minor} or not (
        is_rest or one.residual_minor == other.residual_minor
    ):
        raise Invalid("a payment and its return are of one amount", field="opposite")
    group_id = step.open_group("pair_lines")
    for line, broken in zip(lines, breaks, strict=True):
        step.booking.allocate(group_id, amount_minor, line_id=line.line_id)
        step.reopen(broken, line.residual_minor - amount_minor, line_id=line.line_id)


async def _book_as_charge(connection: AsyncConnection, step: ResolutionStep, broken: Any) -> None:
    if broken.code in RETURNS and step.only_line.direction == "credit":
        raise Invalid("what the bank gave back is not its interest", field="direction")
    await require_band(connection, step)
    line, account = step.only_line, step.account
    amount_minor = step.whole(line.residual_minor)
    group_id = step.open_group("book_as_charge")
    step.booking.resolved_lines.append(line.line_id)
    step.post(book_own_line(step.booking, line, account, group_id, amount_minor, step.on_day))


_ALL_THAT_IS_OPEN: Final = {
    Act.WRITE_OFF: write_off,
    Act.REFUND: order_refund,
    Act.SETTLE_ITEM: settle_item,
}
"""Acts about everything that is open on one line or item."""
