"""What `statement read --json` says about one file; reads nothing but the bytes it is given."""

from collections.abc import Iterable

from bank_adapters.contract import StatementUnreadable
from bank_adapters.money import format_minor
from bank_adapters.statements.batches import FileSummary, StatementSummary
from bank_adapters.statements.detect import stream_statement_file
from bank_adapters.vocabulary import Balance


def describe(path: str, chunks: Iterable[bytes]) -> dict[str, object]:
    """Return the JSON object of one file, read or refused; never raises on any content.

    Amounts are decimal strings with the decimals of the statement's currency; `balanced` and the
    balances are null where the format does not state them. No entry is kept.
    """
    try:
        file = _summary_of(chunks)
    except StatementUnreadable as error:
        return {"path": path, "ok": False, "error": str(error)}
    flags = dict.fromkeys(flag for statement in file.statements for flag in statement.flags)
    return {
        "path": path,
        "ok": True,
        "format": file.format,
        "statements": [_describe_statement(statement) for statement in file.statements],
        "flags": list(flags),
    }


def _summary_of(chunks: Iterable[bytes]) -> FileSummary:
    stream = stream_statement_file(chunks)
    return next(item for item in stream if isinstance(item, FileSummary))


def _describe_statement(statement: StatementSummary) -> dict[str, object]:
    return {
        "account": statement.account,
        "currency": statement.currency,
        "opening": _describe_balance(statement.opening, statement.exponent),
        "closing": _describe_balance(statement.closing, statement.exponent),
        "entries": statement.entries,
        "credit": format_minor(statement.credit_minor, statement.exponent),
        "debit": format_minor(statement.debit_minor, statement.exponent),
        "balanced": statement.is_balanced,
    }


def _describe_balance(balance: Balance | None, exponent: int) -> str | None:
    return None if balance is None else format_minor(balance.amount_minor, exponent)
