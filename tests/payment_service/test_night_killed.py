"""A night killed at any point and run again decides what an unbroken night decides.

By default at a few statements; `FAULT_ROUNDS` in the environment: at every one of them.
"""

import asyncio
import logging
from collections.abc import Callable

import pytest

from payment_service.context import Context
from payment_service.domain.errors import Unavailable
from payment_service.nightly import run_night
from tests.payment_service.boundaries import COMMITTED, Boundaries, some
from tests.payment_service.broken_nights import comparable, decided, prepare_night, run_again
from tests.payment_service.copies import copy_of
from tests.payment_service.use_cases.days import broken
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town

LOG = logging.getLogger(__name__)
pytestmark = pytest.mark.anyio


class _Killed(BaseException):
    """Ends a night where it stands, as a kill does."""


def _killer(at: tuple[str, int, int]) -> Callable[[str, int, int], None]:
    def progress(*step: str | int) -> None:
        if step == at:
            raise _Killed

    return progress


async def _assert_same(context: Context, whole: tuple[object, str], at: object) -> None:
    found = await run_again(context)
    assert await decided(context) == whole[0], at
    assert await broken(context) == {}, at
    assert comparable(found) == whole[1], at


async def test_a_killed_night_ends_as_if_it_had_not_been(town: Town, database_url: str) -> None:
    """Cancelled at one point after another, then run again: the same decisions and report."""
    await prepare_night(town)
    steps: list[tuple[str, int, int]] = []
    async with copy_of(town.context, database_url, "whole") as context:
        started = asyncio.get_running_loop().time()
        report = await run_night(context, MONDAY, progress=lambda *step: steps.append(step))
        duration = asyncio.get_running_loop().time() - started
        whole = await decided(context), comparable(report)
    assert report["declared_minor"] == 4 * FEE
    assert len(steps) == 5
    for number in range(len(steps) + 3):
        async with copy_of(town.context, database_url, f"killed_{number}") as context:
            if number < len(steps):
                with pytest.raises(_Killed):
                    await run_night(context, MONDAY, progress=_killer(steps[number]))
            else:
                task = asyncio.create_task(run_night(context, MONDAY))
                await asyncio.sleep(duration * (0.25 + 0.25 * (number - len(steps))))
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            await _assert_same(context, whole, number)


async def test_a_night_cut_off_at_any_statement_ends_as_if_it_had_not_been(
    town: Town, database_url: str
) -> None:
    """Its session ends before a statement, before a COMMIT, or after one that it hears not of."""
    await prepare_night(town)
    async with copy_of(town.context, database_url, "whole") as context:
        boundaries = Boundaries(context.database)
        report = await run_night(context, MONDAY)
        sent = list(boundaries.sent)
        whole = await decided(context), comparable(report)
    commits = [number for number, each in enumerate(sent) if each == COMMITTED]
    others = [number for number, each in enumerate(sent) if each != COMMITTED]
    for number in (*some(commits, 3), *some(others, 6)):
        async with copy_of(town.context, database_url, f"cut_{number}") as context:
            boundaries = Boundaries(context.database, at=number)
            boundaries.then = boundaries.cut
            with pytest.raises(Unavailable):
                await run_night(context, MONDAY)
            assert boundaries.sent[number] == sent[number]
            await _assert_same(context, whole, (number, sent[number]))
    LOG.info("%d boundaries, %d of them commits", len(sent), len(commits))
