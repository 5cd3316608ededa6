"""What an officer typed on the form of an act, as a proposal with the versions that were seen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from payment_service.db.staff_breaks import Break
from payment_service.domain.errors import Invalid
from payment_service.domain.resolution import (
    NOTE_LENGTH_MAX,
    REASONS,
    Act,
    Part,
    Proposal,
    Reason,
)
from payment_service.use_cases.answer_break import OF_BREAKS
from payment_service.web.forms import Form, identifier

OF_MATCHES: Final = frozenset({Act.UNMATCH, Act.MOVE_TO_REQUEST, Act.LEARN_PAYER})
"""Acts about a match; the others are about a break."""
OF_DUES: Final = frozenset({Act.MATCH_BY_HAND, Act.MOVE_TO_UNIT, Act.MOVE_TO_REQUEST})
"""Acts for which a due has to be found."""
OF_OPPOSITES: Final = frozenset({Act.PAIR_LINES, Act.SETTLE_ITEM})
"""Acts for which one line or item is chosen beside the subject."""


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


def proposal_of(form: Form, looked: Looked, candidates: list[Any]) -> Proposal:
    """Return what the form proposes; `Invalid` names the field that is not well-formed."""
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


def chosen_items(typed: Mapping[str, str]) -> list[UUID]:
    """Return the items that have an amount in the form."""
    names = [name.removeprefix("amount_") for name in typed if name.startswith("amount_")]
    return [identifier(name) for name in names if typed[f"amount_{name}"].strip()]


def _parts(form: Form, looked: Looked, candidates: list[Any]) -> tuple[Part, ...]:
    if looked.act in OF_MATCHES - OF_DUES:
        return looked.parts
    if looked.act in OF_DUES:
        return _parts_for_dues(form, looked, candidates)
    if looked.act in OF_BREAKS and looked.one is not None:
        amount_minor = form.whole_number("amount")
        return (Part(break_id=looked.one.break_id, amount_minor=amount_minor),)
    version = form.whole_number("version")
    if looked.act in OF_OPPOSITES:
        return _parts_of_pair(form, looked, candidates, version)
    if looked.item is not None:
        amount_minor = form.whole_number("amount")
        return (Part(item_id=looked.subject_id, item_version=version, amount_minor=amount_minor),)
    whole = Part(
        line_id=looked.subject_id, line_version=version, amount_minor=form.whole_number("amount")
    )
    return (whole,)


def _parts_of_pair(
    form: Form, looked: Looked, candidates: list[Any], version: int
) -> tuple[Part, ...]:
    chosen, _, seen = form.text("opposite", 60).partition(":")
    if not seen.isascii() or not seen.isdigit():
        raise Invalid("choose a line", field="opposite")
    opposite_id, opposite_version = identifier(chosen), int(seen)
    amount_minor = form.whole_number("amount")
    residuals = [each.residual_minor for each in candidates if each.opposite_id == opposite_id]
    amount_minor = min([amount_minor, *residuals])
    whole = Part(line_id=looked.subject_id, line_version=version, amount_minor=amount_minor)
    if looked.act is Act.PAIR_LINES:
        return (whole, replace(whole, line_id=opposite_id, line_version=opposite_version))
    if looked.item is None:
        return (replace(whole, item_id=opposite_id, item_version=opposite_version),)
    of_item = replace(whole, item_id=looked.subject_id, item_version=version)
    return (replace(of_item, line_id=opposite_id, line_version=opposite_version),)


def _parts_for_dues(form: Form, looked: Looked, candidates: list[Any]) -> tuple[Part, ...]:
    dues = tuple(
        Part(
            item_id=due.item_id,
            item_version=form.whole_number(f"version_{due.item_id}"),
            amount_minor=form.whole_number(f"amount_{due.item_id}"),
        )
        for due in candidates
        if form.typed().get(f"amount_{due.item_id}", "").strip()
    )
    if looked.act is Act.MOVE_TO_REQUEST:
        [line_id, line_version] = looked.parts[0].line_id, looked.parts[0].line_version
    else:
        [line_id, line_version] = looked.subject_id, form.whole_number("version")
    if looked.act is Act.MOVE_TO_UNIT:
        total_minor = sum(due.amount_minor for due in dues)
        source = Part(line_id=line_id, line_version=line_version, amount_minor=total_minor)
        if looked.item is not None:
            source = Part(item_id=line_id, item_version=line_version, amount_minor=total_minor)
        return (*dues, source) if dues else ()
    parts = tuple(replace(due, line_id=line_id, line_version=line_version) for due in dues)
    return (*looked.parts, *parts)
