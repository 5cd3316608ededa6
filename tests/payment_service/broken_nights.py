"""A small night with everything in it, what it decided, and the same after it was broken off."""

import asyncio
import json
from typing import Any

from sqlalchemy import text

from bank_adapters.registry import DIALECTS
from payment_service.context import Context
from payment_service.domain.errors import RequestInFlight, Unavailable
from payment_service.nightly import run_night
from payment_service.use_cases.keep_callback import keep_callback
from tests.payment_service.use_cases.days import bank_notice, line
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town, morning_after


async def prepare_night(town: Town) -> None:
    """Leave a kept notice, a settlement report and a statement of every kind of line."""
    paid = await town.ask_at_gateway()
    await town.ipn(paid, FEE, "77")
    asked = [await town.ask() for _ in range(4)]
    kept = bank_notice(town.bank.opened, asked[0]["reference"], FEE, "FT0", MONDAY)
    await keep_callback(town.context, DIALECTS["rsabank"], town.bank.opened.slug, kept)
    report = town.written_report([("77", paid, FEE)], settled_on=MONDAY, fee_minor=100)
    _drop(town.context, "z.settlement", report, town.sign_report(report))
    amounts = [FEE, FEE, 4_000, 13_000]
    lines = [
        line(minor, each["reference"], MONDAY, reference=f"FT{number}")
        for number, (minor, each) in enumerate(zip(amounts, asked, strict=True))
    ]
    lines += [
        line(FEE - 100, "TT LO2611230001", MONDAY, reference="FT8"),
        line(1_000, "khong ro", MONDAY, reference="FT9"),
    ]
    _drop(town.context, "a.sta", *town.bank.statement(MONDAY, lines))
    town.clock.now = morning_after(MONDAY)
    await town.context.database.close()


def _drop(context: Context, name: str, content: bytes, signature: bytes) -> None:
    """Leave a closed file in the pick-up folder: its signature comes last."""
    context.pick_up_folder.mkdir(parents=True, exist_ok=True)
    (context.pick_up_folder / name).write_bytes(content)
    (context.pick_up_folder / f"{name}.sig").write_bytes(signature)


_DECIDED = {
    "matches": """
        SELECT pass_name, evidence, line.content_key::text, line.occurrence, item.kind,
               item.reference, allocation.amount_minor
        FROM allocation JOIN match_group USING (group_id)
        LEFT JOIN statement_line AS line USING (line_id)
        LEFT JOIN item ON item.item_id = allocation.item_id
        WHERE pass_name <> 'part_payments_complete'
        ORDER BY 3, 4, 1, 5, 6, 7""",
    "breaks": """
        SELECT code, amount_minor, details::text FROM break_case
        WHERE closed_at IS NULL ORDER BY 1, 2, 3""",
    "books": """
        SELECT account, business_date, detail, side, sum(amount_minor)::bigint
        FROM posting JOIN journal_entry USING (entry_id)
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
    "money": "SELECT kind, amount_minor, applied_minor FROM money ORDER BY 1, 2, 3",
    "lines": """
        SELECT content_key::text, occurrence, residual_minor FROM statement_line ORDER BY 1, 2""",
    "items": """
        SELECT kind, reference, provider_transaction, amount_minor, residual_minor, is_cancelled
        FROM item WHERE kind <> 'part_payment' OR residual_minor > 0 ORDER BY 1, 2, 3, 4, 5""",
    "outcomes": "SELECT outcome FROM message_outcome ORDER BY 1",
    "statements": "SELECT number, verdict FROM statement ORDER BY 1, 2",
    "declared": "SELECT declared_on, sum(amount_minor)::bigint FROM declaration GROUP BY 1",
}


async def decided(context: Context) -> dict[str, list[Any]]:
    """Return what the books hold, by content."""
    async with context.database.read_only(snapshot=True) as connection:
        return {
            name: [tuple(row) for row in await connection.execute(text(query))]
            for name, query in _DECIDED.items()
        }


async def run_again(context: Context) -> dict[str, Any]:
    """Run the night of Monday once nobody holds it any more."""
    # The server notices a cut connection a moment later; the clock rings again every minute.
    for _ in range(100):
        try:
            return await run_night(context, MONDAY)
        except (RequestInFlight, Unavailable):
            await asyncio.sleep(0.05)
    raise AssertionError("the night stays taken")


def comparable(report: dict[str, Any]) -> str:
    """Leave out what a second run cannot see again: which files the first one had moved."""
    unlike = {"files", "left_over_messages"}
    kept = {key: value for key, value in report.items() if key not in unlike}
    return json.dumps(kept, sort_keys=True)
