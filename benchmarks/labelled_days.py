"""Days of bank lines and items of any size, and beside them the truth: what each line is for.

The same seed gives the same day. Everything is planted by SQL, so that ten million lines take
minutes and no object is made for a line.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template
from typing import Final

import duckdb
import pyarrow as pa

from benchmarks.labelled_memos import FILLED_IN, memo_templates
from benchmarks.labelled_mixes import MIXES, SHARES, Mix
from benchmarks.labelled_references import REFERENCES
from benchmarks.labelled_stories import STORIES, PlantedLine, Story
from reconciliation.schemas import ITEMS, LINES

LINE_TRUTH: Final = ("line_id", "story", "item_ids", "opposite_line_id", "code")
ITEM_TRUTH: Final = ("item_id", "story", "code")

_PLANTED: Final = (
    """
    CREATE MACRO identifier(kind, number, place) AS
        CAST(CAST(md5(concat_ws('/', $seed, kind, number, place)) AS UUID) AS VARCHAR)
    """,
    """
    CREATE TABLE unit AS
    SELECT range AS unit, identifier('unit', range, 0) AS account_group,
        '1132' || lpad(CAST(range AS VARCHAR), 6, '0') AS account,
        '1155' || lpad(CAST(range AS VARCHAR), 6, '0') AS other_account
    FROM range($groups)
    """,
    """
    CREATE VIEW drawn AS
    SELECT range AS number, CAST(hash($seed, range, 'story') % $shares AS INTEGER) AS ticket,
        CAST(floor($groups * pow(hash($seed, range, 'unit') % 1000000 / 1e6, $skew)) AS INTEGER)
            AS unit,
        $prices[1 + CAST(hash($seed, range, 'price') % len($prices) AS INTEGER)]
            + CAST(hash($seed, range, 'spread') % ($spread + 1) AS INTEGER) AS price,
        hash($seed, range, 'memo') AS memo_ticket,
        lpad(CAST(hash($seed, range, 'payer') % 100000000 AS VARCHAR), 8, '0') AS payer,
        body_of(3 * range, $shift) AS body, body_of(3 * range + 1, $shift) AS other_body,
        body_of(3 * range + 2, $shift) AS third_body
    FROM range($count)
    """,
    """
    CREATE VIEW planted AS
    SELECT d.*, story, memo AS kind, CAST(memo_ticket % slots AS INTEGER) AS slot,
        stem_of(body) AS stem, stem_of(other_body) AS other_stem, stem_of(third_body) AS third_stem,
        lpad(CAST(number AS VARCHAR), 10, '0') AS serial
    FROM drawn d JOIN share USING (ticket)
    """,
    """
    CREATE TABLE payment AS
    SELECT p.number, p.story, u.account_group, u.account, u.other_account, p.price,
        o.account_group AS other_group, o.account AS elsewhere, DATE '$day' AS day,
        p.reference, checked(p.other_stem) AS other_reference,
        checked(p.third_stem) AS third_reference, 'FT00' || p.serial AS bank_key,
        'VNP-' || p.serial || '-01' AS batch_key, p.serial, '09' || p.payer AS payer,
        filled_in(t.template, t.wrong_place, p.reference) AS memo
    FROM (SELECT *, checked(stem) AS reference FROM planted) p
    JOIN unit u USING (unit) JOIN unit o ON o.unit = (p.unit + 1) % $groups
    JOIN template t ON t.kind = p.kind AND t.slot = p.slot
    """,
)
_SELECT: Final = Template("SELECT $columns FROM payment WHERE story = '$story'")
_TABLES: Final = ("lines", "items", "line_truth", "item_truth")

_LINE: Final = {
    "account_group": "account_group", "account": "account", "currency": "'VND'",
    "direction": "'credit'", "booking_date": "day", "amount_minor": "price", "is_reversal": "FALSE",
    "bank_reference": "bank_key", "end_to_end_reference": "''", "returned_reference": "''",
    "batch_reference": "''", "counterparty_account": "'07' || serial", "counterparty_name": "''",
    "bank_code": "'NTRF'", "narrative": "memo",
    "occurrence": "1",
}  # fmt: skip
_ITEM: Final = {
    "account_group": "account_group", "account": "account", "currency": "'VND'",
    "direction": "'credit'", "amount_minor": "price", "state": "'open'", "reference": "reference",
    "provider_transaction": "''", "payer_account": "''", "opened_on": "day - 6", "due_on": "day",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledDay:
    """What the engine is given, and what it is not told.

    `line_truth` has the columns of `LINE_TRUTH`: the items a line is really for, the line it takes
    back, and the break of a line that evidence does not explain. `item_truth` has `ITEM_TRUTH`.
    """

    day: date
    lines: pa.Table
    items: pa.Table
    line_truth: pa.Table
    item_truth: pa.Table

    def write(self, folder: Path) -> None:
        """Keep the tables in a folder, for a process that has to begin with nothing."""
        for name in _TABLES:
            table = getattr(self, name).replace_schema_metadata({"day": self.day.isoformat()})
            path = str(folder / f"{name}.arrow")
            with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
                writer.write_table(table)

    @classmethod
    def read(cls, folder: Path) -> "LabelledDay":
        """Return what `write` kept."""
        tables = {}
        for name in _TABLES:
            with pa.OSFile(str(folder / f"{name}.arrow"), "rb") as file:
                tables[name] = pa.ipc.open_file(file).read_all()
        day = date.fromisoformat(tables["lines"].schema.metadata[b"day"].decode())
        return cls(day=day, **tables)


def labelled_day(mix_name: str, payments: int, *, seed: int, day: date) -> LabelledDay:
    """Plant so many payments of a mix; a payment leaves a line, or two, or three, or none."""
    mix = MIXES[mix_name]
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        templates = memo_templates(seed)
        connection.register("template", templates)
        connection.register("share", _shares(mix, templates))
        words = {
            "seed": seed, "shift": seed * 7_919, "count": payments, "groups": mix.groups,
            "skew": mix.skew, "prices": list(mix.prices_minor), "spread": mix.spread_minor,
            "shares": SHARES, "day": day,
        }  # fmt: skip
        for statement in (*REFERENCES, FILLED_IN):
            connection.execute(statement)
        for statement in _PLANTED:
            connection.execute(Template(statement).substitute(words))
        names = [name for name, share in mix.shares.items() if share]
        lines = connection.sql(_union(names, _line_selects)).to_arrow_table()
        items = connection.sql(_union(names, _item_selects)).to_arrow_table()
    return LabelledDay(
        day=day,
        lines=lines.select(LINES.names).cast(LINES),
        items=items.select(ITEMS.names).cast(ITEMS),
        line_truth=lines.select(LINE_TRUTH),
        item_truth=items.select(ITEM_TRUTH),
    )


def _shares(mix: Mix, templates: pa.Table) -> pa.Table:
    """Return one row for each part of the whole: its story, and how many memos it chooses from."""
    stories = [name for name, share in mix.shares.items() for _ in range(share)]
    slots = Counter(templates.column("kind").to_pylist())
    memos = [STORIES[name].memo for name in stories]
    columns = {"ticket": range(SHARES), "story": stories, "memo": memos}
    columns["slots"] = [slots[memo] for memo in memos]
    return pa.table({name: pa.array(values) for name, values in columns.items()})


def _union(names: list[str], selects: Callable[[str, Story], Iterator[str]]) -> str:
    return " UNION ALL ".join(text for name in names for text in selects(name, STORIES[name]))


def _line_selects(name: str, story: Story) -> Iterator[str]:
    for place, planted in enumerate(story.lines):
        values = _LINE | dict(planted.values)
        values.setdefault("residual_minor", values["amount_minor"])
        values["line_id"] = f"identifier('line', number, {place})"
        values["content_key"] = f"sha256(concat_ws('/', 'line', number, {place}))"
        yield _select(values | _line_truth(planted), [*LINES.names, *LINE_TRUTH[1:]], name)


def _line_truth(planted: PlantedLine) -> dict[str, str]:
    items = ", ".join(f"identifier('item', number, {item})" for item in planted.items)
    returned = planted.returns
    return {
        "item_ids": f"CAST([{items}] AS VARCHAR[])",
        "opposite_line_id": "''" if returned is None else f"identifier('line', number, {returned})",
        "code": f"'{planted.code}'",
    }


def _item_selects(name: str, story: Story) -> Iterator[str]:
    for place, planted in enumerate(story.items):
        values = _ITEM | dict(planted.values)
        values.setdefault("residual_minor", values["amount_minor"])
        values["item_id"] = f"identifier('item', number, {place})"
        values["order_key"] = f"sha256(concat_ws('/', 'item', number, {place}))"
        values["code"] = f"'{planted.code}'"
        yield _select(values, [*ITEMS.names, *ITEM_TRUTH[1:]], name)


def _select(values: dict[str, str], names: list[str], story: str) -> str:
    columns = {"story": f"'{story}'"} | values
    listed = ", ".join(f"{columns[name]} AS {name}" for name in names)
    return _SELECT.substitute(columns=listed, story=story)
