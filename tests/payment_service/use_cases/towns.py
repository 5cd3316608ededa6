"""One unit that collects, with everybody who deals with it; asserts the books after each scene."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from bank_adapters.contract import Algorithm, Outcome
from bank_adapters.counterpart.settlement import write_settlement_report
from bank_adapters.signatures.primitives import (
    hmac_hex,
)
from bank_adapters.vocabulary import SettlementLine, SettlementReport, StatementLine
from payment_service.context import Context
from payment_service.db import accounts
from payment_service.db.people import Person
from payment_service.nightly import run_night
from payment_service.use_cases.decide_approval import decide_approval
from payment_service.use_cases.import_settlement_report import import_settlement_report
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.start_checkout import start_checkout
from tests.builders import (
    Opened,
    add_officers,
    ask_payment,
    issue_client,
    open_account,
    open_endpoint,
)
from tests.payment_service.use_cases.days import Bank, bank_notice, broken, deliver, vnpay_ipn
from tests.postgres import MovableClock

MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
FEE = 10_000
"""What each request of a town asks for."""


Reported = SettlementLine | tuple[str, str, int]
"""A line of a report, or transaction, reference and gross of a payment."""


def reported(
    transaction: str,
    reference: str,
    gross_minor: int,
    *,
    kind: str = "payment",
    original: str = "",
) -> SettlementLine:
    """Return a line of a settlement report; position and costs are given when it is written."""
    return SettlementLine(
        position=0,
        provider_transaction=transaction,
        our_reference=reference,
        kind=kind,
        gross_minor=gross_minor,
        fee_minor=0,
        vat_minor=0,
        paid_at=datetime(2026, 11, 23, 3, tzinfo=UTC),
        original_transaction=original,
    )


@dataclass(slots=True, kw_only=True)
class Town:
    """A unit with one account, its bank and gateway, and the people who look after it."""

    context: Context
    clock: MovableClock
    officer: Person
    approver: Person
    account_id: UUID
    bank: Bank
    vnpay: Opened
    client_id: UUID
    asked: int = 0

    async def ask(self) -> dict[str, Any]:
        """Ask for 10.000 đồng for one more dossier."""
        self.asked += 1
        dossier_code = f"H24.11-261123-{self.asked:04}"
        return await ask_payment(self.context, self.client_id, dossier_code=dossier_code)

    async def ask_at_gateway(self) -> str:
        """Ask, choose the gateway, and return the reference that the gateway gets."""
        return await self.choose_gateway(await self.ask())

    async def choose_gateway(self, asked: dict[str, Any]) -> str:
        """Choose the gateway for a request and return the reference that the gateway gets."""
        token = asked["links"]["pay"].rsplit("/", 1)[-1]
        address = await start_checkout(self.context, token, "127.0.0.1", "vi")
        return address.partition("vnp_TxnRef=")[2].partition("&")[0]

    async def notify(self, memo: str, amount_minor: int, transaction: str, on: date) -> Outcome:
        """Deliver a notice of the bank."""
        notice = bank_notice(self.bank.opened, memo, amount_minor, transaction, on)
        return await deliver(self.context, self.bank.opened, notice)

    async def ipn(
        self, reference: str, amount_minor: int, transaction: str, code: str = "00"
    ) -> Outcome:
        """Deliver a notice of the gateway."""
        request = vnpay_ipn(self.vnpay, reference, amount_minor, transaction, MONDAY, code)
        return await deliver(self.context, self.vnpay, request)

    async def take(self, signed: tuple[bytes, bytes], name: str = "s.sta") -> dict[str, Any]:
        """Import a statement that the bank signed."""
        content, signature = signed
        answer: dict[str, Any] = json.loads(
            await import_statement(
                self.context, DeliveredFile(name=name, content=content, signature=signature)
            )
        )
        return answer

    async def bring(self, content: bytes, name: str = "s.sta") -> dict[str, Any]:
        """Import an unsigned statement that the officer brings."""
        delivered = DeliveredFile(name=name, content=content, imported_by=self.officer.person_id)
        answer: dict[str, Any] = json.loads(await import_statement(self.context, delivered))
        return answer

    async def statement(self, on: date, lines: list[StatementLine]) -> None:
        """Import the next signed statement and see that it is admitted."""
        answer = await self.take(self.bank.statement(on, lines))
        assert [each["verdict"] for each in answer["statements"]] == ["admitted"]

    async def night(self, business_date: date) -> dict[str, Any]:
        """Run the night of a date on the next morning, and see that the books are sound."""
        self.clock.now = max(self.clock.now, morning_after(business_date))
        report = await run_night(self.context, business_date)
        assert report["broken_invariants"] == {}, report["broken_invariants"]
        return report

    async def report(
        self,
        lines: Sequence[Reported],
        *,
        batch: str = "LO2611230001",
        settled_on: date = TUESDAY,
        fee_minor: int = 0,
        vat_minor: int = 0,
    ) -> dict[str, object]:
        """Import a signed settlement report of payments, or of whole lines."""
        content = self.written_report(lines, batch, settled_on, fee_minor, vat_minor)
        return await import_settlement_report(self.context, content, self.sign_report(content))

    def written_report(
        self,
        lines: Sequence[Reported],
        batch: str = "LO2611230001",
        settled_on: date = TUESDAY,
        fee_minor: int = 0,
        vat_minor: int = 0,
    ) -> bytes:
        """Write a settlement report, on its day; each line bears the fee and the VAT."""
        self.clock.now = max(self.clock.now, morning_after(settled_on - timedelta(days=1)))
        details = tuple(
            replace(
                told if isinstance(told, SettlementLine) else reported(*told),
                position=position,
                fee_minor=fee_minor,
                vat_minor=vat_minor,
            )
            for position, told in enumerate(lines, 1)
        )
        net_minor = sum(line.gross_minor - line.fee_minor - line.vat_minor for line in details)
        return write_settlement_report(
            SettlementReport(
                merchant=self.vnpay.merchant,
                batch=batch,
                settled_on=settled_on,
                currency="VND",
                lines=details,
                declared_count=len(details),
                declared_net_minor=net_minor,
            )
        )

    def sign_report(self, content: bytes) -> bytes:
        """Return the gateway's detached signature."""
        return hmac_hex(Algorithm.HMAC_SHA512_HEX, content, self.vnpay.secret).encode()

    async def approve(self, approval_id: UUID, *, is_approved: bool = True) -> None:
        """Decide as the approver."""
        await decide_approval(self.context, self.approver, approval_id, is_approved=is_approved)

    async def rows(self, query: str, **values: object) -> list[Any]:
        """Return rows of a query."""
        async with self.context.database.read_only() as connection:
            return list(await connection.execute(text(query), values))

    async def value(self, query: str, **values: object) -> Any:
        """Return the one value of a query."""
        [(value,)] = await self.rows(query, **values)
        return value


def morning_after(day: date) -> datetime:
    """Return 09:30 in Vietnam on the next day."""
    return datetime(day.year, day.month, day.day, 2, 30, tzinfo=UTC) + timedelta(days=1)


@asynccontextmanager
async def sound(context: Context) -> AsyncIterator[None]:
    """See that the invariants hold when a scene ends."""
    yield
    assert await broken(context) == {}


async def found_town(context: Context, clock: MovableClock, **changes: Any) -> Town:
    """Found a town whose account is live and whose bank and gateway have addresses."""
    officer, approver = await add_officers(context)
    account_id = await open_account(context, officer, approver, **changes)
    balance_minor = changes.get("opening_balance_minor", 0)
    bank = Bank(
        opened=await open_endpoint(context, account_id, "rsabank"), balance_minor=balance_minor
    )
    vnpay = await open_endpoint(context, account_id, "vnpay")
    client_id, _ = await issue_client(context)
    return Town(
        context=context,
        clock=clock,
        officer=officer,
        approver=approver,
        account_id=account_id,
        bank=bank,
        vnpay=vnpay,
        client_id=client_id,
    )


@pytest.fixture
async def town(context: Context, clock: MovableClock) -> AsyncIterator[Town]:
    """A town; whatever a test does to it, its books are sound at the end."""
    founded = await found_town(context, clock)
    yield founded
    assert await broken(context) == {}


async def only_approval(context: Context) -> UUID:
    """Return the one approval that waits."""
    async with context.database.read_only() as connection:
        [approval] = await accounts.open_approvals(connection)
    return approval.approval_id


async def at_once(*acts: Awaitable[object]) -> list[str]:
    """Let acts happen at the same moment; return the sorted names of what came of each."""
    return sorted(map(_named, await asyncio.gather(*acts, return_exceptions=True)))


def _named(result: object) -> str:
    return type(result).__name__ if isinstance(result, BaseException) else "done"


async def one_after_the_other(
    context: Context, held: str, *acts: Coroutine[Any, Any, object]
) -> list[str]:
    """Let acts wait in this order for rows that a statement locks; return what came of each."""
    waiting = []
    async with context.database.transaction() as connection:
        await connection.execute(text(held))
        for act in acts:
            waiting.append(asyncio.create_task(act))
            await until_waiting(context, len(waiting))
    return [_named(result) for result in await asyncio.gather(*waiting, return_exceptions=True)]


async def until_waiting(context: Context, count: int) -> None:
    """Return when as many statements of this database wait for a lock."""
    query = text("""
        SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE NOT granted AND datname = current_database()
    """)
    for _ in range(500):
        async with context.database.read_only() as connection:
            if (await connection.execute(query)).scalar_one() >= count:
                return
        await asyncio.sleep(0.02)
    raise AssertionError("nobody waits")
