"""What officers read about breaks: the open ones, and one with everything that led to it.

Reads only; sentences are made elsewhere from the details.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.break_ages import AgedBreaks
from payment_service.db.sql import text

_SELECT = """
    SELECT break_id, break_case.code, unit.code AS unit_code, unit.name_vi AS unit_name,
           amount_minor, details::text AS details, break_case.opened_on, opened_at,
           closed_at, closed_reason, line_id, item_id, message_id, statement_id, money_id, report_id
    FROM break_case JOIN unit USING (unit_id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One disagreement and the one object it is about."""

    break_id: UUID
    code: str
    unit_code: str
    unit_name: str
    amount_minor: int
    details: dict[str, Any]
    opened_on: date
    opened_at: datetime
    closed_at: datetime | None
    closed_reason: str | None
    line_id: UUID | None
    item_id: UUID | None
    message_id: UUID | None
    statement_id: UUID | None
    money_id: UUID | None
    report_id: UUID | None

    @property
    def subject_id(self) -> UUID:
        """The object it is about; the database holds that there is exactly one."""
        objects = (
            self.line_id, self.item_id, self.message_id, self.statement_id, self.money_id,
            self.report_id,
        )  # fmt: skip
        return next(found for found in objects if found is not None)

    @property
    def booked_minor(self) -> int:
        """What it says about money in the books: nothing of a message or a file."""
        return 0 if self.message_id or self.statement_id else self.amount_minor


def _break(row: Any) -> Break:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    details = {"amount_minor": row.amount_minor} | msgspec.json.decode(values.pop("details"))
    return Break(**values, details=details)


async def list_open_breaks(
    connection: AsyncConnection,
    chosen: Sequence[AgedBreaks],
    *,
    unit_code: str,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[Break]:
    """Return open breaks of the chosen codes and days, what is due first first.

    `after` is the due day and the identifier of the last break seen; an empty unit lets all pass.
    """
    query = text(
        _SELECT
        + """
        JOIN unnest(CAST(:codes AS text[]), CAST(:opened AS date[]), CAST(:due AS date[]))
          AS aged (code, opened_on, due_on)
          ON aged.code = break_case.code AND aged.opened_on = break_case.opened_on
        WHERE closed_at IS NULL AND (CAST(:unit_code AS text) = '' OR unit.code = :unit_code)
          AND (CAST(:after_id AS uuid) IS NULL OR (due_on, break_id) > (:after_due, :after_id))
        ORDER BY due_on, break_id LIMIT :limit"""
    )
    after_due, after_id = after or (None, None)
    values = {
        "codes": [each.code.value for each in chosen],
        "opened": [each.opened_on for each in chosen],
        "due": [each.age.due_on for each in chosen],
        "unit_code": unit_code,
        "after_due": after_due,
        "after_id": after_id,
        "limit": limit,
    }
    return [_break(row) for row in await connection.execute(query, values)]


async def find_break(connection: AsyncConnection, break_id: UUID) -> Break | None:
    """Return one break, open or closed."""
    query = text(_SELECT + " WHERE break_id = :break_id")
    row = (await connection.execute(query, {"break_id": break_id})).one_or_none()
    return _break(row) if row else None


async def breaks_of_same_object(connection: AsyncConnection, one: Break) -> list[Break]:
    """Return every break that the object of this one ever had, oldest first."""
    query = text(
        _SELECT
        + """
        WHERE line_id = :line_id OR item_id = :item_id OR message_id = :message_id
          OR statement_id = :statement_id OR money_id = :money_id OR report_id = :report_id
        ORDER BY opened_at, break_id"""
    )
    values = {
        "line_id": one.line_id,
        "item_id": one.item_id,
        "message_id": one.message_id,
        "statement_id": one.statement_id,
        "money_id": one.money_id,
        "report_id": one.report_id,
    }
    return [_break(row) for row in await connection.execute(query, values)]


async def find_item(connection: AsyncConnection, item_id: UUID) -> Any | None:
    """Return an item with the request and the money it came from."""
    query = text("""
        SELECT item.item_id, item.kind, item.reference, item.provider_transaction,
               item.amount_minor, item.residual_minor, item.opened_on, item.due_on, item.version,
               item.unit_id, item.direction, item.account_group_id, unit.name_vi AS unit_name,
               account.account_number, request.dossier_code,
               request.reference AS request_reference, request.link_token,
               money.kind AS money_kind, money.amount_minor AS money_minor, money.paid_at,
               money.payer_account, money.memo, money.provider_transaction AS money_transaction
        FROM item JOIN unit USING (unit_id)
        LEFT JOIN collection_account AS account ON account.account_id = item.account_id
        LEFT JOIN payment_request AS request ON request.request_id = item.request_id
        LEFT JOIN money ON money.money_id = item.money_id
        WHERE item.item_id = :item_id
    """)
    return (await connection.execute(query, {"item_id": item_id})).one_or_none()


async def acts_on_item(connection: AsyncConnection, item_id: UUID) -> list[Any]:
    """Return the acts of people that settled an item or gave it away, while nobody undid them."""
    query = text("""
        SELECT group_id, pass_name FROM allocation JOIN match_group USING (group_id)
        JOIN item USING (item_id)
        WHERE item_id = :item_id AND item.kind <> 'part_payment'
          AND pass_name IN ('write_off', 'refund_ordered', 'move_to_unit', 'settle_item')
          AND NOT EXISTS (
          SELECT FROM match_group AS undoing WHERE undoing.reverses = allocation.group_id)
        ORDER BY match_group.made_at, group_id
    """)
    return list(await connection.execute(query, {"item_id": item_id}))


async def find_money(connection: AsyncConnection, money_id: UUID) -> Any | None:
    """Return one real payment with the request it was for."""
    query = text("""
        SELECT money.kind AS money_kind, money.amount_minor AS money_minor, money.paid_at,
               money.payer_account, money.memo, money.provider_transaction AS money_transaction,
               request.dossier_code, request.reference AS request_reference, request.link_token
        FROM money LEFT JOIN payment_request AS request USING (request_id)
        WHERE money_id = :money_id
    """)
    return (await connection.execute(query, {"money_id": money_id})).one_or_none()


async def find_message(connection: AsyncConnection, message_id: UUID) -> Any | None:
    """Return a kept message as it came, with the address that received it."""
    query = text("""
        SELECT endpoint.channel, endpoint.merchant, received_at, method, query, body,
               outcome.outcome
        FROM inbound_message JOIN endpoint USING (endpoint_id)
        LEFT JOIN message_outcome AS outcome USING (message_id)
        WHERE message_id = :message_id
    """)
    return (await connection.execute(query, {"message_id": message_id})).one_or_none()


async def approvals_of(connection: AsyncConnection, subject_id: UUID) -> list[Any]:
    """Return who asked for what about a subject and who decided, oldest first."""
    query = text("""
        SELECT approval_id, act, approval.amount_minor, reason, requested_at, decision, decided_at,
               asker.full_name AS requester_name, decider.full_name AS decider_name
        FROM approval JOIN person AS asker ON asker.person_id = requested_by
        LEFT JOIN person AS decider ON decider.person_id = decided_by
        WHERE subject_id = :subject_id ORDER BY requested_at, approval_id
    """)
    return list(await connection.execute(query, {"subject_id": subject_id}))
