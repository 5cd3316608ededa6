"""Notices that only their line settles: the bank's statement shows each, or a person looks."""

import json
from datetime import date, timedelta

from payment_service.context import Context
from payment_service.db import items, matching, messages, tariff
from payment_service.db.booking import canonical_json
from payment_service.db.items import NewBreak
from payment_service.domain.calendar import begin_of
from payment_service.domain.identifiers import new_id
from reconciliation.ruleset import RuleSet, overdue_since


async def prove_notices(context: Context, as_of: date, *, ruleset: RuleSet) -> None:
    """Open a break on each notice whose bank line stays away, and close it when the line comes.

    No line in time: UNCONFIRMED_NOTICE, or NOTICE_NO_BANK for one that is believed. Only lines of
    another amount: CONFLICTING_DUPLICATE. Run after the day's statements are in; again, it changes
    nothing.
    """
    since = as_of - timedelta(days=ruleset.look_back_days)
    now = context.clock()
    async with context.database.transaction() as connection:
        calendar = await tariff.read_calendar(connection)
        waited_since = overdue_since(
            as_of, ruleset.bank_notice_business_days, calendar.non_working_days(since, as_of)
        )
        found = await messages.notices_to_judge(
            connection, begin_of(since), begin_of(waited_since + timedelta(days=1))
        )
        standing = [row for row in found if row.break_id is not None]
        proven = [row.break_id for row in standing if row.code is None]
        renamed = [row.break_id for row in standing if row.code is not None]
        await matching.close_breaks_by_id(connection, proven, "explained", now)
        await matching.close_breaks_by_id(connection, renamed, "renamed", now)
        opened = []
        for row in found:
            details = json.loads(row.details)
            if row.line_minor is not None:
                details |= {"expected_minor": row.line_minor, "failed_criterion": "amount"}
            if row.code is not None:
                opened.append(
                    NewBreak(
                        new_id(now), row.code, row.account_group_id, row.unit_id, None, None,
                        row.message_id, None, None, details["amount_minor"],
                        canonical_json(details), as_of, now, None,
                    )
                )  # fmt: skip
        await items.insert_breaks(connection, opened)
