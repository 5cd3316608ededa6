"""Callback addresses with their keys."""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from bank_adapters.contract import Algorithm, VerificationKey
from payment_service.db.sealing import Sealer
from payment_service.db.sql import text


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One callback address: channel, unit, merchant, and the account its money ends on."""

    endpoint_id: UUID
    channel: str
    slug: str
    unit_id: UUID
    account_group_id: UUID
    account_id: UUID
    account_number: str
    merchant: str
    checkout_base_url: str
    keys: tuple[VerificationKey, ...]

    @property
    def book(self) -> str:
        """The book in which a gateway's entries stand."""
        return f"gateway:{self.endpoint_id}"


_SLUG = re.compile(r"[A-Za-z0-9_-]{8,64}")


def is_slug(text: str) -> bool:
    """Say whether a text can be the last part of a callback address at all."""
    return _SLUG.fullmatch(text) is not None


_SELECT = """
    SELECT endpoint.endpoint_id, endpoint.channel, endpoint.slug, endpoint.unit_id,
           account.account_group_id, endpoint.account_id, account.account_number,
           endpoint.merchant, endpoint.checkout_base_url,
           endpoint_key.key_id, endpoint_key.algorithm, endpoint_key.material_sealed
    FROM endpoint JOIN collection_account AS account USING (account_id)
    LEFT JOIN endpoint_key ON endpoint_key.endpoint_id = endpoint.endpoint_id
      AND endpoint_key.valid_from <= :now
      AND (endpoint_key.valid_to IS NULL OR endpoint_key.valid_to > :now)
"""
_NEWEST_KEY_LAST = " ORDER BY endpoint_key.valid_from, endpoint_key.key_id"


def _endpoint(rows: list[Any], sealer: Sealer) -> Endpoint | None:
    if not rows:
        return None
    first = rows[0]
    return Endpoint(
        endpoint_id=first.endpoint_id,
        channel=first.channel,
        slug=first.slug,
        unit_id=first.unit_id,
        account_group_id=first.account_group_id,
        account_id=first.account_id,
        account_number=first.account_number,
        merchant=first.merchant,
        checkout_base_url=first.checkout_base_url,
        keys=tuple(
            VerificationKey(
                key_id=str(row.key_id),
                algorithm=Algorithm(row.algorithm),
                material=sealer.open(row.material_sealed, context=str(row.key_id)),
            )
            for row in rows
            if row.key_id
        ),
    )


async def find_endpoint(
    connection: AsyncConnection, sealer: Sealer, channel: str, slug: str, now: datetime
) -> Endpoint | None:
    """Return the endpoint at an address with the keys that live now."""
    query = text(
        _SELECT + " WHERE endpoint.channel = :channel AND endpoint.slug = :slug" + _NEWEST_KEY_LAST
    )
    rows = await connection.execute(query, {"channel": channel, "slug": slug, "now": now})
    return _endpoint(list(rows), sealer)


async def find_endpoint_by_id(
    connection: AsyncConnection, sealer: Sealer, endpoint_id: UUID, now: datetime
) -> Endpoint | None:
    """Return one endpoint with the keys that live now."""
    query = text(_SELECT + " WHERE endpoint.endpoint_id = :endpoint_id" + _NEWEST_KEY_LAST)
    rows = await connection.execute(query, {"endpoint_id": endpoint_id, "now": now})
    return _endpoint(list(rows), sealer)


async def find_endpoint_of_merchant(
    connection: AsyncConnection, sealer: Sealer, channel: str, merchant: str, now: datetime
) -> Endpoint | None:
    """Return the endpoint of a gateway's merchant code."""
    query = text(
        _SELECT
        + " WHERE endpoint.channel = :channel AND endpoint.merchant = :merchant"
        + _NEWEST_KEY_LAST
    )
    values = {"channel": channel, "merchant": merchant, "now": now}
    return _endpoint(list(await connection.execute(query, values)), sealer)


async def find_endpoints_of_merchant(
    connection: AsyncConnection, sealer: Sealer, merchant: str, now: datetime
) -> list[Endpoint]:
    """Return the endpoints of every channel that calls somebody by this code."""
    query = text(
        _SELECT + " WHERE endpoint.merchant = :merchant ORDER BY endpoint.endpoint_id,"
        " endpoint_key.valid_from, endpoint_key.key_id"
    )
    values = {"merchant": merchant, "now": now}
    rows = list(await connection.execute(query, values))
    grouped = groupby(rows, key=lambda row: row.endpoint_id)
    found = [_endpoint(list(group), sealer) for _, group in grouped]
    return [endpoint for endpoint in found if endpoint is not None]


async def all_endpoints(
    connection: AsyncConnection, sealer: Sealer, now: datetime
) -> list[Endpoint]:
    """Return every endpoint with the keys that live now, by channel and merchant."""
    query = text(
        _SELECT + " ORDER BY endpoint.channel, endpoint.merchant, endpoint_key.valid_from,"
        " endpoint_key.key_id"
    )
    rows = list(await connection.execute(query, {"now": now}))
    grouped = groupby(rows, key=lambda row: row.endpoint_id)
    found = [_endpoint(list(group), sealer) for _, group in grouped]
    return [endpoint for endpoint in found if endpoint is not None]


async def list_keys(connection: AsyncConnection) -> list[Any]:
    """Return every key of every address without what it is; an address without any has one row."""
    query = text("""
        SELECT endpoint.channel, endpoint.slug, unit.code AS unit_code, endpoint.merchant,
               endpoint_key.algorithm, endpoint_key.valid_from, endpoint_key.valid_to
        FROM endpoint JOIN unit USING (unit_id) LEFT JOIN endpoint_key USING (endpoint_id)
        ORDER BY endpoint.channel, endpoint.merchant, valid_from, key_id
    """)
    return list(await connection.execute(query))


_OLDEST_OF_UNIT = """ WHERE endpoint.endpoint_id = (
    SELECT endpoint_id FROM endpoint WHERE unit_id = :unit_id AND channel = :channel
    ORDER BY checkout_base_url = '', created_at, endpoint_id LIMIT 1)
"""


async def find_endpoint_of_unit(
    connection: AsyncConnection, sealer: Sealer, unit_id: UUID, channel: str, now: datetime
) -> Endpoint | None:
    """Return the unit's endpoint for a channel; the oldest with a checkout when it has several."""
    query = text(_SELECT + _OLDEST_OF_UNIT + _NEWEST_KEY_LAST)
    values = {"unit_id": unit_id, "channel": channel, "now": now}
    return _endpoint(list(await connection.execute(query, values)), sealer)


async def list_checkouts(
    connection: AsyncConnection, unit_id: UUID, now: datetime
) -> dict[str, str]:
    """Return channel → address for every gateway through which a unit takes payments now."""
    query = text("""
        SELECT channel, checkout_base_url FROM (
          SELECT DISTINCT ON (channel) endpoint_id, channel, checkout_base_url FROM endpoint
          WHERE unit_id = :unit_id AND checkout_base_url <> ''
          ORDER BY channel, created_at, endpoint_id) AS oldest
        WHERE EXISTS (SELECT FROM endpoint_key AS key WHERE key.endpoint_id = oldest.endpoint_id
          AND key.valid_from <= :now AND (key.valid_to IS NULL OR key.valid_to > :now))
    """)
    rows = await connection.execute(query, {"unit_id": unit_id, "now": now})
    return {row.channel: row.checkout_base_url for row in rows}


async def find_endpoint_of_account(
    connection: AsyncConnection, sealer: Sealer, account_id: UUID, channel: str, now: datetime
) -> Endpoint | None:
    """Return the endpoint through which a channel speaks of one collection account."""
    query = text(
        _SELECT
        + " WHERE account.account_id = :account_id AND endpoint.channel = :channel"
        + _NEWEST_KEY_LAST
    )
    values = {"account_id": account_id, "channel": channel, "now": now}
    return _endpoint(list(await connection.execute(query, values)), sealer)


async def insert_endpoint(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a callback address."""
    await connection.execute(
        text("""
            INSERT INTO endpoint (endpoint_id, channel, slug, unit_id, account_id, merchant,
              checkout_base_url, created_at)
            VALUES (:endpoint_id, :channel, :slug, :unit_id, :account_id, :merchant,
              :checkout_base_url, :created_at)
        """),
        values,
    )


async def insert_key(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Store a sealed key of an endpoint."""
    await connection.execute(
        text("""
            INSERT INTO endpoint_key (key_id, endpoint_id, algorithm, material_sealed, valid_from,
              valid_to)
            VALUES (:key_id, :endpoint_id, :algorithm, :material_sealed, :valid_from, :valid_to)
        """),
        values,
    )


async def end_keys(
    connection: AsyncConnection, endpoint_id: UUID, now: datetime, ends_at: datetime
) -> int:
    """Let the live keys of an endpoint end no later than an instant; return how many there are."""
    ended = await connection.execute(
        text("""
            UPDATE endpoint_key SET valid_to = least(valid_to, :ends_at)
            WHERE endpoint_id = :endpoint_id AND valid_from <= :now
              AND (valid_to IS NULL OR valid_to > :now)
        """),
        {"endpoint_id": endpoint_id, "now": now, "ends_at": ends_at},
    )
    return ended.rowcount
