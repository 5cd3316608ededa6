"""What people proposed about breaks, what was done of it, and what they need to see for it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.sql import text
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.resolution import Act, Part, Proposal, Reason


async def insert_resolution(
    connection: AsyncConnection, approval_id: UUID, proposal: Proposal, unit_id: UUID
) -> None:
    """Store what an approval asks for, in the transaction that asks; it is never added to."""
    values = {
        "approval_id": approval_id,
        "break_id": proposal.break_id,
        "unit_id": unit_id,
        "reason": proposal.reason.value,
        "note": proposal.note,
        "effect": proposal.effect,
    }
    await connection.execute(
        text("""
            INSERT INTO resolution (approval_id, break_id, unit_id, reason_code, note, effect)
            VALUES (:approval_id, :break_id, :unit_id, :reason, :note, :effect)
        """),
        values,
    )
    for position, part in enumerate(proposal.parts, 1):
        await connection.execute(
            text("""
                INSERT INTO resolution_part (approval_id, position, line_id, line_version, item_id,
                  item_version, group_id, break_id, amount_minor)
                VALUES (:approval_id, :position, :line_id, :line_version, :item_id, :item_version,
                  :group_id, :break_id, :amount_minor)
            """),
            {
                "approval_id": approval_id,
                "position": position,
                "line_id": part.line_id,
                "line_version": part.line_version,
                "item_id": part.item_id,
                "item_version": part.item_version,
                "group_id": part.group_id,
                "break_id": part.break_id,
                "amount_minor": part.amount_minor,
            },
        )


async def find_resolution(connection: AsyncConnection, approval_id: UUID) -> Proposal | None:
    """Return what an approval asks for, with the user name of who asked."""
    query = text("""
        SELECT act, subject_id, reason_code, note, effect, break_id, person.username
        FROM approval JOIN resolution USING (approval_id)
        JOIN person ON person.person_id = approval.requested_by
        WHERE approval_id = :approval_id
    """)
    one = (await connection.execute(query, {"approval_id": approval_id})).one_or_none()
    if one is None:
        return None
    parts = text("""
        SELECT amount_minor, line_id, line_version, item_id, item_version, group_id, break_id
        FROM resolution_part WHERE approval_id = :approval_id ORDER BY position
    """)
    rows = await connection.execute(parts, {"approval_id": approval_id})
    return Proposal(
        act=Act(one.act),
        subject_id=one.subject_id,
        reason=Reason(one.reason_code),
        parts=tuple(Part(**row._mapping) for row in rows),  # noqa: SLF001 - SQLAlchemy's public name
        note=one.note,
        break_id=one.break_id,
        effect=one.effect,
        asked_by=one.username,
    )


async def link_groups(
    connection: AsyncConnection,
    approval_id: UUID,
    group_ids: Sequence[UUID],
    retracted: Sequence[tuple[UUID, UUID]],
) -> None:
    """Tie what was done to its approval; the database compares both when it commits.

    `retracted` holds money that is taken off its request, and the match that does it.
    """
    links = text("INSERT INTO resolved_group (group_id, approval_id) VALUES (:group, :approval)")
    for group_id in group_ids:
        await connection.execute(links, {"group": group_id, "approval": approval_id})
    query = text("INSERT INTO money_retraction (money_id, group_id) VALUES (:money, :group)")
    for money_id, group_id in retracted:
        await connection.execute(query, {"money": money_id, "group": group_id})


_TOGETHER = """
    SELECT CAST(:group_id AS uuid) AS group_id UNION
    SELECT beside.group_id FROM resolved_group AS one JOIN approval USING (approval_id)
    JOIN resolved_group AS beside USING (approval_id)
    WHERE one.group_id = :group_id AND act = 'move_to_unit'
"""
"""The match itself, and the one that the same act made in the other unit's books."""


async def live_group(connection: AsyncConnection, group_id: UUID) -> list[Any]:
    """Return the allocations of a match with what they are about; none once it is undone.

    A match over two units is both of its matches.
    """
    query = text(f"""
        SELECT allocation.*, match_group.pass_name, item.kind AS item_kind, item.request_id
        FROM match_group JOIN allocation USING (group_id)
        LEFT JOIN match_group AS reversal ON reversal.reverses = match_group.group_id
        LEFT JOIN item ON item.item_id = allocation.item_id
        WHERE match_group.group_id IN ({_TOGETHER}) AND match_group.reverses IS NULL
          AND reversal.group_id IS NULL
        ORDER BY allocation.allocation_id
    """)  # noqa: S608 - a constant of this module
    return list(await connection.execute(query, {"group_id": group_id}))


async def open_break_of(
    connection: AsyncConnection, *, line_id: UUID | None = None, item_id: UUID | None = None
) -> Any | None:
    """Return the open break of a line or an item; whoever holds its lock may rely on it."""
    query = text("""
        SELECT break_id, code, unit_id, details::text AS details, opened_on FROM break_case
        WHERE closed_at IS NULL AND (line_id = :line_id OR item_id = :item_id)
    """)
    values = {"line_id": line_id, "item_id": item_id}
    return (await connection.execute(query, values)).one_or_none()


async def last_break_of_item(connection: AsyncConnection, item_id: UUID) -> Any | None:
    """Return the newest break that an item had."""
    query = text("""
        SELECT code, unit_id, details::text AS details, opened_on FROM break_case
        WHERE item_id = :item_id ORDER BY opened_at DESC, break_id DESC LIMIT 1
    """)
    return (await connection.execute(query, {"item_id": item_id})).first()


async def parts_of_group(connection: AsyncConnection, group_id: UUID) -> tuple[Part, ...]:
    """Return what undoing a match is about, with the versions of the rows as they are now."""
    query = text(f"""
        SELECT allocation.amount_minor::bigint AS amount_minor, allocation.line_id,
               line.version AS line_version, allocation.item_id, item.version AS item_version,
               allocation.group_id
        FROM allocation LEFT JOIN statement_line AS line ON line.line_id = allocation.line_id
        LEFT JOIN item ON item.item_id = allocation.item_id
        WHERE allocation.group_id IN ({_TOGETHER})
        ORDER BY allocation.line_id NULLS LAST, allocation.allocation_id
    """)  # noqa: S608 - a constant of this module
    rows = await connection.execute(query, {"group_id": group_id})
    return tuple(Part(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name


async def budget_line_of(connection: AsyncConnection, group_id: UUID) -> str:
    """Return the budget line that an approved write-off posted to."""
    query = text("""
        SELECT effect FROM resolution JOIN resolved_group USING (approval_id)
        WHERE group_id = :group_id
    """)
    effect = (await connection.execute(query, {"group_id": group_id})).scalar_one()
    found: list[list[str]] = msgspec.json.decode(effect)
    return next(detail for account, detail, *_ in found if account == Account.DUE_TO_BUDGET)


async def find_band(
    connection: AsyncConnection, act: Act, unit_id: UUID, on_day: date
) -> Any | None:
    """Return the band of an act in force on a day; the unit's own goes before the common one."""
    query = text("""
        SELECT amount_max_minor, budget_line FROM resolution_band
        WHERE act = :act AND coalesce(unit_id, :unit_id) = :unit_id
          AND daterange(valid_from, valid_to, '[]') @> CAST(:on_day AS date)
        ORDER BY unit_id NULLS LAST LIMIT 1
    """)
    values = {"act": act.value, "unit_id": unit_id, "on_day": on_day}
    return (await connection.execute(query, values)).first()


async def find_dues(
    connection: AsyncConnection, line: Any, words: Sequence[str], limit: int, *, is_elsewhere: bool
) -> list[Any]:
    """Return the dues whose reference or dossier code is one of the words.

    Those of the line's account group, or, elsewhere, those of other units.
    """
    query = text("""
        SELECT item_id, item.version, item.kind, item.amount_minor, item.residual_minor,
               item.is_cancelled, item.reference, dossier_code, unit.name_vi AS unit_name
        FROM payment_request AS request JOIN item USING (request_id)
        JOIN unit ON unit.unit_id = item.unit_id
        WHERE item.kind = 'due' AND CASE WHEN :is_elsewhere THEN item.unit_id <> :unit_id
          ELSE request.account_group_id = :account_group_id END
          AND (request.reference = ANY(:words) OR upper(dossier_code) = ANY(:words))
        ORDER BY request.created_at, item_id LIMIT :limit
    """)
    values = {
        "account_group_id": line.account_group_id,
        "unit_id": line.unit_id,
        "is_elsewhere": is_elsewhere,
        "words": list(words),
        "limit": limit,
    }
    return list(await connection.execute(query, values))


async def find_opposite_lines(connection: AsyncConnection, line_id: UUID, limit: int) -> list[Any]:
    """Return the open lines of the account that go the other way, of the same amount or by key."""
    query = text("""
        SELECT other.line_id AS opposite_id, other.version, other.booking_date,
               other.residual_minor, other.bank_reference AS reference, other.narrative,
               '' AS item_kind
        FROM statement_line AS line
        JOIN statement_line AS other ON other.account_id = line.account_id
          AND other.account_group_id = line.account_group_id
          AND other.direction <> line.direction AND (
            other.residual_minor = line.residual_minor
            OR nullif(other.returned_reference, '') = line.bank_reference
            OR nullif(line.returned_reference, '') = other.bank_reference)
        WHERE line.line_id = :line_id AND line.residual_minor > 0 AND other.residual_minor > 0
        ORDER BY other.booking_date, other.line_id LIMIT :limit
    """)
    return list(await connection.execute(query, {"line_id": line_id, "limit": limit}))


async def describe_parts(
    connection: AsyncConnection, approval_ids: Sequence[UUID]
) -> dict[UUID, list[Any]]:
    """Return for each approval its parts in words: the lines and items they are about."""
    query = text("""
        SELECT approval_id, part.amount_minor, part.line_id, line.booking_date, line.direction,
               line.narrative, line.bank_reference, item.kind AS item_kind, item.reference,
               request.dossier_code, undone.pass_name AS undone_pass, unit.name_vi AS unit_name,
               coalesce(line.counterparty_account, money.payer_account, '') AS payer_account,
               part.break_id, broken.code AS break_code,
               item.provider_transaction
        FROM resolution_part AS part
        LEFT JOIN break_case AS broken ON broken.break_id = part.break_id
        LEFT JOIN statement_line AS line ON line.line_id = part.line_id
        LEFT JOIN item ON item.item_id = part.item_id
        LEFT JOIN unit ON unit.unit_id = coalesce(item.unit_id, broken.unit_id)
        LEFT JOIN money ON money.money_id = item.money_id
        LEFT JOIN payment_request AS request ON request.request_id = item.request_id
        LEFT JOIN match_group AS undone ON undone.group_id = part.group_id
        WHERE approval_id = ANY(:approval_ids) ORDER BY approval_id, part.position
    """)
    found: dict[UUID, list[Any]] = {}
    for row in await connection.execute(query, {"approval_ids": list(approval_ids)}):
        found.setdefault(row.approval_id, []).append(row)
    return found


async def lines_taken_apart(
    connection: AsyncConnection, account_group_ids: Sequence[UUID]
) -> frozenset[str]:
    """Return the open lines that people took off a due, or off the line they were paired with."""
    query = text("SELECT line_id::text FROM line_taken_apart WHERE account_group_id = ANY(:ids)")
    rows = await connection.execute(query, {"ids": list(account_group_ids)})
    return frozenset(row.line_id for row in rows)
