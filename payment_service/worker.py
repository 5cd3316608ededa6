"""Says when: rings every minute; the database decides which nights are due, and missed ones too.

`schedule` keeps no state and catches nothing up, so it only rings.
"""

import asyncio
import time
from datetime import date, datetime, timedelta

import schedule
import structlog

from payment_service.context import Context
from payment_service.db import nights
from payment_service.domain.calendar import VIETNAM
from payment_service.domain.errors import RequestInFlight, Unavailable
from payment_service.nightly import run_night

NIGHT_HOUR = 2
LOG = structlog.get_logger()


async def due_nights(context: Context) -> list[date]:
    """Return the business dates whose night is due, oldest first.

    A date's night begins at 02:00 Vietnam time of the next day. On an empty system only the last
    date is due.
    """
    local: datetime = context.clock().astimezone(VIETNAM)
    days_back = 1 if local.hour >= NIGHT_HOUR else 2
    newest = local.date() - timedelta(days=days_back)
    async with context.database.read_only() as connection:
        last = await nights.last_finished(connection)
    first = newest if last is None else last + timedelta(days=1)
    return [first + timedelta(days=offset) for offset in range((newest - first).days + 1)]


async def ring(context: Context) -> int:
    """Run every night that is due, in order; return how many ran."""
    done = 0
    for business_date in await due_nights(context):
        try:
            report = await run_night(context, business_date)
        except (RequestInFlight, Unavailable) as error:
            LOG.info("night waits", business_date=str(business_date), reason=str(error))
            break
        done += 1
        LOG.info("night finished", **report)
    return done


def work(context: Context, runner: asyncio.Runner) -> None:
    """Ring every minute until the process is told to stop."""
    bell = schedule.Scheduler()
    bell.every().minute.do(lambda: runner.run(ring(context)))
    bell.run_all()
    while True:
        time.sleep(max(bell.idle_seconds or 0, 1))
        bell.run_pending()
