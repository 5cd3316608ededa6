"""How pages write money, days and instants: Vietnamese or English, always Vietnam's time.

Formatting only; amounts are integers of đồng and never pass through floating point.
"""

from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from payment_service.domain.calendar import VIETNAM

Language = Literal["vi", "en"]

_DAY: Final = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
_INSTANT: Final = {"vi": "HH:mm 'ngày' dd/MM/yyyy", "en": "HH:mm, d MMM yyyy"}


def whole(number: int, language: Language) -> str:
    """Return a whole number with the language's thousands: `8.000` or `8,000`."""
    return format_decimal(number, locale=language)


def money(amount_minor: int, language: Language) -> str:
    """Return an amount of đồng: `8.000 đồng` or `8,000 đồng`."""
    return f"{whole(amount_minor, language)} đồng"


def day(value: date, language: Language) -> str:
    """Return a day: `30/11/2026` or `30 Nov 2026`."""
    return format_date(value, _DAY[language], locale=language)


def instant(value: datetime, language: Language) -> str:
    """Return an instant in Vietnam's time: `17:05 ngày 30/11/2026` or `17:05, 30 Nov 2026`."""
    return format_datetime(value, _INSTANT[language], tzinfo=VIETNAM, locale=language)


def deadline(value: datetime, language: Language) -> str:
    """Return until when: a midnight is the end of the day before it, as people say it."""
    local = value.astimezone(VIETNAM)
    if local.time() != time():
        return instant(value, language)
    last_day = day(local.date() - timedelta(days=1), language)
    return f"hết ngày {last_day}" if language == "vi" else f"the end of {last_day}"
