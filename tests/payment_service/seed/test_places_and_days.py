"""Units, their codes, banks and holidays as shipped."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from payment_service import seed
from payment_service.domain.calendar import BusinessCalendar


def _calendar() -> BusinessCalendar:
    days = seed.read_holidays()
    return BusinessCalendar(
        holidays=frozenset(d.day for d in days if d.kind is seed.DayKind.HOLIDAY),
        make_up_days=frozenset(d.day for d in days if d.kind is seed.DayKind.MAKE_UP_WORKING_DAY),
    )


def test_the_city_has_its_114_units() -> None:
    units = seed.read_units()
    assert len({unit.code for unit in units}) == len(units) == 114
    assert Counter(unit.kind.value for unit in units) == {"xa": 67, "phuong": 45, "dac_khu": 2}
    assert Counter(u.territory.value for u in units) == {"hai-duong-cu": 64, "hai-phong-cu": 50}
    assert len({unit.name_vi for unit in units}) == 114


def test_the_name_of_a_unit_begins_with_its_kind() -> None:
    words = {"phuong": "Phường ", "xa": "Xã ", "dac_khu": "Đặc khu "}
    assert all(unit.name_vi.startswith(words[unit.kind]) for unit in seed.read_units())


def test_every_code_names_one_unit_on_any_day() -> None:
    codes = {unit.code for unit in seed.read_units()}
    aliases = seed.read_unit_aliases()
    assert {alias.unit_code for alias in aliases} == codes
    assert {alias.unit_code for alias in aliases if alias.scheme == "gso"} == codes
    assert all(a.valid_to is None or a.valid_from <= a.valid_to for a in aliases)
    owners: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for alias in aliases:
        owners[alias.scheme, alias.code].add(alias.unit_code)
    assert all(len(units) == 1 for units in owners.values())


@pytest.mark.parametrize(("old", "now"), [("11341", "11329"), ("10510", "10507")])
def test_codes_of_the_october_edition_find_their_unit(old: str, now: str) -> None:
    found = [alias for alias in seed.read_unit_aliases() if alias.code == old]
    assert [(alias.scheme, alias.unit_code) for alias in found] == [("gso-2025-10", now)]
    assert not found[0].verified


def test_each_bank_number_names_one_bank() -> None:
    banks = seed.read_banks()
    by_bin = {bank.bin: bank for bank in banks}
    assert len(by_bin) == len(banks) >= 60
    assert by_bin["970436"].short_name == "Vietcombank"
    assert by_bin["970406"].short_name == "Vikki Bank"
    assert by_bin["970414"].short_name == "MBV"
    assert by_bin["970449"].short_name == "LPBank"
    assert all(bank.swift == "" or bank.swift[4:6] == "VN" for bank in banks)


def test_tet_and_culture_day_are_free() -> None:
    holidays = _calendar().holidays
    assert {date(2026, 2, 16) + timedelta(days=offset) for offset in range(5)} <= holidays
    assert {date(2027, 2, 4) + timedelta(days=offset) for offset in range(7)} <= holidays
    assert {date(2026, 11, 24), date(2027, 11, 24)} <= holidays
    assert {day.year for day in holidays} == {2026, 2027}


def test_each_day_stands_once_and_make_up_days_are_weekends() -> None:
    days = seed.read_holidays()
    assert len({day.day for day in days}) == len(days)
    assert all(day.source for day in days)
    assert _calendar().make_up_days == {date(2026, 8, 22)}
    assert date(2026, 8, 22).weekday() == 5


def test_a_swapped_saturday_is_worked_and_its_monday_is_free() -> None:
    calendar = _calendar()
    assert calendar.is_business_day(date(2026, 8, 22))
    assert not calendar.is_business_day(date(2026, 8, 31))
    assert calendar.next_business_day(date(2026, 2, 13)) == date(2026, 2, 23)
    assert calendar.next_business_day(date(2026, 8, 28)) == date(2026, 9, 3)
