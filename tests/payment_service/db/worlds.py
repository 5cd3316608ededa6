"""A small town whose every table holds something, and ways to attack and to fingerprint it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.context import Context
from payment_service.db.database import Database
from payment_service.nightly import run_night
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.revoke_payer import revoke_payer
from payment_service.use_cases.start_checkout import start_checkout
from tests.builders import (
    CERTIFIED_COPY,
    add_officers,
    ask_payment,
    issue_client,
    open_account,
    open_endpoint,
)
from tests.payment_service.use_cases.days import Bank, bank_notice, deliver, line, vnpay_ipn
from tests.payment_service.use_cases.proposals import (
    ask,
    ask_refund,
    carry_out,
    learning,
    line_of,
    live_groups,
    split,
    undo,
)
from tests.payment_service.use_cases.towns import Town
from tests.postgres import MovableClock

MONDAY = date(2026, 11, 23)


async def live_through_a_day(
    context: Context, clock: MovableClock, *, is_schema_whole: bool = True
) -> None:
    """Fill the books by the real use cases: paid, matched, kept, held, waiting, declared.

    The first schema has no table for the answers of gateways, nor for what people resolve.
    """
    officer, approver = await add_officers(context)
    account_id = await open_account(context, officer, approver, opening_balance_minor=1_000)
    bank = Bank(opened=await open_endpoint(context, account_id, "rsabank"), balance_minor=1_000)
    vnpay = await open_endpoint(context, account_id, "vnpay")
    client_id, _ = await issue_client(context)
    asked = await ask_payment(context, client_id)
    await ask_payment(
        context, client_id, dossier_code="H24.11-261122-0003", lines=(CERTIFIED_COPY,)
    )
    token = asked["links"]["pay"].rsplit("/", 1)[-1]
    await start_checkout(context, token, "127.0.0.1", "vi")
    other = await ask_payment(context, client_id, dossier_code="H24.11-261122-0002")
    ipn = vnpay_ipn(vnpay, f"{asked['reference']}001", 10_000, "77", MONDAY)
    await deliver(context, vnpay, ipn)
    notice = bank_notice(bank.opened, other["reference"], 4_000, "FT1", MONDAY)
    await deliver(context, bank.opened, notice)
    lines = [
        line(4_000, "x", MONDAY, reference="FT1"),
        replace(
            line(7_000, other["reference"], MONDAY, reference="FT2"), counterparty_account="0071"
        ),
        line(5_000, "khong ro", MONDAY, reference="FT3"),
        line(4_000, "khong ro", MONDAY, reference="FT4"),
    ]
    content, signature = bank.statement(MONDAY, lines)
    await import_statement(
        context, DeliveredFile(name="thu-hai.sta", content=content, signature=signature)
    )
    clock.advance(days=1)
    await run_night(context, MONDAY)
    content, _ = bank.statement(MONDAY + timedelta(days=1), [line(1, "x", MONDAY)])
    await import_statement(
        context, DeliveredFile(name="thu-ba.sta", content=content, imported_by=officer.person_id)
    )
    if is_schema_whole:
        await _resolve(
            Town(
                context=context,
                clock=clock,
                officer=officer,
                approver=approver,
                account_id=account_id,
                bank=bank,
                vnpay=vnpay,
                client_id=client_id,
            )
        )
    async with context.database.transaction() as connection:
        if is_schema_whole:
            await _keep_an_answer(connection)
        await connection.execute(
            text("""
                INSERT INTO audit_event (event_id, at, actor, act, subject, details)
                VALUES (gen_random_uuid(), now(), 'lan', 'read', 'everything', '{}')
            """)
        )


async def _resolve(town: Town) -> None:
    """Match a line by hand, take it apart, and leave the next proposal and a refund waiting."""
    surplus_id = await town.value("SELECT item_id FROM item WHERE kind = 'surplus'")
    await ask_refund(town.context, town.officer, surplus_id, "nop thua")
    [group_id] = await live_groups(town, await line_of(town, "FT2"))
    learned = await carry_out(town, await learning(town, group_id))
    await revoke_payer(town.context, town.officer, learned)
    line_id, asked = await line_of(town, "FT3"), await town.ask()
    await carry_out(town, await split(town, line_id, (asked, 5_000)))
    await undo(town, line_id)
    await ask(town, await split(town, line_id, (asked, 5_000)))


async def _keep_an_answer(connection: AsyncConnection) -> None:
    await connection.execute(
        text("""
            INSERT INTO status_answer (status_answer_id, message_id, result, result_code,
              our_reference, provider_transaction, amount_minor, answer_status, answer_body,
              asked_at)
            SELECT gen_random_uuid(), message_id, 'paid', '00', 'R', 'T', 1, 200, '{}', now()
            FROM inbound_message LIMIT 1
        """)
    )


async def run(database: Database, script: str) -> None:
    """Run statements one after another on one connection, outside any transaction of ours."""
    async with database.engine.connect() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        await raw.execute(script)


async def refusal(database: Database, script: str) -> str:
    """Run statements in one transaction and return the SQLSTATE that ended it; empty: none did."""
    state, _ = await answer(database, f"{script}; COMMIT")
    return state


async def answer(database: Database, script: str) -> tuple[str, str]:
    """Run statements in one transaction; return the SQLSTATE and the words that ended it."""
    async with database.engine.connect() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        try:
            await raw.execute(f"BEGIN; {script}")
        except asyncpg.PostgresError as error:
            return str(error.sqlstate), str(error)
        finally:
            await raw.execute("ROLLBACK")
    return "", ""


async def columns_of(database: Database) -> dict[str, str]:
    """Return for every table its columns in order, joined by commas."""
    query = text("""
        SELECT table_name, string_agg(column_name, ', ' ORDER BY ordinal_position)
        FROM information_schema.columns JOIN pg_tables ON tablename = table_name
        WHERE table_schema = 'public' AND schemaname = 'public' GROUP BY 1 ORDER BY 1
    """)
    async with database.read_only() as connection:
        return {row[0]: row[1] for row in await connection.execute(query)}


async def fingerprint(
    database: Database, of_columns: dict[str, str] | None = None
) -> dict[str, tuple[int, str]]:
    """Return for every table how many rows it has and a hash over all of them.

    A later schema may have more columns; `of_columns` are those that an earlier one had.
    """
    columns = await columns_of(database) | (of_columns or {})
    found = {}
    async with database.read_only(snapshot=True) as connection:
        for table, listed in columns.items():
            row = await connection.execute(
                text(f"""
                    SELECT count(*), coalesce(md5(string_agg(it::text, '|' ORDER BY it::text)), '')
                    FROM (SELECT {listed} FROM {table}) AS it
                """)
            )
            found[table] = tuple(row.one())
    return found


async def carry(newest: Database, older: Database) -> None:
    """Copy every row of the tables that an older schema has, past its triggers."""
    tables = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    async with older.read_only() as connection:
        names = [name for (name,) in await connection.execute(tables) if name != "alembic_version"]
    rows = {}
    async with newest.read_only(snapshot=True) as connection:
        for name in names:
            found = await connection.execute(
                text(f"SELECT coalesce(jsonb_agg(it), '[]')::text FROM {name} AS it")
            )
            rows[name] = found.scalar_one()
    async with older.transaction() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name in names:
            query = f"""
                INSERT INTO public.{name} OVERRIDING SYSTEM VALUE
                SELECT * FROM jsonb_populate_recordset(NULL::public.{name}, CAST(:it AS jsonb))
            """
            await connection.execute(text(query), {"it": rows[name]})
