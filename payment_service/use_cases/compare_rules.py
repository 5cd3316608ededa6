"""Asks what other rules would change for account groups; reads once, writes nothing."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from payment_service.context import Context
from payment_service.db import matching, tariff
from payment_service.db.matching import OpenRows
from reconciliation.reconcile import Reconciliation, reconcile
from reconciliation.ruleset import RuleSet
from reconciliation.what_if import Changes, changed_tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What changes, and the rows it is about: those of the rule set that looks back further."""

    changes: dict[str, Changes]
    rows: OpenRows


async def compare_rules(
    context: Context,
    group_ids: list[UUID],
    as_of: date,
    *,
    standing: RuleSet,
    proposed: RuleSet,
    memory_limit_bytes: int,
) -> Compared:
    """Match the same rows under both rule sets and compare the results."""
    rows_since: dict[date, OpenRows] = {}
    async with context.database.read_only(snapshot=True) as connection:
        for rules in (standing, proposed):
            since = as_of - timedelta(days=rules.look_back_days)
            if since not in rows_since:
                rows_since[since] = await matching.read_open_rows(
                    connection, group_ids, as_of, since
                )
        calendar = await tariff.read_calendar(connection)

    def result(rules: RuleSet) -> Reconciliation:
        since = as_of - timedelta(days=rules.look_back_days)
        return reconcile(
            rows_since[since].lines,
            rows_since[since].items,
            ruleset=rules,
            as_of=as_of,
            non_working_days=calendar.non_working_days(since, as_of),
            memory_limit_bytes=memory_limit_bytes,
            spill_folder=None,
        )

    return Compared(
        changes=changed_tables(result(standing), result(proposed)),
        rows=rows_since[min(rows_since)],
    )
