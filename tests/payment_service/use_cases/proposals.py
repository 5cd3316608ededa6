"""What an officer proposes about lines and matches, with the versions they see at that moment."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bank_adapters.vocabulary import Direction
from payment_service.context import Context
from payment_service.db import people, resolutions
from payment_service.db.people import Person
from payment_service.domain.resolution import REASONS, Act, Part, Proposal, Reason
from payment_service.use_cases.add_people import NewPerson, add_people
from payment_service.use_cases.ask_resolution import ask_resolution
from tests.builders import PASSWORD
from tests.payment_service.use_cases.days import line
from tests.payment_service.use_cases.towns import MONDAY, Town

HUNG = NewPerson(
    username="hung",
    full_name="Phạm Văn Hùng",
    identity_number="031190000003",
    password=PASSWORD,
    role="approver",
)


async def person(town: Town, role: str) -> Person:
    """Add one more person of a role."""
    await add_people(town.context, [replace(HUNG, role=role)], only_when_empty=False)
    async with town.context.database.read_only() as connection:
        found = await people.find_person(connection, HUNG.username)
    assert found is not None
    return found


async def unexplained(
    town: Town,
    amount_minor: int,
    *,
    narrative: str = "khong ro",
    on: date = MONDAY,
    direction: Direction = Direction.CREDIT,
) -> UUID:
    """Let a line that explains nothing come and a night pass; return the line."""
    [line_id] = await several(town, (amount_minor, direction), narrative=narrative, on=on)
    return line_id


async def several(
    town: Town, *amounts: tuple[int, Direction], narrative: str = "khong ro", on: date = MONDAY
) -> list[UUID]:
    """Let lines that explain nothing come in one statement and a night pass; return them."""
    keys = [f"K{town.bank.number}{number}" for number, _ in enumerate(amounts)]
    lines = [
        line(amount_minor, narrative, on, reference=key, direction=direction)
        for key, (amount_minor, direction) in zip(keys, amounts, strict=True)
    ]
    await town.statement(on, lines)
    await town.night(on)
    return [await line_of(town, key) for key in keys]


async def line_of(town: Town, bank_reference: str) -> UUID:
    """Return the line that bears a key of the bank."""
    found: UUID = await town.value(
        "SELECT line_id FROM statement_line WHERE bank_reference = :key", key=bank_reference
    )
    return found


async def line_part(town: Town, line_id: UUID, amount_minor: int | None = None) -> Part:
    """Return what is open on a line, or a part of it."""
    [row] = await town.rows(
        "SELECT residual_minor, version FROM statement_line WHERE line_id = :line_id",
        line_id=line_id,
    )
    if amount_minor is None:
        amount_minor = row.residual_minor
    return Part(line_id=line_id, line_version=row.version, amount_minor=amount_minor)


async def due_part(town: Town, line_id: UUID, asked: Mapping[str, Any], amount_minor: int) -> Part:
    """Return a part of a line for a request."""
    [row] = await town.rows(
        "SELECT item_id, version FROM item WHERE kind = 'due' AND request_id = :request_id",
        request_id=UUID(asked["request_id"]),
    )
    part = await line_part(town, line_id, amount_minor)
    return replace(part, item_id=row.item_id, item_version=row.version)


async def open_break(town: Town, subject_id: UUID) -> UUID | None:
    """Return the open break of a line or an item."""
    rows = await town.rows(
        "SELECT break_id FROM break_case WHERE closed_at IS NULL"
        " AND (line_id = :subject_id OR item_id = :subject_id)",
        subject_id=subject_id,
    )
    return rows[0].break_id if rows else None


async def proposed(town: Town, act: Act, subject_id: UUID, *parts: Part) -> Proposal:
    """Return a proposal about an open break."""
    return Proposal(
        act=act,
        subject_id=subject_id,
        reason=REASONS[act][0],
        note="ghi chú",
        break_id=await open_break(town, subject_id),
        parts=parts,
    )


async def split(town: Town, line_id: UUID, *parts: tuple[Mapping[str, Any], int]) -> Proposal:
    """Propose to match a line with dues, each with an amount."""
    return await proposed(
        town,
        Act.MATCH_BY_HAND,
        line_id,
        *[await due_part(town, line_id, asked, amount_minor) for asked, amount_minor in parts],
    )


async def undoing(town: Town, group_id: UUID) -> Proposal:
    """Propose to undo a match."""
    async with town.context.database.read_only() as connection:
        parts = await resolutions.parts_of_group(connection, group_id)
    return Proposal(
        act=Act.UNMATCH, subject_id=group_id, reason=REASONS[Act.UNMATCH][0], parts=parts
    )


async def learning(town: Town, group_id: UUID) -> Proposal:
    """Propose to keep in mind who paid in a match."""
    return replace(
        await undoing(town, group_id), act=Act.LEARN_PAYER, reason=REASONS[Act.LEARN_PAYER][0]
    )


async def live_groups(town: Town, line_id: UUID) -> list[UUID]:
    """Return the matches of a line that nobody undid, in the order they were made."""
    rows = await town.rows(
        "SELECT DISTINCT group_id FROM allocation JOIN match_group USING (group_id)"
        " WHERE line_id = :line_id AND reverses IS NULL AND NOT EXISTS (SELECT FROM match_group"
        " AS undoing WHERE undoing.reverses = allocation.group_id) ORDER BY group_id",
        line_id=line_id,
    )
    return [row.group_id for row in rows]


async def ask(town: Town, proposal: Proposal) -> UUID:
    """Ask as the officer."""
    approval_id, _ = await ask_resolution(town.context, town.officer, proposal)
    return approval_id


async def carry_out(town: Town, proposal: Proposal) -> UUID:
    """Ask as the officer and approve as the approver."""
    approval_id = await ask(town, proposal)
    await town.approve(approval_id)
    return approval_id


async def undo(town: Town, line_id: UUID) -> None:
    """Undo every live match of a line, one approval each."""
    for group_id in await live_groups(town, line_id):
        await carry_out(town, await undoing(town, group_id))


async def ask_refund(
    context: Context,
    person: Person,
    item_id: UUID,
    note: str,
    *,
    reason: Reason = REASONS[Act.REFUND][0],
) -> UUID:
    """Ask to return what is kept as an item, as it is now."""
    async with context.database.read_only() as connection:
        query = text("""
            SELECT item.version, residual_minor, break_id FROM item
            LEFT JOIN break_case ON break_case.item_id = item.item_id AND closed_at IS NULL
            WHERE item.item_id = :item_id
        """)
        row = (await connection.execute(query, {"item_id": item_id})).one_or_none()
    part = Part(
        item_id=item_id,
        item_version=row.version if row else 1,
        amount_minor=(row.residual_minor if row else 0) or 1,
    )
    proposal = Proposal(
        act=Act.REFUND,
        subject_id=item_id,
        reason=reason,
        note=note,
        break_id=row.break_id if row else None,
        parts=(part,),
    )
    return (await ask_resolution(context, person, proposal))[0]
