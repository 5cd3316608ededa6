"""What one row of each seed file says; values only, ready for a fresh database."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from payment_service.domain.fee_rule import FeeCategory, FeeRule, Territory


class UnitKind(StrEnum):
    """The three kinds of commune-level unit since 1 July 2025."""

    PHUONG = "phuong"
    """A ward."""
    XA = "xa"
    """A rural commune."""
    DAC_KHU = "dac_khu"
    """A special zone: an island district of before."""


class FormerProvince(StrEnum):
    """The province a unit's land belonged to before the merger."""

    HAI_PHONG = "Thành phố Hải Phòng"
    """Hải Phòng in its former borders."""
    HAI_DUONG = "Tỉnh Hải Dương"
    """The former Hải Dương province."""


class DayKind(StrEnum):
    """How a day differs from what its weekday says."""

    HOLIDAY = "holiday"
    """Offices and banks are closed."""
    MAKE_UP_WORKING_DAY = "make_up_working_day"
    """A weekend day worked in exchange for a free day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSeed:
    """A commune-level unit; `code` is its present statistical code."""

    code: str
    name_vi: str
    kind: UnitKind
    former_province: FormerProvince
    former_wards: tuple[str, ...]

    @property
    def territory(self) -> Territory:
        """The area whose older resolutions still hold there."""
        if self.former_province is FormerProvince.HAI_DUONG:
            return Territory.HAI_DUONG_CU
        return Territory.HAI_PHONG_CU


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAliasSeed:
    """A code of a unit in one scheme (`gso`, `gso-2025-10`), valid to `valid_to` included."""

    unit_code: str
    scheme: str
    code: str
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BankSeed:
    """A bank by its six-digit identification number; code and SWIFT are no keys."""

    bin: str
    code: str
    short_name: str
    name_vi: str
    swift: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSubItemSeed:
    """A sub-item (tiểu mục) of the State budget classification, Circular 324/2016/TT-BTC."""

    code: str
    name_vi: str
    category: FeeCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeKindSeed:
    """A kind of fee with where its money goes; `verified` speaks of chapter and sub-item."""

    code: str
    name_vi: str
    name_en: str
    category: FeeCategory
    sub_item: str
    chapter: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRetentionSeed:
    """What part of a fee the collector may keep, in permille (Law 97/2015/QH13, Art. 12–13)."""

    fee_kind: str
    valid_from: date
    valid_to: date | None
    retained_permille: int
    citation: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRuleSeed(FeeRule):
    """A fee rule with what people read beside it: the procedure's name and how sure we are."""

    procedure_name_vi: str
    source_mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidaySeed:
    """One day of the calendar that its weekday does not explain."""

    day: date
    name_vi: str
    kind: DayKind
    source: str
