"""A bank's file arrives: read whole or refused, judged, booked only if somebody vouches for it."""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.contract import Algorithm, CallbackRejected
from bank_adapters.signatures.primitives import (
    require_rsa,
)
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.statements.pages import join_pages
from bank_adapters.vocabulary import Statement, StatementFile
from payment_service.context import Context
from payment_service.db import accounts, endpoints, statements
from payment_service.db.accounts import CollectionAccount
from payment_service.db.booking import Booking, canonical_json
from payment_service.db.database import lock
from payment_service.db.statements import KnownFile
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import Forbidden, Invalid
from payment_service.domain.identifiers import new_id
from payment_service.use_cases.admit import book_statement, judge_statement
from reconciliation.admission import Admission, Verdict
from reconciliation.breaks import BreakCode

_POSTING_FORMATS = ("MT940", "camt.053", "CSV", "XLSX")
STATEMENT_BYTES_MAX = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredFile:
    """A file as it came, with its detached signature or the person who brought it."""

    name: str
    content: bytes
    signature: bytes | None = None
    imported_by: UUID | None = None
    account_id: UUID | None = None


async def import_statement(context: Context, delivered: DeliveredFile) -> bytes:
    """Import a file and return the answer (JSON); the same bytes again get the same answer.

    Only what was held back for want of an earlier statement is judged again.
    Raises `StatementUnreadable` for a file that is not whole, `Invalid` for one of a format that
    cannot post or of an unknown account, `Forbidden` for a wrong or missing signature.
    """
    file_sha256 = hashlib.sha256(delivered.content).digest()
    async with context.database.read_only() as connection:
        known = await statements.find_file(connection, file_sha256)
    if known is not None and not _waits(known):
        return known.answer
    if len(delivered.content) > STATEMENT_BYTES_MAX:
        raise Invalid("a statement file is at most 50 MiB")
    # A large file takes seconds to read; meanwhile others are served.
    file = join_pages(await asyncio.to_thread(read_statement_file, delivered.content))
    if not file.format.startswith(_POSTING_FORMATS):
        raise Invalid(f"{file.format} gives details only; only MT940, camt.053, CSV and XLSX post")
    async with context.database.transaction() as connection:
        await lock(connection, f"statement-file:{file_sha256.hex()}")
        known = await statements.find_file(connection, file_sha256)
        if known is not None and not _waits(known):
            return known.answer
        return await _import(context, connection, delivered, file, known)


def _waits(known: KnownFile) -> bool:
    return any(map(_is_gap, json.loads(known.answer)["statements"]))


def _is_gap(answered: dict[str, Any]) -> bool:
    # What lacked an earlier statement is judged again when it is delivered again.
    return bool(answered["reason_code"] == BreakCode.GAP)


async def _import(
    context: Context,
    connection: AsyncConnection,
    delivered: DeliveredFile,
    file: StatementFile,
    known: KnownFile | None,
) -> bytes:
    pairs = [
        (statement, await _account_of(connection, statement, delivered.account_id))
        for statement in file.statements
    ]
    for account_id in sorted({str(account.account_id) for _, account in pairs}):
        await lock(connection, f"account:{account_id}")
    for _, account in pairs:
        await _require_origin(context, connection, delivered, account)
    kept = known or await _keep_file(context, connection, delivered, file)
    answer: dict[str, Any] = json.loads(kept.answer)
    verdicts: list[dict[str, Any]] = answer["statements"] or [{} for _ in pairs]
    for index, (statement, account) in enumerate(pairs):
        if verdicts[index] and not _is_gap(verdicts[index]):
            continue
        admission = await judge_statement(connection, account, statement)
        if verdicts[index] and admission.verdict is Verdict.QUARANTINED:
            continue
        booking = Booking(now=context.clock(), account_group_id=account.account_group_id)
        verdicts[index] = await _take(connection, booking, kept, statement, account, admission)
        await booking.write(connection)
    encoded = canonical_json(answer | {"statements": verdicts}).encode()
    if encoded != kept.answer:
        await statements.insert_answer(connection, kept.file_id, encoded)
    return encoded


async def _keep_file(
    context: Context, connection: AsyncConnection, delivered: DeliveredFile, file: StatementFile
) -> KnownFile:
    now = context.clock()
    file_id = new_id(now)
    file_sha256 = hashlib.sha256(delivered.content)
    is_signed = delivered.signature is not None
    await statements.insert_file(
        connection,
        {
            "file_id": file_id,
            "file_sha256": file_sha256.digest(),
            "name": delivered.name,
            "format": file.format,
            "content": delivered.content,
            "authenticity": "signed" if is_signed else "none",
            "imported_by": delivered.imported_by,
            "imported_at": now,
        },
    )
    answer = {"file_sha256": file_sha256.hexdigest(), "format": file.format, "statements": []}
    return KnownFile(file_id=file_id, is_signed=is_signed, answer=canonical_json(answer).encode())


async def _account_of(
    connection: AsyncConnection, statement: Statement, account_id: UUID | None
) -> CollectionAccount:
    if account_id is not None:
        account = await accounts.find_account(connection, account_id)
        if account is None or account.state != "live":
            raise Invalid("there is no such live collection account")
        return account
    found = await accounts.find_accounts_by_number(connection, statement.account)
    if len(found) != 1:
        raise Invalid(f"no single live collection account has the number {statement.account[:40]}")
    return found[0]


async def _require_origin(
    context: Context,
    connection: AsyncConnection,
    delivered: DeliveredFile,
    account: CollectionAccount,
) -> None:
    if delivered.signature is None:
        if delivered.imported_by is None:
            raise Forbidden("an unsigned statement is brought by a person who is logged in")
        return
    endpoint = await endpoints.find_endpoint_of_account(
        connection, context.sealer, account.account_id, "rsabank", context.clock()
    )
    keys = [] if endpoint is None else endpoint.keys
    try:
        require_rsa(
            Algorithm.RSA_SHA256,
            delivered.content,
            delivered.signature.strip(),
            [key for key in keys if key.algorithm is Algorithm.RSA_SHA256],
        )
    except CallbackRejected as error:
        raise Forbidden("the statement's signature is not the bank's") from error


async def _take(
    connection: AsyncConnection,
    booking: Booking,
    file: KnownFile,
    statement: Statement,
    account: CollectionAccount,
    admission: Admission,
) -> dict[str, Any]:
    statement_id = booking.new_id()
    verdict = _verdict(admission, is_signed=file.is_signed)
    opening, closing = statement.opening, statement.closing
    values: dict[str, Any] = {
        "number": statement.number,
        "opening_minor": opening.amount_minor if opening else 0,
        "closing_minor": closing.amount_minor if closing else 0,
        "line_count": len(statement.booked),
        "verdict": verdict,
        "reason_code": admission.code.value if admission.code else "",
    }
    await statements.insert_statement(
        connection,
        values
        | {
            "statement_id": statement_id,
            "file_id": file.file_id,
            "account_id": account.account_id,
            "opening_on": opening.on if opening else account.opening_on,
            "closing_on": closing.on if closing else account.opening_on,
            "details": canonical_json(dict(admission.details)),
            "admitted_at": booking.now if verdict == "admitted" else None,
        },
    )
    if verdict == "admitted":
        await book_statement(connection, booking, account, statement_id, statement)
    else:
        booking.open_break(
            admission.code or BreakCode.NOT_CONFIRMED,
            account.unit_id,
            abs(values["closing_minor"]),
            canonical_json({"statement": statement.number, **dict(admission.details)}),
            business_date(booking.now, None),
            statement_id=statement_id,
        )
    return values | {
        "statement_id": str(statement_id),
        "account": statement.account,
        "credit_minor": statement.credit_minor,
        "debit_minor": statement.debit_minor,
        "details": dict(admission.details),
    }


def _verdict(admission: Admission, *, is_signed: bool) -> str:
    if admission.verdict is Verdict.QUARANTINED:
        return "quarantined"
    return "admitted" if is_signed else "waiting"
