"""Units, their codes and account groups."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_COLUMNS = "unit.unit_id, unit.account_group_id, unit.code, unit.name_vi, unit.territory"

BY_CODES = text(f"""
    SELECT unit_alias.code AS asked_code, {_COLUMNS}
    FROM unit_alias JOIN unit USING (unit_id)
    WHERE unit_alias.scheme = 'gso' AND unit_alias.code = ANY(:codes)
      AND daterange(unit_alias.valid_from, unit_alias.valid_to, '[]') @> CAST(:on_day AS date)
""")  # noqa: S608 - a constant list of columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A collecting unit; `code` is how people name it, `unit_id` what records carry.

    `territory` is the area of before the merger whose older fee resolutions still hold there.
    """

    unit_id: UUID
    account_group_id: UUID
    code: str
    name_vi: str
    territory: str


async def find_units(connection: AsyncConnection, codes: set[str], on_day: date) -> dict[str, Unit]:
    """Return the units that these statistical codes name on a day; unknown codes are absent."""
    rows = await connection.execute(BY_CODES, {"codes": list(codes), "on_day": on_day})
    return {
        row.asked_code: Unit(
            unit_id=row.unit_id,
            account_group_id=row.account_group_id,
            code=row.code,
            name_vi=row.name_vi,
            territory=row.territory,
        )
        for row in rows
    }


async def all_units(connection: AsyncConnection) -> list[Unit]:
    """Return every unit in the order of its code."""
    query = text(f"SELECT {_COLUMNS} FROM unit ORDER BY code")  # noqa: S608 - constant columns
    rows = await connection.execute(query)
    return [Unit(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name
