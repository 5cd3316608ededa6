"""Splits the fees of a day between the budget and the unit, once they were seen in the bank."""

from datetime import date

from payment_service.context import Context
from payment_service.db import declarations, money, tariff
from payment_service.db.booking import Booking
from payment_service.db.database import lock
from payment_service.domain import posting_rules
from payment_service.domain.identifiers import new_id


async def declare_fees(context: Context, declared_on: date) -> int:
    """Declare what was collected and is not declared yet; return the amount in đồng.

    The shares are those in force on the day of the declaration. Again: nothing is left to declare.
    """
    now = context.clock()
    total_minor = 0
    async with context.database.transaction() as connection:
        await lock(connection, "declaration")
        shares = await tariff.budget_shares(connection, declared_on)
        fees = await declarations.undeclared_fees(connection)
        groups = await money.groups_of_units(connection, [row.unit_id for row in fees])
        for row in fees:
            declaration_id = new_id(now)
            await declarations.insert_declaration(
                connection, declaration_id, row.unit_id, declared_on, row, now
            )
            share = shares[row.fee_kind]
            booking = Booking(now=now, account_group_id=groups[row.unit_id])
            if row.amount_minor == 0:
                continue
            booking.post(
                ("fees_declared", str(declaration_id), f"unit:{row.unit_id}", declared_on),
                posting_rules.fees_declared(
                    row.unit_id, row.fee_kind, share.budget_line, row.amount_minor,
                    share.retained_permille,
                ),
            )  # fmt: skip
            await booking.write(connection)
            total_minor += row.amount_minor
    return total_minor
