"""Plays one scenario against a running service: everything that it needs happens today.

The service's data folder holds who we are there; the night that follows is the service's own.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rich.console import Console

from payment_service.domain.calendar import business_date
from payment_service.domain.errors import Invalid, NotFound
from payment_service.settings import Settings
from payment_service.simulation.casting import cast
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.simulation.http_client import HttpClient
from payment_service.simulation.lives import Truth, write_truth
from payment_service.simulation.places import (
    SURROUNDINGS_FILE,
    Surroundings,
    read_surroundings,
    write_surroundings,
)
from payment_service.simulation.scenario import Scenario
from payment_service.simulation.scenarios import SCENARIOS
from payment_service.simulation.stage import Surprise
from payment_service.simulation.tables import dong
from payment_service.simulation.world import World

DEMO_FOLDER = "demo"
_OUT = Console(emoji=False)


def simulate(
    settings: Settings, name: str, *, target: str, seed: int, clock: Callable[[], datetime]
) -> int:
    """Play a scenario and print what happened; 1 when the service surprised its callers.

    Raises `Invalid` for an unknown name and `NotFound` where no demonstration ever ran.
    """
    if name not in SCENARIOS:
        raise Invalid(f"no such scenario; known are: {', '.join(SCENARIOS)}")
    folder = _folder_of(settings)
    surroundings = read_surroundings(folder / SURROUNDINGS_FILE)
    scenario = _in_one_day(SCENARIOS[name])
    try:
        truth = asyncio.run(_play(scenario, surroundings, folder, target, seed, clock))
    except (Surprise, OSError, ExceptionGroup) as error:
        for each in error.exceptions if isinstance(error, ExceptionGroup) else (error,):
            _OUT.print(str(each), markup=False, highlight=False)
        return 1
    finally:
        write_surroundings(surroundings, folder / SURROUNDINGS_FILE)
    write_truth(truth, folder / f"truth-{name}.json")
    _tell(scenario, truth)
    return 0


def _folder_of(settings: Settings) -> Path:
    for folder in (settings.data_folder, settings.data_folder / DEMO_FOLDER):
        if (folder / SURROUNDINGS_FILE).is_file():
            return folder
    raise NotFound(f"{settings.data_folder} holds no {SURROUNDINGS_FILE}: run the demo first")


def _in_one_day(scenario: Scenario) -> Scenario:
    return replace(scenario, script=tuple((0, act) for _, act in scenario.script), days=0)


async def _play(
    scenario: Scenario,
    surroundings: Surroundings,
    folder: Path,
    target: str,
    seed: int,
    clock: Callable[[], datetime],
) -> Truth:
    today = business_date(clock(), None)
    number = surroundings.lives + 1
    scenarios = {scenario.name: scenario}
    lives = cast(
        scenarios, surroundings.places, seed=seed, requests=1, days=1, first_number=number
    )[:1]
    gateways = GatewayServer(clock, surroundings.gateway_port)
    for place in surroundings.places:
        for channel, address in (place.gateways | place.banks).items():
            gateways.enrol(channel, address.merchant, address.material.encode())
    async with HttpClient(target) as client, gateways:
        world = World(
            surroundings=surroundings,
            scenarios=scenarios,
            lives=lives,
            days=[today],
            seed=seed,
            transport=client,
            gateway_server=gateways,
            clock=clock,
            pick_up_folder=folder / "pick-up",
            in_one_day=True,
        )
        await world.play_day(0)
    return world.truth


def _tell(scenario: Scenario, truth: Truth) -> None:
    _OUT.print(scenario.vietnamese, highlight=False)
    _OUT.print(scenario.english, highlight=False)
    for life in truth.lives:
        for asked in life.requests:
            _OUT.print(
                f"  {asked.reference}  {dong(asked.amount_minor)} đồng  {asked.pay_path}",
                markup=False,
                highlight=False,
            )
    for line in truth.lines:
        _OUT.print(f"  {line.bank_reference} → {line.goes_to or '–'}", highlight=False)
    days = [day.isoformat() for day in truth.days]
    _OUT.print(f"Đêm tiếp theo · The night that follows: payment-service nightly --date {days[0]}")
