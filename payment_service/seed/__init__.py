"""Facts a fresh database starts from: units, banks, tariff, budget codes and holidays.

Each function reads one CSV file beside this one; a row that is not what it promises raises
`SeedError` with file and row.
"""

from payment_service.domain.fee_rule import FeeCategory, Per, RuleMalformed
from payment_service.seed.cells import Row, SeedError, read_rows
from payment_service.seed.rows import (
    BankSeed,
    BudgetSubItemSeed,
    DayKind,
    FeeKindSeed,
    FeeRetentionSeed,
    FeeRuleSeed,
    FormerProvince,
    HolidaySeed,
    UnitAliasSeed,
    UnitKind,
    UnitSeed,
)

__all__ = [
    "BankSeed",
    "BudgetSubItemSeed",
    "DayKind",
    "FeeKindSeed",
    "FeeRetentionSeed",
    "FeeRuleSeed",
    "FormerProvince",
    "HolidaySeed",
    "SeedError",
    "UnitAliasSeed",
    "UnitKind",
    "UnitSeed",
    "read_banks",
    "read_budget_sub_items",
    "read_fee_kinds",
    "read_fee_retentions",
    "read_fee_rules",
    "read_holidays",
    "read_unit_aliases",
    "read_units",
]

_SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
_PERMILLE_MAX = 1000
_FEE_RULE_COLUMNS = (
    "code",
    "fee_kind",
    "procedure_code",
    "procedure_name_vi",
    "territory",
    "channel",
    "payer_kind",
    "variant",
    "per",
    "unit_amount_minor",
    "further_from_quantity",
    "further_amount_minor",
    "cap_minor",
    "citation",
    "valid_from",
    "valid_to",
    "verified",
    "source_mark",
)


def read_units() -> list[UnitSeed]:
    """Return the 114 commune-level units of Hải Phòng."""

    def build(row: Row) -> UnitSeed:
        wards = row.optional_text("former_wards")
        return UnitSeed(
            code=row.matching("code", "[0-9]{5}"),
            name_vi=row.text("name_vi"),
            kind=row.one_of("kind", UnitKind),
            former_province=row.one_of("former_province", FormerProvince),
            former_wards=tuple(wards.split("|")) if wards else (),
        )

    return read_rows("units.csv", tuple(UnitSeed.__dataclass_fields__), build)


def read_unit_aliases() -> list[UnitAliasSeed]:
    """Return the codes of the units in each scheme, with their validity."""

    def build(row: Row) -> UnitAliasSeed:
        return UnitAliasSeed(
            unit_code=row.matching("unit_code", "[0-9]{5}"),
            scheme=row.matching("scheme", _SLUG),
            code=row.matching("code", "[0-9]{5}"),
            valid_from=row.day("valid_from"),
            valid_to=row.optional_day("valid_to"),
            source=row.text("source"),
            verified=row.flag("verified"),
        )

    return read_rows("unit_aliases.csv", tuple(UnitAliasSeed.__dataclass_fields__), build)


def read_banks() -> list[BankSeed]:
    """Return the banks that a VietQR code can name, one for each identification number."""

    def build(row: Row) -> BankSeed:
        return BankSeed(
            bin=row.matching("bin", "[0-9]{6}"),
            code=row.matching("code", "[A-Z0-9_]+"),
            short_name=row.text("short_name"),
            name_vi=row.text("name_vi"),
            swift=row.optional_text("swift"),
        )

    return read_rows("banks.csv", tuple(BankSeed.__dataclass_fields__), build)


def read_budget_sub_items() -> list[BudgetSubItemSeed]:
    """Return the budget sub-items that fees go to."""

    def build(row: Row) -> BudgetSubItemSeed:
        return BudgetSubItemSeed(
            code=row.matching("code", "[0-9]{4}"),
            name_vi=row.text("name_vi"),
            category=row.one_of("category", FeeCategory),
        )

    return read_rows("budget_sub_items.csv", tuple(BudgetSubItemSeed.__dataclass_fields__), build)


def read_fee_kinds() -> list[FeeKindSeed]:
    """Return the kinds of fee."""

    def build(row: Row) -> FeeKindSeed:
        return FeeKindSeed(
            code=row.matching("code", _SLUG),
            name_vi=row.text("name_vi"),
            name_en=row.text("name_en"),
            category=row.one_of("category", FeeCategory),
            sub_item=row.matching("sub_item", "[0-9]{4}"),
            chapter=row.matching("chapter", "[0-9]{3}"),
            verified=row.flag("verified"),
        )

    return read_rows("fee_kinds.csv", tuple(FeeKindSeed.__dataclass_fields__), build)


def read_fee_retentions() -> list[FeeRetentionSeed]:
    """Return the shares of fees that collectors may keep."""

    def build(row: Row) -> FeeRetentionSeed:
        retained_permille = row.whole("retained_permille")
        if retained_permille > _PERMILLE_MAX:
            row.refuse(f"more than all of it is retained: {retained_permille}")
        return FeeRetentionSeed(
            fee_kind=row.matching("fee_kind", _SLUG),
            valid_from=row.day("valid_from"),
            valid_to=row.optional_day("valid_to"),
            retained_permille=retained_permille,
            citation=row.text("citation"),
            verified=row.flag("verified"),
        )

    return read_rows("fee_retentions.csv", tuple(FeeRetentionSeed.__dataclass_fields__), build)


def read_fee_rules() -> list[FeeRuleSeed]:
    """Return the tariff; each row is a rule that `domain.tariff.price` takes as it is."""
    return read_rows("fee_rules.csv", _FEE_RULE_COLUMNS, _fee_rule)


def read_holidays() -> list[HolidaySeed]:
    """Return the holidays and make-up working days of 2026 and 2027."""

    def build(row: Row) -> HolidaySeed:
        return HolidaySeed(
            day=row.day("day"),
            name_vi=row.text("name_vi"),
            kind=row.one_of("kind", DayKind),
            source=row.text("source"),
        )

    return read_rows("holidays.csv", tuple(HolidaySeed.__dataclass_fields__), build)


def _fee_rule(row: Row) -> FeeRuleSeed:
    variant = row.optional_text("variant")
    try:
        return FeeRuleSeed(
            code=row.matching("code", _SLUG),
            fee_kind=row.matching("fee_kind", _SLUG),
            procedure_code=row.matching("procedure_code", r"\*|[0-9]\.[0-9]{6}"),
            procedure_name_vi=row.text("procedure_name_vi"),
            territory=row.text("territory"),
            channel=row.text("channel"),
            payer_kind=row.text("payer_kind"),
            variant=row.matching("variant", rf"\*|{_SLUG}") if variant else "",
            per=row.one_of("per", Per),
            unit_amount_minor=row.whole("unit_amount_minor"),
            further_from_quantity=row.optional_whole("further_from_quantity"),
            further_amount_minor=row.optional_whole("further_amount_minor"),
            cap_minor=row.optional_whole("cap_minor"),
            citation=row.text("citation"),
            valid_from=row.day("valid_from"),
            valid_to=row.optional_day("valid_to"),
            verified=row.flag("verified"),
            source_mark=row.text("source_mark"),
        )
    except RuleMalformed as error:
        row.refuse(str(error))
