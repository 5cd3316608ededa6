"""An officer asks for an act about a break, or looks ahead at what it would do."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from payment_service.context import Context
from payment_service.db import accounts, resolutions
from payment_service.db.audit import record_act
from payment_service.db.people import Person
from payment_service.domain.errors import Forbidden, Invalid, StateConflict
from payment_service.domain.identifiers import new_id
from payment_service.domain.resolution import NOTE_LENGTH_MAX, PARTS_MAX, Proposal
from payment_service.use_cases.resolve import resolve


async def ask_resolution(
    context: Context, person: Person, proposal: Proposal, *, is_preview: bool = False
) -> tuple[UUID, str]:
    """Store the proposal for approval; return the approval's id and what it will post.

    A preview works out the same and stores nothing. Raises `Forbidden` for an auditor, `Invalid`
    for what the break does not allow, `StateConflict` when something changed or is asked already.
    """
    _require_sound(person, proposal)
    now = context.clock()
    approval_id = new_id(now)
    asked = replace(proposal, asked_by=person.username, note=proposal.note.strip())
    try:
        async with context.database.transaction() as connection:
            step = await resolve(connection, now, asked)
            if is_preview:
                return approval_id, step.effect
            asked = replace(asked, effect=step.effect)
            await accounts.request_approval(
                connection,
                {
                    "approval_id": approval_id,
                    "act": asked.act.value,
                    "subject_id": asked.subject_id,
                    "amount_minor": asked.amount_minor,
                    "reason": asked.reason.value,
                    "requested_by": person.person_id,
                    "requested_at": now,
                },
            )
            await resolutions.insert_resolution(
                connection, approval_id, asked, step.account.unit_id
            )
            await record_act(
                connection,
                now,
                person.username,
                f"asked {asked.act.value}",
                str(asked.subject_id),
                {"approval": str(approval_id)},
            )
    except IntegrityError as error:
        raise StateConflict("something is asked for here already", field="waiting") from error
    return approval_id, asked.effect


def _require_sound(person: Person, proposal: Proposal) -> None:
    if person.role == "auditor":
        raise Forbidden
    if not 0 < len(proposal.parts) <= PARTS_MAX:
        raise Invalid(f"an act has 1 to {PARTS_MAX} parts", field="due")
    keys = [(part.line_id, part.item_id, part.break_id) for part in proposal.parts]
    if len(set(keys)) != len(keys) or any(not any(key) for key in keys):
        raise Invalid("every part is about something else", field="due")
    if any(part.amount_minor < (0 if part.break_id else 1) for part in proposal.parts):
        raise Invalid("a part is a positive amount", field="amount")
    if len(proposal.note) > NOTE_LENGTH_MAX:
        raise Invalid(f"a note has at most {NOTE_LENGTH_MAX} characters", field="note")
