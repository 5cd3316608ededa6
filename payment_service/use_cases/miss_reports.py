"""Notified payments that the gateway's settlement reports leave out: each becomes a claim on it."""

from datetime import date, timedelta

from payment_service.context import Context
from payment_service.db import items, reports, tariff
from payment_service.db.booking import canonical_json
from payment_service.db.database import lock
from payment_service.db.items import NewBreak, NewItem
from payment_service.domain.calendar import begin_of
from payment_service.domain.identifiers import new_id
from reconciliation.breaks import BreakCode
from reconciliation.ruleset import RuleSet, overdue_since


async def miss_reports(context: Context, as_of: date, *, ruleset: RuleSet) -> None:
    """Open a claim, and its break, for each notified payment that waited too long for its report.

    Nothing is posted: the money is in gateway clearing since its notice. Run after the day's
    reports are in; again, it changes nothing. The report that lists the payment after all closes
    the claim when it is imported.
    """
    since = as_of - timedelta(days=ruleset.look_back_days)
    now = context.clock()
    async with context.database.transaction() as connection:
        # A report that is being imported would not find the break that it has to close.
        await lock(connection, "settlement")
        calendar = await tariff.read_calendar(connection)
        waited_since = overdue_since(
            as_of, ruleset.report_business_days, calendar.non_working_days(since, as_of)
        )
        found = await reports.unreported_money(
            connection, begin_of(since), begin_of(waited_since + timedelta(days=1))
        )
        claims, opened = [], []
        for row in found:
            item_id = new_id(now)
            claims.append(
                NewItem(
                    item_id, "gateway_claim", "credit", row.unit_id, row.account_group_id,
                    row.account_id, None, row.money_id, None, None, "", row.provider_transaction,
                    row.amount_minor, row.amount_minor, as_of, as_of,
                )
            )  # fmt: skip
            details = {
                "amount_minor": row.amount_minor,
                "transaction": row.provider_transaction,
                "paid_on": row.paid_on.isoformat(),
                "currency": "VND",
            }
            opened.append(
                NewBreak(
                    new_id(now), BreakCode.NOTICE_NO_REPORT.value, row.account_group_id,
                    row.unit_id, None, item_id, None, None, None, row.amount_minor,
                    canonical_json(details), as_of, now, None,
                )
            )  # fmt: skip
        await items.insert_items(connection, claims)
        await items.insert_breaks(connection, opened)
