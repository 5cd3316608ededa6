"""What must hold of every run, over random worlds packed as account groups of one run."""

import random
from collections import Counter
from typing import Any

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.reconciliation.tables import Row, apply, item, line, line_breaks, reference, run
from tests.reconciliation.worlds import world

randoms = st.randoms(use_true_random=True)
few = settings(max_examples=3, deadline=None)


def _worlds(rng: random.Random, count: int = 40) -> tuple[list[Row], list[Row]]:
    lines, items = [], []
    for number in range(count):
        some_lines, some_items = world(rng, f"G{number:03}")
        lines += some_lines
        items += some_items
    return lines, items


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    buffer: pa.Buffer = sink.getvalue()
    return bytes(buffer.to_pybytes())


def _rename(table: pa.Table, names: dict[str, str]) -> list[Row]:
    columns = ("line_id", "item_id", "opposite_line_id")
    return [
        {key: names.get(value, value) if key in columns else value for key, value in row.items()}
        for row in table.to_pylist()
    ]


@few
@given(rng=randoms)
def test_every_line_ends_in_one_bucket_and_money_is_conserved(rng: random.Random) -> None:
    lines, items = _worlds(rng)
    result = run(lines, items)
    left = {row["line_id"]: row["residual_minor"] for row in lines}
    amounts = {row["line_id"]: row["amount_minor"] for row in lines}
    touched: Counter[str] = Counter()
    for row in result.decisions.to_pylist():
        if row["effect"] == "unmatch":
            left[row["opposite_line_id"]] += row["amount_minor"]
            assert left[row["opposite_line_id"]] == amounts[row["opposite_line_id"]]
            continue
        assert row["amount_minor"] > 0
        left[row["line_id"]] -= row["amount_minor"]
        touched[row["line_id"]] += row["effect"] != "surplus"
        if row["effect"] == "pair":
            left[row["opposite_line_id"]] -= row["amount_minor"]
            touched[row["opposite_line_id"]] += 1
    assert all(amount_minor >= 0 for amount_minor in left.values())
    assert all(times <= 1 for times in touched.values())
    named = Counter(row["line_id"] for row in result.breaks.to_pylist() if row["line_id"])
    assert set(named) == {name for name, amount_minor in left.items() if amount_minor > 0}
    assert all(times == 1 for times in named.values())
    still_open = sum(row.amount_minor for row in result.totals if row.bucket == "open")
    assert still_open == sum(left.values())


@few
@given(rng=randoms)
@example(rng=random.Random(251))  # noqa: S311 - parts of one payout in two accounts
def test_nothing_is_settled_beyond_its_rest_or_across_groups_and_currencies(
    rng: random.Random,
) -> None:
    lines, items = _worlds(rng)
    line_of = {row["line_id"]: row for row in lines}
    item_of = {row["item_id"]: row for row in items}
    settled: Counter[str] = Counter()
    for row in run(lines, items).decisions.to_pylist():
        names = ("account_group", "currency")
        if row["item_id"] is not None:
            taken, target = line_of[row["line_id"]], item_of[row["item_id"]]
            assert [taken[name] for name in names] == [target[name] for name in names]
            assert target["account"] in {"", taken["account"]}
            assert taken["direction"] == target["direction"]
        if row["opposite_line_id"] is not None:
            taken, other = line_of[row["line_id"]], line_of[row["opposite_line_id"]]
            # The parts of a payout name their first; a pair undoes itself.
            is_part = row["effect"] == "settle"
            same = names if is_part else (*names, "account", "amount_minor")
            assert [taken[name] for name in same] == [other[name] for name in same]
            assert (taken["direction"] == other["direction"]) == is_part
        if row["effect"] == "settle":
            settled[row["item_id"]] += row["amount_minor"]
    for name, amount_minor in settled.items():
        assert amount_minor <= item_of[name]["residual_minor"]
        assert item_of[name]["state"] == "open"


@few
@given(rng=randoms)
def test_order_and_identifiers_of_the_input_do_not_matter(rng: random.Random) -> None:
    lines, items = _worlds(rng)
    first = run(lines, items)
    rng.shuffle(lines)
    rng.shuffle(items)
    again = run(lines, items)
    assert _bytes(again.decisions) == _bytes(first.decisions)
    assert _bytes(again.breaks) == _bytes(first.breaks)
    old = [row["line_id"] for row in lines] + [row["item_id"] for row in items]
    fresh = [f"{number:09}" for number in range(len(old))]
    rng.shuffle(fresh)
    names = dict(zip(old, fresh, strict=True))
    renamed = run(
        [row | {"line_id": names[row["line_id"]]} for row in lines],
        [row | {"item_id": names[row["item_id"]]} for row in items],
    )
    assert renamed.decisions.to_pylist() == _rename(first.decisions, names)
    assert renamed.breaks.to_pylist() == _rename(first.breaks, names)
    assert renamed.totals == first.totals
    assert renamed.run_keys == again.run_keys == first.run_keys
    assert renamed.digests == first.digests


@few
@given(rng=randoms)
def test_groups_run_together_as_they_run_alone(rng: random.Random) -> None:
    lines, items = _worlds(rng, 2)
    together = run(lines, items)

    def of(rows: list[Row], group: str) -> list[Row]:
        return [row for row in rows if row["account_group"] == group]

    for group in sorted({row["account_group"] for row in lines}):
        alone = run(of(lines, group), of(items, group))
        assert alone.decisions.to_pylist() == of(together.decisions.to_pylist(), group)
        assert alone.breaks.to_pylist() == of(together.breaks.to_pylist(), group)
        assert alone.run_keys[group] == together.run_keys[group]


@few
@given(rng=randoms)
def test_a_second_run_after_the_first_decides_nothing(rng: random.Random) -> None:
    lines, items = _worlds(rng)
    first = run(lines, items)
    second = run(*apply(first, lines, items))
    assert second.decisions.num_rows == 0
    assert line_breaks(second) == line_breaks(first)


def _direct_world(rng: random.Random, group: str) -> tuple[list[Row], list[Row]]:
    """Transfers by reference and by notice over four days, with amounts that often differ."""
    references = [reference(rng.randrange(10**9)) for _ in range(3)]
    items = [
        item(f"{group}-d{n}", "due", rng.choice([50, 100]), reference=text)
        for n, text in enumerate(references)
    ]
    items += [
        item(f"{group}-n{n}", "bank_notice", rng.choice([50, 100]), provider_transaction=f"FT{n}")
        for n in range(3)
    ]
    lines = []
    for number in range(rng.randrange(9)):
        values: Row = {
            "booking_date": rng.choice(DAYS),
            "bank_reference": rng.choice(["", "FT0", "FT1", "FT2"]),
            "narrative": " ".join(rng.sample(references, rng.choice([0, 1, 1, 1, 2]))),
        }
        lines.append(line(f"{group}-l{number}", rng.choice([30, 50, 100]), **values))
    group_of: dict[str, Any] = {"account_group": group}
    return [row | group_of for row in lines], [row | group_of for row in items]


DAYS = [line("day", 1)["booking_date"].replace(day=day) for day in (9, 10, 11, 12)]


@settings(max_examples=2, deadline=None)
@given(rng=randoms)
def test_nights_one_by_one_equal_one_run(rng: random.Random) -> None:
    worlds = [_direct_world(rng, f"G{number}") for number in range(40)]
    lines = [row for some, _ in worlds for row in some]
    items = [row for _, some in worlds for row in some]
    at_once_lines, at_once_items = apply(run(lines, items), lines, items)
    known: list[Row] = []
    for day in DAYS:
        known += [row for row in lines if row["booking_date"] == day]
        known, items = apply(run(known, items), known, items)

    def residuals(rows: list[Row], name: str) -> dict[str, int]:
        return {row[name]: row["residual_minor"] for row in rows}

    assert residuals(known, "line_id") == residuals(at_once_lines, "line_id")
    assert residuals(items, "item_id") == residuals(at_once_items, "item_id")
