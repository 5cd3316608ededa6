"""Loads the facts a fresh database starts from; loading them again changes nothing."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payment_service import seed
from payment_service.db.database import insert_rows
from payment_service.domain.identifiers import new_id

_UNIT = {
    "unit_id": "uuid",
    "account_group_id": "uuid",
    "code": "text",
    "name_vi": "text",
    "kind": "text",
    "territory": "text",
}
_RULE = {
    "code": "text",
    "fee_kind": "text",
    "procedure_code": "text",
    "procedure_name_vi": "text",
    "territory": "text",
    "channel": "text",
    "payer_kind": "text",
    "variant": "text",
    "per": "text",
    "unit_amount_minor": "bigint",
    "further_from_quantity": "integer",
    "further_amount_minor": "bigint",
    "cap_minor": "bigint",
    "citation": "text",
    "valid_from": "date",
    "valid_to": "date",
    "verified": "boolean",
    "source_mark": "text",
}
_PLAIN = (
    ("bank", {"bin": "text", "short_name": "text", "name_vi": "text", "swift": "text"}),
    ("budget_sub_item", {"code": "text", "name_vi": "text", "category": "text"}),
    (
        "fee_kind",
        {
            "code": "text",
            "name_vi": "text",
            "name_en": "text",
            "category": "text",
            "sub_item": "text",
            "chapter": "text",
            "verified": "boolean",
        },
    ),
    (
        "fee_retention",
        {
            "fee_kind": "text",
            "valid_from": "date",
            "valid_to": "date",
            "retained_permille": "integer",
            "citation": "text",
            "verified": "boolean",
        },
    ),
    ("fee_rule", _RULE),
    ("calendar_day", {"day": "date", "kind": "text", "name_vi": "text", "source": "text"}),
)


async def load_seeds(connection: AsyncConnection, now: datetime) -> bool:
    """Load every seed into an empty database; False when units are there already."""
    if (await connection.execute(text("SELECT EXISTS (SELECT FROM unit)"))).scalar_one():
        return False
    sources: tuple[Sequence[Any], ...] = (
        seed.read_banks(),
        seed.read_budget_sub_items(),
        seed.read_fee_kinds(),
        seed.read_fee_retentions(),
        seed.read_fee_rules(),
        seed.read_holidays(),
    )
    for (table, columns), rows in zip(_PLAIN, sources, strict=True):
        await insert_rows(connection, table, columns, [_values(row, columns) for row in rows])
    await _load_units(connection, now)
    return True


def _values(row: Any, columns: dict[str, str]) -> tuple[Any, ...]:
    known = {field.name for field in fields(row)}
    return tuple(
        str(value) if isinstance(value := getattr(row, name), str) else value
        for name in columns
        if name in known
    )


async def _load_units(connection: AsyncConnection, now: datetime) -> None:
    units = seed.read_units()
    groups = {unit.code: new_id(now) for unit in units}
    ids = {unit.code: new_id(now) for unit in units}
    await insert_rows(
        connection,
        "account_group",
        {"account_group_id": "uuid", "code": "text"},
        [(group_id, code) for code, group_id in groups.items()],
    )
    await insert_rows(
        connection,
        "unit",
        _UNIT,
        [
            (ids[u.code], groups[u.code], u.code, u.name_vi, u.kind.value, u.territory.value)
            for u in units
        ],
    )
    await insert_rows(
        connection,
        "unit_alias",
        {
            "unit_id": "uuid",
            "scheme": "text",
            "code": "text",
            "valid_from": "date",
            "valid_to": "date",
        },
        [
            (ids[a.unit_code], a.scheme, a.code, a.valid_from, a.valid_to)
            for a in seed.read_unit_aliases()
        ],
    )
