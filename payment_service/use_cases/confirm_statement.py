"""A second person confirms an unsigned statement from the bank's own screen; then it acts."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError

from bank_adapters.statements.detect import read_statement_file
from bank_adapters.statements.pages import join_pages
from bank_adapters.vocabulary import Statement
from payment_service.context import Context
from payment_service.db import accounts, statements
from payment_service.db.accounts import CollectionAccount
from payment_service.db.booking import Booking, canonical_json
from payment_service.db.database import lock
from payment_service.db.people import Person
from payment_service.db.statements import WaitingStatement
from payment_service.domain.errors import Forbidden, Invalid, NotFound, SamePerson, StateConflict
from payment_service.use_cases.admit import book_statement, judge_statement
from reconciliation.admission import Verdict


async def confirm_statement(
    context: Context, person: Person, statement_id: UUID, closing_minor: int, line_count: int
) -> None:
    """Admit a waiting statement whose closing balance and line count a second person read off.

    Raises `SamePerson` for the one who brought the file (the database refuses it too), `Invalid`
    when the figures are not the statement's, `StateConflict` when it waits no more or no longer
    continues the account's last closing balance.
    """
    if person.role == "auditor":
        raise Forbidden
    now = context.clock()
    try:
        async with context.database.transaction() as connection:
            waiting = await statements.lock_statement(connection, statement_id)
            if waiting is None or waiting.verdict != "waiting":
                raise StateConflict("there is no such statement, or it waits for nobody")
            if (closing_minor, line_count) != (waiting.closing_minor, waiting.line_count):
                raise Invalid("closing balance or line count are not those of the statement")
            account = await accounts.find_account(connection, waiting.account_id)
            if account is None:
                raise NotFound
            await lock(connection, f"account:{account.account_id}")
            statement = _statement_of(waiting, account)
            admission = await judge_statement(
                connection, account, statement, waiting_id=statement_id
            )
            if admission.verdict is not Verdict.ADMITTED:
                raise StateConflict("the statement no longer continues the last closing balance")
            await statements.decide_statement(
                connection,
                {
                    "statement_id": statement_id,
                    "verdict": "admitted",
                    "reason_code": "",
                    "details": canonical_json({}),
                    "confirmed_by": person.person_id,
                    "now": now,
                },
            )
            booking = Booking(now=now, account_group_id=account.account_group_id)
            await book_statement(connection, booking, account, statement_id, statement)
            await booking.write(connection)
    except IntegrityError as error:
        if "second person" in str(error.orig):
            raise SamePerson from error
        raise


def _statement_of(waiting: WaitingStatement, account: CollectionAccount) -> Statement:
    file = join_pages(read_statement_file(waiting.content))
    # Some banks number every day anew: number and closing balance together name a statement.
    wanted = (account.account_number, waiting.number, waiting.closing_on, waiting.closing_minor)
    return next(
        statement
        for statement in file.statements
        if statement.closing is not None
        and wanted
        == (
            statement.account,
            statement.number,
            statement.closing.on,
            statement.closing.amount_minor,
        )
    )
