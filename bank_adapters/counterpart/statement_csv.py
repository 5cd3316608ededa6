"""Writes the CSV statement of a named profile; what it cannot carry raises `ValueError`."""

from datetime import date

from bank_adapters.counterpart.statement_text import both_balances, clean_text
from bank_adapters.money import format_minor
from bank_adapters.statements.profiles import VIETCOMBANK_CSV, Column, TabularProfile
from bank_adapters.vocabulary import Direction, EntryStatus, Statement, StatementLine


def write_csv(statement: Statement, profile: TabularProfile = VIETCOMBANK_CSV) -> bytes:
    """Write one CSV statement of a profile, whose period is the days of the two balances.

    Carries dates, direction, amount, bank reference and narrative of booked lines; a bank's CSV
    shows neither reversals, other references, codes nor the counterparty, so these are left out.
    """
    opening, closing = both_balances(statement)
    blank = [""] * len(profile.header)
    amounts = _Amounts(profile, statement.exponent)
    balance_minor = opening.amount_minor
    rows = [
        *([title] for title in profile.title),
        [profile.account_label, statement.account],
        [profile.currency_label, statement.currency],
        *([[profile.number_label, statement.number]] if statement.number else []),
        [profile.from_label, f"{opening.on:{profile.date_layout}}"],
        [profile.to_label, f"{closing.on:{profile.date_layout}}"],
        [profile.opening_label, amounts.write(opening.amount_minor)],
        [profile.closing_label, amounts.write(closing.amount_minor)],
        list(profile.header),
    ]
    for line in statement.lines:
        is_credit = line.direction is Direction.CREDIT
        balance_minor += line.amount_minor if is_credit else -line.amount_minor
        rows.append(_entry(line, balance_minor, profile, amounts, (opening.on, closing.on)))
    footer = list(blank)
    footer[:2] = [profile.footer_label, str(len(statement.lines))]
    footer[profile.columns.index(Column.DEBIT)] = amounts.write(statement.debit_minor)
    footer[profile.columns.index(Column.CREDIT)] = amounts.write(statement.credit_minor)
    rows.append(footer)
    lines = (profile.delimiter.join(_quoted(cell, profile) for cell in row) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode(profile.encoding)


class _Amounts:
    """Amounts as the profile writes them."""

    def __init__(self, profile: TabularProfile, exponent: int) -> None:
        if exponent not in {0, profile.fraction_digits}:
            raise ValueError(f"{profile.code} cannot write {exponent} decimals")
        self._profile = profile
        self._exponent = exponent

    def write(self, amount_minor: int) -> str:
        whole, point, fraction = format_minor(abs(amount_minor), self._exponent).partition(".")
        grouped = f"{int(whole):,}".replace(",", self._profile.thousands_mark)
        sign = "-" if amount_minor < 0 else ""
        return f"{sign}{grouped}{self._profile.decimal_mark if point else ''}{fraction}"


def _entry(
    line: StatementLine,
    balance_minor: int,
    profile: TabularProfile,
    amounts: _Amounts,
    period: tuple[date, date],
) -> list[str]:
    if line.status is not EntryStatus.BOOKED or not period[0] <= line.booking_date <= period[1]:
        raise ValueError("a CSV statement lists booked entries of its period only")
    is_credit = line.direction is Direction.CREDIT
    amount = amounts.write(line.amount_minor)
    cells = {
        Column.BOOKING_DATE: f"{line.booking_date:{profile.date_layout}}",
        Column.VALUE_DATE: f"{line.value_date:{profile.date_layout}}",
        Column.REFERENCE: line.bank_reference,
        Column.DEBIT: "" if is_credit else amount,
        Column.CREDIT: amount if is_credit else "",
        Column.BALANCE: amounts.write(balance_minor),
        Column.NARRATIVE: line.narrative,
    }
    return [cells[column] for column in profile.columns]


def _quoted(cell: str, profile: TabularProfile) -> str:
    if profile.delimiter in clean_text(cell) or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
