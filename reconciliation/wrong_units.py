"""Money for another unit: a second look over what the runs of all account groups left open.

A run knows its own group only, so its result depends on nothing else; here it is only renamed.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

import pyarrow as pa

from reconciliation.break_codes import BreakCode
from reconciliation.schemas import BREAKS

_GROUPS_NAMED_MAX: Final = 3


def name_wrong_unit(
    account_group: str,
    details: Mapping[str, Any],
    groups_by_reference: Mapping[str, Collection[str]],
) -> dict[str, Any] | None:
    """Return the details of `WRONG_UNIT` for an `UNKNOWN_REFERENCE`; none when nobody asked for it.

    `details` are those of the break, `groups_by_reference` says in which account groups a payment
    reference was issued. Proposes only: the line stays open.
    """
    found = {
        reference: others
        for reference in details.get("references", ())
        if (others := sorted({*groups_by_reference.get(reference, ())} - {account_group}))
    }
    if not found:
        return None
    others = sorted({group for groups in found.values() for group in groups})
    kept = {name: value for name, value in details.items() if name != "references"}
    return kept | {
        "failed_criterion": "unit",
        "other_groups": others[:_GROUPS_NAMED_MAX],
        "reference": min(found),
    }


def name_wrong_units(
    breaks: pa.Table, groups_by_reference: Mapping[str, Collection[str]]
) -> pa.Table:
    """Return the breaks of `reconcile`, with those that `name_wrong_unit` explains renamed."""
    rows = breaks.to_pylist()
    for row in rows:
        if row["code"] == BreakCode.UNKNOWN_REFERENCE:
            details = json.loads(row["details"])
            found = name_wrong_unit(row["account_group"], details, groups_by_reference)
            if found is not None:
                text = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                row |= {"code": BreakCode.WRONG_UNIT.value, "details": text}
    return pa.Table.from_pylist(rows, schema=BREAKS)
