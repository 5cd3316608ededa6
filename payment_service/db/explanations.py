"""Why a line is matched or why not, as sentences replayed from what was stored."""

import json
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from reconciliation.breaks import BreakCode, Language, fill
from reconciliation.explain import why_matched, why_not


async def explain(connection: AsyncConnection, subject: str, language: Language) -> list[str]:
    """Explain a line by its identifier, or every line of a request by its reference."""
    sentences = []
    for line_id in await _lines_of(connection, subject):
        sentences += await explain_line(connection, line_id, language)
    return sentences


async def _lines_of(connection: AsyncConnection, subject: str) -> list[UUID]:
    try:
        return [UUID(subject)]
    except ValueError:
        query = text("""
            SELECT DISTINCT allocation.line_id
            FROM payment_request JOIN item USING (request_id)
            LEFT JOIN money ON money.request_id = payment_request.request_id
            JOIN allocation ON allocation.item_id = item.item_id
              OR allocation.money_id = money.money_id
            WHERE payment_request.reference = :subject AND allocation.line_id IS NOT NULL
            ORDER BY allocation.line_id
        """)
        return [row.line_id for row in await connection.execute(query, {"subject": subject})]


async def explain_line(connection: AsyncConnection, line_id: UUID, language: Language) -> list[str]:
    """Return one sentence for each match of a line, and one for its open break."""
    matches = text("""
        SELECT DISTINCT match_group.pass_name, match_group.evidence, match_group.made_at,
               match_group.group_id, match_group.reverses
        FROM allocation JOIN match_group USING (group_id) WHERE allocation.line_id = :line_id
        ORDER BY match_group.made_at, match_group.group_id
    """)
    breaks = text("""
        SELECT code, details FROM break_case WHERE line_id = :line_id AND closed_at IS NULL
    """)
    sentences = [
        _matched(row, language) for row in await connection.execute(matches, {"line_id": line_id})
    ]
    for row in await connection.execute(breaks, {"line_id": line_id}):
        sentences += why_not(BreakCode(row.code), row.details, language)
    return sentences


_BY_PEOPLE: Final = {
    "vi": "Hai người xử lý ({act}): {proposed_by} đề nghị, {approved_by} duyệt, lý do {reason}.",
    "en": "By two people ({act}): {proposed_by} asked, {approved_by} approved, reason {reason}.",
}


def _matched(row: Any, language: Language) -> str:
    evidence = json.loads(row.evidence)
    if "proposed_by" in evidence:
        return fill(_BY_PEOPLE[language], evidence, language)
    if row.reverses is not None:
        undone = {"vi": "Đã hủy ghép vì ngân hàng trả lại tiền.", "en": "Undone: money returned."}
        return undone[language]
    return why_matched(evidence, language)
