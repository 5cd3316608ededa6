"""Every filter of every pass matters: leave out one token of it, and a battery of cases notices.

One run is watched. When a pass asks its question, each of its mutants is asked the same at the same
moment, and has to answer otherwise.
"""

import dataclasses
import importlib
import itertools
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from reconciliation import reconcile, working_tables
from reconciliation.passes import PASSES
from tests.reconciliation.dense_worlds import dense_world, split_world
from tests.reconciliation.mutants import EQUIVALENT, MUTANTS
from tests.reconciliation.tables import DAY, Row, item, line, moves, reference, run
from tests.reconciliation.worlds import world

Rows = list[Row]


def _statement(name: str) -> str:
    statement = importlib.import_module(f"reconciliation.passes.{name}").STATEMENT
    assert isinstance(statement, str)
    return statement


def _battery() -> tuple[Rows, Rows]:
    """Return worlds where a match nearly happens, worlds full of coincidences, and corners."""
    rng = random.Random(2026)  # noqa: S311 - repeatable
    worlds = [dense_world(rng, number) for number in range(1_400)]
    worlds += [world(rng, f"G{number:03}") for number in range(80)]
    worlds += [split_world(rng, f"S{number:03}") for number in range(300)]
    worlds += [_alike("bank_notice", "provider_transaction", "bank_reference")]
    worlds += [_alike("payout", "reference", "batch_reference"), *CORNERS]
    lines, items = (list(itertools.chain.from_iterable(side)) for side in zip(*worlds, strict=True))
    return lines, items


def _alike(kind: str, item_key: str, line_key: str) -> tuple[Rows, Rows]:
    """Return items of one key that differ in account or in currency, each with its line."""
    lines, items = [], []
    for place, (name, other) in enumerate({"account": "0022", "currency": "USD"}.items()):
        group: Row = {"account_group": f"{kind}-{place}"}
        for number, values in enumerate(({"account": "0011"}, {"account": "0011", name: other})):
            names = [f"{kind}-{side}-{place}-{number}" for side in "li"]
            key = f"{kind}-KEY-{place}"
            lines.append(line(names[0], 100, **{line_key: key}, **group, **values))
            items.append(item(names[1], kind, 100, **{item_key: key}, **group, **values))
    return lines, items


LONG_AGO = DAY - timedelta(days=9)


def _corner(name: str, line_values: Row, item_values: Row) -> tuple[Rows, Rows]:
    """Return one line of 100 and one item of 100 in a group of their own."""
    lines = [line(f"{name} line", 100) | {"account_group": name} | line_values]
    return lines, [item(f"{name} item", "due", 100) | {"account_group": name} | item_values]


CORNERS: tuple[tuple[Rows, Rows], ...] = (
    _corner("own", {"bank_code": "NCHG", "direction": "debit"}, {}),
    _corner("own by camt", {"bank_code": "ACMT-MDOP-INTR"}, {}),
    _corner("own the other way", {"bank_code": "NINT", "direction": "debit"}, {}),
    _corner("own in part", {"bank_code": "NINT", "residual_minor": 50}, {}),
    _corner("own of a batch", {"bank_code": "NINT", "batch_reference": "B-1"}, {}),
    _corner("own with a key", {"bank_code": "NINT", "end_to_end_reference": "FT9"}, {}),
    _corner("own with a name", {"bank_code": "NINT", "narrative": reference(5)}, {}),
    *(
        _corner(
            f"own of {amount_minor}",
            {"bank_code": "NINT", "amount_minor": amount_minor, "residual_minor": amount_minor},
            {},
        )
        for amount_minor in (1_000_000, 1_000_001)
    ),
    _corner(
        "payer on another account",
        {"booking_date": LONG_AGO, "counterparty_account": "P1"},
        {"opened_on": LONG_AGO, "payer_account": "P1", "account": "0022"},
    ),
    _corner(
        "two payers",
        {"booking_date": LONG_AGO, "counterparty_account": "P1"},
        {"opened_on": LONG_AGO, "payer_account": "P1"},
    ),
    (
        [
            line("P2", 100, account_group="two payers", booking_date=LONG_AGO)
            | {"counterparty_account": "P2"}
        ],
        [],
    ),
    _corner(
        "a due with a bank key",
        {"bank_reference": "FT77"},
        {"provider_transaction": "FT77", "account": "0011"},
    ),
    _corner(
        "a batch field and another key",
        {"batch_reference": "LOT-00000001", "narrative": "LOT-00000001 LOT-00000002"},
        {"kind": "payout", "reference": "LOT-00000001", "amount_minor": 300, "residual_minor": 300},
    ),
    _corner(
        "a debit in another currency",
        {"direction": "debit", "currency": "USD", "narrative": reference(77)},
        {"reference": reference(77)},
    ),
    *(
        (
            [line(f"{name} line", 100, account_group=name, narrative=reference(9))],
            [
                item(f"{name} due", "due", 100, account_group=name, reference=reference(9))
                | {"residual_minor": 0, "state": "closed"},
                item(f"{name} other", kind, 90, account_group=name, **values)
                | {"provider_transaction": reference(9)},
            ][is_alone:],
        )
        for name, kind, is_alone, values in (
            ("a transfer awaited", "unit_transfer", False, {}),
            ("a transfer seen", "unit_transfer", False, {"residual_minor": 0, "state": "closed"}),
            ("a transfer to others", "unit_transfer", False, {"direction": "debit"}),
            ("a transfer for a due long gone", "unit_transfer", True, {}),
            ("a notice", "bank_notice", False, {}),
        )
    ),
    (
        [],
        [
            item("second", "payout", 70, reference="LOT-00000002")
            | {"account_group": "a batch field and another key"}
        ],
    ),
    (
        [
            line(f"part {place}", amount_minor, account_group="parts, then the whole")
            | {"narrative": "LOT-00000003", "booking_date": LONG_AGO + timedelta(days=place // 2)}
            for place, amount_minor in enumerate((60, 40, 100))
        ],
        [
            item("in parts", "payout", 100, reference="LOT-00000003")
            | {"account_group": "parts, then the whole"}
        ],
    ),
    (
        [
            line("two fields", 200, end_to_end_reference="PHI00000001", narrative="PHI00000002")
            | {"account_group": "two fields"}
        ],
        [
            item(f"cost {place}", "cost_top_up", 100, reference=f"PHI0000000{place}")
            | {"account_group": "two fields"}
            for place in (1, 2)
        ],
    ),
)


class _Watched:
    """A connection that puts the question of every mutant beside the question of its pass."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.survivors: list[tuple[str, str, str]] = []
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, query: str, *values: Any) -> duckdb.DuckDBPyConnection:
        """Execute; first ask the mutants, if this is a pass."""
        for name in MUTANTS:
            if _statement(name) in query:
                self._ask(name)
        return self._connection.execute(query, *values)

    def _ask(self, name: str) -> None:
        self.asked.append(name)
        answer = self._answer(_statement(name))
        for old, new in MUTANTS[name]:
            if self._answer(_statement(name).replace(old, new)) == answer:
                self.survivors.append((name, old, new))

    def _answer(self, statement: str) -> Counter[tuple[Any, ...]]:
        return Counter(self._connection.execute(statement).fetchall())


def test_every_mutation_changes_a_statement_in_one_place() -> None:
    assert set(PASSES) | {"suspense", "waiting"} == set(MUTANTS)
    for name, mutations in MUTANTS.items():
        assert len(mutations) == len(set(mutations)), name
        for old, new in mutations:
            assert _statement(name).count(old) == 1, f"{name}: {old!r} does not stand there once"
            assert old != new
    listed = {(name, *mutation) for name, mutations in MUTANTS.items() for mutation in mutations}
    assert set(EQUIVALENT) <= listed


def test_the_battery_notices_every_mutant_that_is_not_equivalent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched: list[_Watched] = []

    @contextmanager
    def open_watched(**limits: Any) -> Iterator[_Watched]:
        with working_tables.open_connection(**limits) as connection:
            watched.append(_Watched(connection))
            yield watched[-1]

    monkeypatch.setattr(reconcile, "open_connection", open_watched)
    run(*_battery())
    assert sorted(watched[0].asked) == sorted(MUTANTS)
    assert set(watched[0].survivors) == set(EQUIVALENT)


def test_a_mutant_changes_the_result_of_a_whole_run(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line("l", 100, narrative=f"{reference(1)} {reference(2)}")]
    items = [item(str(number), "due", 100, reference=reference(number)) for number in (1, 2)]
    assert moves(run(lines, items)) == []
    statement = _statement("references").replace("s.is_sole AND", "")
    mutant = dataclasses.replace(PASSES["references"], statement=statement)
    monkeypatch.setattr(reconcile, "PASSES", {**PASSES, "references": mutant})
    assert moves(run(lines, items)) != []
