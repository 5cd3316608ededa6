"""Somebody who got hold of the application's connection tries to rewrite what happened.

Every attempt is refused by PostgreSQL itself, with the right SQLSTATE, and leaves every row as it
was.
"""

import pytest
from sqlalchemy import text

from payment_service.context import Context
from payment_service.db.database import Database
from tests.payment_service.db.attack_scripts import (
    ATTACKS,
    DENIED,
    RULE,
    UNKNOWN,
    _entry,
    _postings,
)
from tests.payment_service.db.attacks_on_answers import ANSWER_ATTACKS
from tests.payment_service.db.attacks_on_orders import ORDER_ATTACKS, RESOLUTIONS
from tests.payment_service.db.attacks_on_references import TAKEN_AWAY
from tests.payment_service.db.kept_tables import APPEND_ONLY, KEPT
from tests.payment_service.db.worlds import answer, fingerprint, live_through_a_day, refusal, run
from tests.payment_service.use_cases.days import broken
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio

MAY_UPDATE = {
    ("api_client", "revoked_at"),
    ("approval", "decided_at"),
    ("approval", "decided_by"),
    ("approval", "decision"),
    ("break_case", "closed_at"),
    ("break_case", "closed_reason"),
    ("collection_account", "state"),
    ("endpoint_key", "valid_to"),
    ("item", "is_cancelled"),
    ("item", "version"),
    ("night", "fence"),
    ("night", "finished_at"),
    ("night", "report"),
    ("night", "started_at"),
    ("payment_request", "cancelled_at"),
    ("payment_request", "cancelled_reason"),
    ("payment_request", "version"),
    ("staff_session", "last_seen_at"),
    ("statement", "admitted_at"),
    ("statement", "confirmed_at"),
    ("statement", "confirmed_by"),
    ("statement", "details"),
    ("statement", "reason_code"),
    ("statement", "verdict"),
    ("statement_line", "version"),
}
"""Who adds a column here says in review why the application must be able to rewrite it."""
MAY_DELETE = {"login_attempt", "staff_session", "suggestion"}


async def test_the_application_cannot_rewrite_the_past(
    context: Context, clock: MovableClock
) -> None:
    await live_through_a_day(context, clock)
    before = await fingerprint(context.database)
    empty = {name for name, (rows, _) in before.items() if not rows}
    assert empty == {
        "gateway_contract", "login_attempt", "settlement_report", "settlement_report_line",
        "staff_session",
    }  # fmt: skip
    found, attacks = {}, ATTACKS | ORDER_ATTACKS | ANSWER_ATTACKS
    for name, (script, wanted) in attacks.items():
        state, sentence = await answer(context.database, f"{script}; COMMIT")
        # Several rules have one SQLSTATE: whose it was is said by its words.
        found[name] = sentence if state == RULE and wanted != RULE else state
    assert found == {name: wanted for name, (_, wanted) in attacks.items()}
    assert await fingerprint(context.database) == before
    assert await broken(context) == {}


async def test_what_two_people_may_do_is_let_through(context: Context, clock: MovableClock) -> None:
    await live_through_a_day(context, clock)
    before = await fingerprint(context.database)
    for name, script in RESOLUTIONS.items():
        checked = f"{script}; SET CONSTRAINTS ALL IMMEDIATE"
        assert await answer(context.database, checked) == ("", ""), name
    assert await fingerprint(context.database) == before


async def test_no_column_of_a_kept_row_can_be_updated(
    context: Context, clock: MovableClock
) -> None:
    await live_through_a_day(context, clock)
    before = await fingerprint(context.database)
    query = text("""
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = ANY(:tables)
          AND is_identity = 'NO' -- the others nobody sets, by any right
    """)
    async with context.database.read_only() as connection:
        columns = (await connection.execute(query, {"tables": list(KEPT)})).all()
    assert len(columns) > 100
    for table, column in columns:
        script = f"UPDATE {table} SET {column} = {column}"
        assert await refusal(context.database, script) == DENIED, f"{table}.{column}"
    assert await fingerprint(context.database) == before


async def test_not_even_the_owner_rewrites_what_is_append_only(
    context: Context, clock: MovableClock, database_url: str
) -> None:
    await live_through_a_day(context, clock)
    owner = Database(database_url, pool_size=1, role=None)
    before = await fingerprint(owner)
    for table in APPEND_ONLY:
        for script in (
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
            (f"WITH one AS (SELECT * FROM {table} LIMIT 1) UPDATE {table} AS it SET {_any(table)}"),
        ):
            assert await refusal(owner, script) == RULE, script
    assert await fingerprint(owner) == before
    await owner.close()


async def test_not_even_the_owner_takes_away_what_others_refer_to(
    context: Context, clock: MovableClock, database_url: str
) -> None:
    await live_through_a_day(context, clock)
    owner = Database(database_url, pool_size=1, role=None)
    before = await fingerprint(owner)
    for script in TAKEN_AWAY:
        assert await refusal(owner, script) in {UNKNOWN, RULE}, script
        assert await refusal(context.database, script) == DENIED, script
    assert await fingerprint(owner) == before
    await owner.close()


def _any(table: str) -> str:
    return {
        "journal_entry": "rule = 'x'",
        "posting": "amount_minor = 1",
        "inbound_message": "method = 'x'",
        "message_outcome": "outcome = 'x'",
        "application": "applied_at = now()",
        "match_group": "made_at = now()",
        "allocation": "made_at = now()",
        "audit_event": "actor = 'x'",
        "statement_file": "name = 'x'",
        "statement_file_answer": "answer = ''",
        "declaration": "amount_minor = 1",
        "declared_application": "amount_minor = 1",
        "attempt": "created_at = now()",
        "attempt_answer": "url = 'x'",
        "idempotency": "created_at = now()",
        "status_answer": "asked_at = now()",
        "resolution": "note = 'x'",
        "resolution_part": "amount_minor = 1",
        "resolved_group": "group_id = group_id",
        "money_retraction": "money_id = money_id",
        "payer_mapping": "valid_to = valid_to",
        "payer_mapping_revocation": "revoked_at = now()",
        "rule_set": "version = version",
    }[table]


async def test_a_closed_day_takes_no_entry(context: Context, database_url: str) -> None:
    await run(context.database, "INSERT INTO business_day (book, day) VALUES ('x', '2026-11-23')")
    balanced = _entry(_postings(("D", 5), ("C", 5)))
    owner = Database(database_url, pool_size=1, role=None)
    await run(owner, "UPDATE business_day SET state = 'closed'")
    assert await refusal(context.database, balanced) == RULE
    await run(owner, "UPDATE business_day SET state = 'open'")
    assert await refusal(context.database, balanced) == ""
    await owner.close()


async def test_what_the_application_may_change_is_written_down(context: Context) -> None:
    columns = text("""
        SELECT table_name, column_name FROM information_schema.column_privileges
        WHERE grantee = 'payment_service_application' AND privilege_type = 'UPDATE'
    """)
    tables = text("""
        SELECT table_name, privilege_type FROM information_schema.table_privileges
        WHERE grantee IN ('payment_service_application', 'PUBLIC') AND table_schema = 'public'
          AND privilege_type NOT IN ('SELECT', 'INSERT')
    """)
    everyone = text("""
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
          AND has_function_privilege('payment_service_application', oid, 'EXECUTE')
    """)
    async with context.database.read_only() as connection:
        found = {tuple(row) for row in await connection.execute(columns)}
        assert found == MAY_UPDATE
        rights = {tuple(row) for row in await connection.execute(tables)}
        assert rights == {(table, "DELETE") for table in MAY_DELETE}
        assert (await connection.execute(everyone)).all() == []


async def test_a_login_that_owns_nothing_serves_and_cannot_step_back(
    context: Context, database_url: str, clock: MovableClock
) -> None:
    """Production logs in as a member of the role: `RESET ROLE` then wins nothing."""
    owner = Database(database_url, pool_size=1, role=None)
    await run(
        owner,
        """DO $$ BEGIN
             CREATE ROLE serving LOGIN IN ROLE payment_service_application;
           EXCEPTION WHEN duplicate_object THEN NULL; END $$""",
    )
    name = owner.engine.url.username or ""
    serving = Database(database_url.replace(f"//{name}@", "//serving@"), pool_size=2)
    async with serving.read_only() as connection:
        who = (await connection.execute(text("SELECT session_user::text"))).scalar_one()
    assert who == "serving"
    await live_through_a_day(context, clock)
    before = await fingerprint(serving)
    assert await refusal(serving, "RESET ROLE; DELETE FROM posting") == DENIED
    assert await refusal(serving, f"SET ROLE {name}; DELETE FROM posting") == DENIED
    assert await fingerprint(serving) == before
    await serving.close()
    await owner.close()
