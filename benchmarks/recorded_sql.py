"""What a use case says to PostgreSQL, recorded, and written again as a script for pgbench.

A value that is the same in two recordings is a constant of the script; one that differs becomes an
expression of pgbench's counter `:n`, so that every transaction writes rows of its own.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event

from payment_service.db.database import Database

_PLACE = re.compile(r"\$(\d+)")
_REFERENCE = re.compile(r"HPF[A-Z2-9]{10}")
_DIGEST_BYTES = 32
_KNOWN_CHARACTERS_MIN = 13
"""A shorter text may stand inside another one by chance."""


@dataclass(slots=True)
class Recording:
    """Statements with their values, transaction by transaction."""

    transactions: list[list[tuple[str, tuple[Any, ...]]]] = field(default_factory=list)


@contextmanager
def recorded(database: Database) -> Iterator[Recording]:
    """Record everything that is executed meanwhile; nothing else may use the database."""
    recording = Recording()

    def began(*_: object) -> None:
        recording.transactions.append([])

    def executed(
        _connection: object, _cursor: object, statement: str, values: Any, *_: object
    ) -> None:
        recording.transactions[-1].append((statement, tuple(values)))

    engine = database.engine.sync_engine
    event.listen(engine, "begin", began)
    event.listen(engine, "before_cursor_execute", executed)
    try:
        yield recording
    finally:
        event.remove(engine, "begin", began)
        event.remove(engine, "before_cursor_execute", executed)


class Script:
    """Writes two recordings of the same use case as one script.

    `known` says which expression stands for a value of the first recording that other scripts
    wrote before, such as the identifier of a request.
    """

    def __init__(self, first: Recording, second: Recording, known: Mapping[Any, str]) -> None:
        self.expressions: dict[Any, str] = dict(known)
        self._first = first
        self._second = second

    def text(self) -> str:
        """Return the script: `n` counts on, each transaction begins and commits."""
        lines = ["\\set i :i + 1", "\\set n :client_id * 1000000 + :i"]
        pairs = zip(self._first.transactions, self._second.transactions, strict=True)
        for ours, theirs in pairs:
            lines.append("BEGIN;")
            for (statement, values), (again, others) in zip(ours, theirs, strict=True):
                if statement != again:
                    raise ValueError("two calls of one use case ran different statements")
                lines.append(self._written(statement, values, others))
            lines.append("COMMIT;")
        return "\n".join([*lines, ""])

    def _written(self, statement: str, values: tuple[Any, ...], others: tuple[Any, ...]) -> str:
        def value_at(place: re.Match[str]) -> str:
            index = int(place[1]) - 1
            return self._expression(values[index], others[index])

        return _PLACE.sub(value_at, " ".join(statement.split())) + ";"

    def _expression(self, value: Any, other: Any) -> str:
        if isinstance(value, list):
            parts = (self._expression(*pair) for pair in zip(value, other, strict=True))
            return f"ARRAY[{', '.join(parts)}]"
        if value in self.expressions:
            return self.expressions[value]
        is_fresh = value != other and isinstance(value, UUID | str | bytes)
        expression = self._fresh(value) if is_fresh else literal(value)
        if is_fresh:
            self.expressions[value] = expression
        return expression

    def _fresh(self, value: UUID | str | bytes) -> str:
        slot = len(self.expressions)
        if isinstance(value, UUID):
            return f"('{slot:08d}-0000-7000-8000-' || lpad(:n::text, 12, '0'))::uuid"
        if isinstance(value, bytes):
            # Only digests must differ; a body is as long whatever it says.
            is_digest = len(value) == _DIGEST_BYTES
            counter = f"to_hex({slot}) || lpad(to_hex(:n::bigint), 12, '0')"
            return f"decode(lpad({counter}, 64, '0'), 'hex')" if is_digest else literal(value)
        return self._fresh_text(value, slot)

    def _fresh_text(self, value: str, slot: int) -> str:
        if value.startswith(("{", "[")):
            return literal(value)
        if _REFERENCE.fullmatch(value):
            return "('HPF' || translate(lpad(:n::text, 10, '0'), '01', 'YZ'))"
        for known, expression in self.expressions.items():
            if len(str(known)) >= _KNOWN_CHARACTERS_MIN and str(known) in value:
                before, _, after = value.partition(str(known))
                return f"({literal(before)} || ({expression})::text || {literal(after)})"
        mark = f"s{slot}-"
        return f"('{mark}' || lpad(:n::text, {max(len(value) - len(mark), 10)}, '0'))"


def literal(value: object) -> str:
    """Return a value as SQL writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    if isinstance(value, datetime | date):
        return f"'{value.isoformat()}'"
    if isinstance(value, dict | tuple):
        value = json.dumps(value)
    # A colon before a letter would be a variable of pgbench, even inside quotes.
    text = str(value).replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{text}'"
