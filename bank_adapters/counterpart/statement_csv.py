"""Writes the CSV statement of a named profile; what it cannot carry raises `ValueError`."""

from bank_adapters.counterpart.statement_table import table_of
from bank_adapters.statements.bank_profiles import VIETCOMBANK
from bank_adapters.statements.profiles import TabularProfile
from bank_adapters.vocabulary import Statement


def write_csv(statement: Statement, profile: TabularProfile = VIETCOMBANK) -> bytes:
    """Write one CSV statement, UTF-8 with its mark; `table_of` says what it carries."""
    rows = table_of(statement, profile)
    lines = (
        profile.delimiter.join(_quoted(cell, profile.delimiter) for cell in row) for row in rows
    )
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def _quoted(cell: str, delimiter: str) -> str:
    if delimiter in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
