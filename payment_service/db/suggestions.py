"""What the newest run of each account group proposes for its open lines, while it still holds."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.sql import text
from reconciliation.explain import proposed_of
from reconciliation.explanation import Proposed, ProposedPart

_RANKS_AT_ONCE: Final = 5_000


async def replace_suggestions(
    connection: AsyncConnection,
    run_of_group: Mapping[UUID, UUID],
    rows: Iterable[Mapping[str, Any]],
) -> None:
    """Put the suggestions of new runs in the place of those their account groups had.

    Kept is what people could do: the residuals are as the run saw them, the due is of the line's
    unit, and nobody has taken this line off this due before. Parts of one rank stay together.
    """
    await connection.execute(
        text("""
            DELETE FROM suggestion USING run
            WHERE run.run_id = suggestion.run_id AND run.account_group_id = ANY(:group_ids)
        """),
        {"group_ids": list(run_of_group)},
    )
    query = text("""
        INSERT INTO suggestion (line_id, rank, item_id, break_id, run_id, kind, evidence_class,
          amount_minor, line_version, item_version, criteria)
        SELECT line_id, rank, item_id, break_id, run_id, kind, evidence_class, amount_minor,
               line_version, item_version, criteria
        FROM (
          SELECT given.*, broken.break_id, line.version AS line_version,
                 item.version AS item_version,
                 bool_and((
                   line.residual_minor = (criteria #>> '{amount,line_minor}')::bigint
                   AND item.residual_minor = (criteria #>> '{amount,item_minor}')::bigint
                   AND NOT item.is_cancelled AND item.unit_id = account.unit_id
                   AND broken.break_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM allocation AS before
                                   WHERE before.line_id = given.line_id
                                     AND before.item_id = given.item_id)
                 ) IS TRUE) OVER (PARTITION BY given.line_id, rank) AS holds
          FROM unnest(CAST(:line_ids AS uuid[]), CAST(:ranks AS smallint[]),
                      CAST(:item_ids AS uuid[]), CAST(:run_ids AS uuid[]),
                      CAST(:kinds AS text[]), CAST(:classes AS text[]),
                      CAST(:amounts AS bigint[]), CAST(CAST(:criteria AS text[]) AS jsonb[]))
            AS given (line_id, rank, item_id, run_id, kind, evidence_class, amount_minor, criteria)
          JOIN statement_line AS line ON line.line_id = given.line_id
          JOIN collection_account AS account ON account.account_id = line.account_id
          JOIN item ON item.item_id = given.item_id
          LEFT JOIN break_case AS broken
            ON broken.line_id = given.line_id AND broken.closed_at IS NULL
        ) AS judged WHERE holds
    """)
    ranks = [list(parts) for _, parts in groupby(rows, lambda row: (row["line_id"], row["rank"]))]
    for start in range(0, len(ranks), _RANKS_AT_ONCE):
        given = [row for parts in ranks[start : start + _RANKS_AT_ONCE] for row in parts]
        await connection.execute(
            query,
            {
                "line_ids": [row["line_id"] for row in given],
                "ranks": [row["rank"] for row in given],
                "item_ids": [row["item_id"] for row in given],
                "run_ids": [run_of_group[UUID(row["account_group"])] for row in given],
                "kinds": [row["kind"] for row in given],
                "classes": [row["evidence_class"] for row in given],
                "amounts": [row["amount_minor"] for row in given],
                "criteria": [row["criteria"] for row in given],
            },
        )


async def live_suggestions(
    connection: AsyncConnection, *, line_ids: Sequence[UUID] = (), item_ids: Sequence[UUID] = ()
) -> list[Proposed]:
    """Return what is proposed for lines or with items, by line and rank.

    A suggestion is not told any more once its line has no open break, or the line or one of its
    dues moved. The break that is open now may have another name than the one the run opened.
    """
    query = text("""
        SELECT * FROM (
          SELECT given.line_id, given.rank, given.item_id, given.kind, given.evidence_class,
                 given.amount_minor, given.criteria::text AS criteria_text, broken.break_id,
                 item.reference, request.dossier_code,
                 bool_and(line.version = given.line_version
                          AND item.version = given.item_version AND item.residual_minor > 0
                          AND NOT item.is_cancelled)
                   OVER (PARTITION BY given.line_id, given.rank) AS holds
          FROM suggestion AS given
          JOIN break_case AS broken
            ON broken.line_id = given.line_id AND broken.closed_at IS NULL
          JOIN statement_line AS line ON line.line_id = given.line_id
          JOIN item ON item.item_id = given.item_id
          JOIN payment_request AS request ON request.request_id = item.request_id
          WHERE (given.line_id, given.rank) IN (
            SELECT line_id, rank FROM suggestion
            WHERE line_id = ANY(:line_ids) OR item_id = ANY(:item_ids))
        ) AS judged WHERE holds
        ORDER BY line_id, rank, reference, item_id
    """)
    values = {"line_ids": list(line_ids), "item_ids": list(item_ids)}
    rows = await connection.execute(query, values)
    return [
        _proposed(list(of_rank))
        for _, of_rank in groupby(rows, lambda row: (row.line_id, row.rank))
    ]


def _proposed(rows: list[Any]) -> Proposed:
    first = rows[0]
    return proposed_of(
        line_id=first.line_id,
        break_id=first.break_id,
        rank=first.rank,
        kind=first.kind,
        evidence_class=first.evidence_class,
        parts=[
            ProposedPart(
                item_id=row.item_id,
                reference=row.reference,
                dossier_code=row.dossier_code,
                amount_minor=row.amount_minor,
                criteria=msgspec.json.decode(row.criteria_text),
            )
            for row in rows
        ],
    )
