"""Payment requests, their lines, and the answers remembered for retries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service.db.sql import text


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One fee of a request, priced when it was asked."""

    line_id: UUID
    position: int
    fee_kind: str
    fee_name_vi: str
    fee_name_en: str
    category: str
    """`phi` or `le_phi`."""
    procedure_code: str
    quantity: int
    amount_minor: int
    applied_minor: int
    citation: str
    is_verified_rate: bool
    explanation_vi: str
    explanation_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """What is asked of whom, with the account as it was printed."""

    request_id: UUID
    reference: str
    link_token: str
    client_id: UUID
    dossier_code: str
    purpose: str
    sequence: int
    collecting_unit_id: UUID
    collecting_unit_code: str
    collecting_unit_name: str
    account_group_id: UUID
    account_id: UUID
    printed_bank_bin: str
    printed_bank_name: str
    printed_account_number: str
    printed_holder_name: str
    channel: str
    payer_kind: str
    submitted_on: date
    amount_minor: int
    residual_minor: int
    qr_payload: str
    created_at: datetime
    expires_at: datetime
    cancelled_at: datetime | None
    cancelled_reason: str | None
    version: int


_RECALL = text("""
    SELECT pg_try_advisory_xact_lock(hashtextextended(:lock_name, 0)) AS is_free,
           idempotency.body_sha256, idempotency.status, idempotency.answer
    FROM (VALUES (1)) AS one LEFT JOIN idempotency
      ON client_id = :client_id AND method = :method AND path = :path AND key = :key
""")

_CREATE = text("""
    WITH new_request AS (
      INSERT INTO payment_request (request_id, reference, link_token, client_id, dossier_code,
        purpose, sequence, receiving_unit_id, competent_unit_id, collecting_unit_id,
        account_group_id, account_id, printed_bank_bin, printed_account_number,
        printed_holder_name, channel, payer_kind, submitted_on, amount_minor, qr_payload,
        created_at, expires_at)
      VALUES (:request_id, :reference, :link_token, :client_id, :dossier_code, :purpose,
        :sequence, :receiving_unit_id, :competent_unit_id, :collecting_unit_id,
        :account_group_id, :account_id, :printed_bank_bin, :printed_account_number,
        :printed_holder_name, :channel, :payer_kind, :submitted_on, :amount_minor, :qr_payload,
        :created_at, :expires_at)
      ON CONFLICT (collecting_unit_id, dossier_code, purpose, sequence)
        WHERE cancelled_at IS NULL DO NOTHING
      RETURNING request_id
    ), new_line AS (
      INSERT INTO request_line (line_id, request_id, position, fee_kind, procedure_code,
        quantity, amount_minor, rule_code, citation, explanation_vi, explanation_en)
      SELECT line_id, new_request.request_id, position, fee_kind, procedure_code, quantity,
        line.amount_minor, rule_code, citation, explanation_vi, explanation_en
      FROM new_request, unnest(
        CAST(:line_ids AS uuid[]), CAST(:fee_kinds AS text[]), CAST(:procedure_codes AS text[]),
        CAST(:quantities AS integer[]), CAST(:amounts_minor AS bigint[]),
        CAST(:rule_codes AS text[]), CAST(:citations AS text[]), CAST(:explanations_vi AS text[]),
        CAST(:explanations_en AS text[])
      ) WITH ORDINALITY AS line (line_id, fee_kind, procedure_code, quantity, amount_minor,
        rule_code, citation, explanation_vi, explanation_en, position)
    ), new_item AS (
      INSERT INTO item (item_id, kind, direction, unit_id, account_group_id, request_id,
        reference, amount_minor, residual_minor, opened_on, due_on)
      SELECT :item_id, 'due', 'credit', :collecting_unit_id, :account_group_id, request_id,
        :reference, :amount_minor, :amount_minor, :opened_on, :due_on FROM new_request
    ), remembered AS (
      INSERT INTO idempotency (client_id, method, path, key, body_sha256, status, answer,
        created_at)
      SELECT :client_id, :method, :path, :key, :body_sha256, 201, :answer, :created_at
      FROM new_request
    )
    SELECT request_id FROM new_request
""")

_SELECT = """
    SELECT request.request_id, request.reference, request.link_token, request.client_id,
           request.dossier_code, request.purpose, request.sequence, request.collecting_unit_id,
           unit.code AS collecting_unit_code, unit.name_vi AS collecting_unit_name,
           request.account_group_id, request.account_id, request.printed_bank_bin,
           bank.short_name AS printed_bank_name, request.printed_account_number,
           request.printed_holder_name, request.channel, request.payer_kind,
           request.submitted_on, request.amount_minor, item.residual_minor, request.qr_payload,
           request.created_at, request.expires_at, request.cancelled_at,
           request.cancelled_reason, request.version
    FROM payment_request AS request
    JOIN unit ON unit.unit_id = request.collecting_unit_id
    JOIN bank ON bank.bin = request.printed_bank_bin
    JOIN item ON item.request_id = request.request_id AND item.kind = 'due'
"""


def _request(row: Any) -> PaymentRequest:
    return PaymentRequest(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


async def recall_answer(connection: AsyncConnection, values: dict[str, Any]) -> Any:
    """Take the key's lock without waiting and return what was answered before.

    The row has `is_free` (False: the first call still runs) and empty columns for a new key.
    """
    values = values | {"lock_name": f"idempotency:{values['client_id']}:{values['key']}"}
    return (await connection.execute(_RECALL, values)).one()


async def create_request(connection: AsyncConnection, values: dict[str, Any]) -> bool:
    """Store request, lines, due and answer in one statement.

    False when a live request for the same business key exists; then nothing is stored.
    """
    return (await connection.execute(_CREATE, values)).one_or_none() is not None


async def find_request_by_business_key(
    connection: AsyncConnection, values: dict[str, Any]
) -> PaymentRequest | None:
    """Return the live request for a collecting unit, dossier, purpose and sequence."""
    query = text(
        _SELECT
        + """ WHERE request.collecting_unit_id = :collecting_unit_id
          AND request.dossier_code = :dossier_code AND request.purpose = :purpose
          AND request.sequence = :sequence AND request.cancelled_at IS NULL"""
    )
    row = (await connection.execute(query, values)).one_or_none()
    return _request(row) if row else None


async def find_request(
    connection: AsyncConnection, request_id: UUID, client_id: UUID | None = None
) -> PaymentRequest | None:
    """Return a request; with a client, only one of its own."""
    query = text(
        _SELECT + " WHERE request.request_id = :request_id"
        " AND (CAST(:client_id AS uuid) IS NULL OR request.client_id = :client_id)"
    )
    values = {"request_id": request_id, "client_id": client_id}
    row = (await connection.execute(query, values)).one_or_none()
    return _request(row) if row else None


async def find_request_by_token(
    connection: AsyncConnection, link_token: str
) -> PaymentRequest | None:
    """Return the request behind a citizen's link."""
    query = text(_SELECT + " WHERE request.link_token = :link_token")
    row = (await connection.execute(query, {"link_token": link_token})).one_or_none()
    return _request(row) if row else None


async def list_requests(
    connection: AsyncConnection,
    client_id: UUID,
    *,
    dossier_code: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[PaymentRequest]:
    """Return a client's requests, oldest first, after a position."""
    query = text(
        _SELECT
        + """ WHERE request.client_id = :client_id
          AND (CAST(:dossier_code AS text) IS NULL OR request.dossier_code = :dossier_code)
          AND (CAST(:after_at AS timestamptz) IS NULL
               OR (request.created_at, request.request_id) > (:after_at, :after_id))
        ORDER BY request.created_at, request.request_id LIMIT :limit"""
    )
    values = {
        "client_id": client_id,
        "dossier_code": dossier_code,
        "after_at": after[0] if after else None,
        "after_id": after[1] if after else None,
        "limit": limit,
    }
    return [_request(row) for row in await connection.execute(query, values)]


async def lines_of(
    connection: AsyncConnection, request_ids: list[UUID]
) -> dict[UUID, list[RequestLine]]:
    """Return the lines of requests in their order."""
    query = text("""
        SELECT request_id, line_id, position, request_line.fee_kind,
               fee_kind.name_vi AS fee_name_vi, fee_kind.name_en AS fee_name_en,
               fee_kind.category,
               request_line.procedure_code, quantity, amount_minor, applied_minor,
               request_line.citation, fee_rule.verified AS is_verified_rate, explanation_vi,
               explanation_en
        FROM request_line
          JOIN fee_kind ON fee_kind.code = request_line.fee_kind
          JOIN fee_rule ON fee_rule.code = request_line.rule_code
        WHERE request_id = ANY(:request_ids) ORDER BY request_id, position
    """)
    lines: dict[UUID, list[RequestLine]] = {request_id: [] for request_id in request_ids}
    for row in await connection.execute(query, {"request_ids": request_ids}):
        values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
        lines[values.pop("request_id")].append(RequestLine(**values))
    return lines


async def cancel_request(
    connection: AsyncConnection, request_id: UUID, reason: str, now: datetime
) -> None:
    """Mark a request and its due as cancelled."""
    values = {"request_id": request_id, "reason": reason, "now": now}
    await connection.execute(
        text("""
            UPDATE payment_request SET cancelled_at = :now, cancelled_reason = :reason,
              version = version + 1
            WHERE request_id = :request_id
        """),
        values,
    )
    await connection.execute(
        text("""
            UPDATE item SET is_cancelled = true, version = version + 1
            WHERE request_id = :request_id AND kind = 'due'
        """),
        values,
    )


async def requests_of_references(
    connection: AsyncConnection, account_group_id: UUID, references: list[str]
) -> dict[str, UUID]:
    """Return the requests that these references name within an account group."""
    query = text("""
        SELECT reference, request_id FROM payment_request
        WHERE reference = ANY(:references) AND account_group_id = :account_group_id
    """)
    values = {"references": references, "account_group_id": account_group_id}
    return {row.reference: row.request_id for row in await connection.execute(query, values)}
