"""A seed file that is not what it promises is refused with its name and the row."""

import pytest

from payment_service.seed import DayKind, SeedError
from payment_service.seed.cells import Row, parse_rows


def _read(text: str) -> list[tuple[object, ...]]:
    return parse_rows(
        "fees.csv", text, ("day", "amount"), lambda r: (r.day("day"), r.whole("amount"))
    )


def _row(value: str) -> Row:
    return Row("fees.csv", 7, {"cell": value})


def test_rows_are_read_in_order() -> None:
    rows = _read("day,amount\n2026-08-08,0\n2026-08-09,2000\n")
    assert [amount for _, amount in rows] == [0, 2000]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "header"),
        ("amount,day\n", "row 1: expected the columns day, amount"),
        ("\ufeffday,amount\n", "row 1"),
        ("day,amount\n2026-08-08,1,2\n", "row 2: 3 cells"),
        ("day,amount\n\n", "row 2: 0 cells"),
        ('day,amount\n"2026-08-08"x,1\n', "not a CSV file"),
        ("day,amount\n2026-08-08,1\n2026-02-30,1\n", "row 3: day is not a date"),
        ("day,amount\n20260808,1\n", "row 2: day is not a date"),
        ("day,amount\n2026-08-08,\n", "row 2: amount is empty"),
        ("day,amount\n2026-08-08,2.000\n", "row 2: amount is not a whole number"),
        ("day,amount\n2026-08-08,007\n", "row 2: amount is not a whole number"),
        ("day,amount\n2026-08-08,-1\n", "row 2: amount is not a whole number"),
        ("day,amount\n2026-08-08,٣\n", "row 2: amount is not a whole number"),
    ],
)
def test_a_broken_file_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(SeedError, match=f"fees.csv.*{complaint}"):
        _read(text)


@pytest.mark.parametrize("value", [" a", "a ", "Hải Phòng\u00a0", "Ha\u0309i Pho\u0300ng"])
def test_text_is_trimmed_and_composed(value: str) -> None:
    with pytest.raises(SeedError, match=r"fees.csv, row 7: cell is not trimmed NFC text"):
        _row(value).text("cell")


def test_flags_and_choices_are_written_just_so() -> None:
    assert _row("true").flag("cell") is True
    assert _row("holiday").one_of("cell", DayKind) is DayKind.HOLIDAY
    assert _row("").optional_day("cell") is None
    assert _row("").optional_whole("cell") is None
    with pytest.raises(SeedError, match="cell is malformed"):
        _row("True").flag("cell")
    with pytest.raises(SeedError, match="cell is none of holiday, make_up_working_day"):
        _row("Holiday").one_of("cell", DayKind)
