"""Which account is known to pay for which dossier: learned from a match, approved, until a day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.sql import text
from payment_service.db.suggestions import live_suggestions
from reconciliation.explanation import Proposed
from reconciliation.known_payers import KnownDue, with_known_payers

_LIVE = """
    SELECT mapping.* FROM payer_mapping AS mapping
    WHERE CAST(:on_day AS date) BETWEEN valid_from AND valid_to
      AND NOT EXISTS (SELECT FROM payer_mapping_revocation AS gone
                      WHERE gone.approval_id = mapping.approval_id)
"""


async def insert_mapping(
    connection: AsyncConnection, approval_id: UUID, valid_from: date, valid_to: date
) -> None:
    """Store what an approval learned: the account of its line pays for the dossier of its due."""
    query = text("""
        INSERT INTO payer_mapping
          (approval_id, unit_id, payer_account, dossier_code, valid_from, valid_to)
        SELECT approval_id, item.unit_id, line.counterparty_account, request.dossier_code,
               :valid_from, :valid_to
        FROM resolution_part AS part JOIN statement_line AS line USING (line_id)
        JOIN item ON item.item_id = part.item_id
        JOIN payment_request AS request ON request.request_id = item.request_id
        WHERE approval_id = :approval_id
    """)
    values = {"approval_id": approval_id, "valid_from": valid_from, "valid_to": valid_to}
    await connection.execute(query, values)


async def is_known(
    connection: AsyncConnection, payer_account: str, item_id: UUID, on_day: date
) -> bool:
    """Say whether an account is known to pay for the dossier of a due already."""
    query = text(f"""
        SELECT EXISTS (
          SELECT FROM ({_LIVE}) AS live JOIN item ON item.unit_id = live.unit_id
          JOIN payment_request AS request ON request.request_id = item.request_id
            AND request.dossier_code = live.dossier_code
          WHERE item.item_id = :item_id AND payer_account = :payer_account)
    """)  # noqa: S608 - a constant of this module
    values = {"item_id": item_id, "payer_account": payer_account, "on_day": on_day}
    return bool((await connection.execute(query, values)).scalar_one())


async def known_dues(connection: AsyncConnection, line_id: UUID, on_day: date) -> list[KnownDue]:
    """Return the open dues of dossiers whose payer uses the account that an open line came from.

    Of the line's own unit and account group, and not one that this line was taken off before.
    """
    query = text(f"""
        SELECT DISTINCT ON (item.residual_minor <> line.residual_minor, item.opened_on, item_id)
          line.line_id, broken.break_id, item.item_id, item.reference, live.dossier_code,
          live.payer_account, live.valid_from AS known_on, line.residual_minor AS line_minor,
          item.residual_minor AS item_minor, line.booking_date AS line_on,
          item.opened_on AS item_on, broken.code = 'NO_REFERENCE' AS is_nameless
        FROM statement_line AS line
        JOIN break_case AS broken ON broken.line_id = line.line_id AND closed_at IS NULL
        JOIN collection_account AS account ON account.account_id = line.account_id
        JOIN ({_LIVE}) AS live ON live.payer_account = line.counterparty_account
          AND live.unit_id = account.unit_id
        JOIN payment_request AS request ON request.dossier_code = live.dossier_code
          AND request.collecting_unit_id = live.unit_id
        JOIN item ON item.request_id = request.request_id AND item.kind = 'due'
          AND item.unit_id = live.unit_id AND item.account_group_id = line.account_group_id
        WHERE line.line_id = :line_id AND line.direction = 'credit'
          AND item.residual_minor > 0 AND NOT item.is_cancelled
          AND NOT EXISTS (SELECT FROM allocation AS before
                          WHERE before.line_id = line.line_id AND before.item_id = item.item_id)
        ORDER BY item.residual_minor <> line.residual_minor, item.opened_on, item_id, known_on
    """)  # noqa: S608 - a constant of this module
    rows = await connection.execute(query, {"line_id": line_id, "on_day": on_day})
    return [KnownDue(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


async def proposed_for_line(
    connection: AsyncConnection, line_id: UUID, on_day: date
) -> list[Proposed]:
    """Return what the newest run proposes for a line, with what is known about payers."""
    proposed = await live_suggestions(connection, line_ids=[line_id])
    return with_known_payers(proposed, await known_dues(connection, line_id, on_day))


async def list_mappings(connection: AsyncConnection, limit: int) -> list[Any]:
    """Return what was learned, the newest first, with who asked, approved and revoked."""
    query = text("""
        SELECT mapping.approval_id, unit.name_vi AS unit_name, payer_account, dossier_code,
               valid_from, valid_to, note, asker.full_name AS requester_name,
               decider.full_name AS decider_name, revoked_at, revoker.full_name AS revoker_name
        FROM payer_mapping AS mapping JOIN approval USING (approval_id)
        JOIN resolution USING (approval_id) JOIN unit ON unit.unit_id = mapping.unit_id
        JOIN person AS asker ON asker.person_id = requested_by
        JOIN person AS decider ON decider.person_id = decided_by
        LEFT JOIN payer_mapping_revocation AS gone USING (approval_id)
        LEFT JOIN person AS revoker ON revoker.person_id = gone.revoked_by
        ORDER BY decided_at DESC, mapping.approval_id LIMIT :limit
    """)
    return list(await connection.execute(query, {"limit": limit}))


async def revoke_mapping(
    connection: AsyncConnection, approval_id: UUID, person_id: UUID, now: datetime
) -> bool:
    """Take a mapping back; false when there is none, or it was taken back before."""
    query = text("""
        INSERT INTO payer_mapping_revocation (approval_id, revoked_by, revoked_at)
        SELECT approval_id, :person_id, :now FROM payer_mapping WHERE approval_id = :approval_id
        ON CONFLICT DO NOTHING
    """)
    values = {"approval_id": approval_id, "person_id": person_id, "now": now}
    return (await connection.execute(query, values)).rowcount == 1
