"""Who plays what: how many lives of each scenario, in which unit, beginning on which day.

Everything follows from the seed; nothing here talks to anybody.
"""

from collections.abc import Mapping, Sequence
from random import Random

from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.registry import DIALECTS
from payment_service.simulation.keys import EVERYWHERE
from payment_service.simulation.lives import Life
from payment_service.simulation.places import Place
from payment_service.simulation.scenario import Scenario
from payment_service.simulation.setting_up import SIGNED_FILES

LIVES_A_SCENARIO_MIN = 2
_FILLING = ("transfer", "gateway", "transfer", "transfer-signed-notice")
"""What the lives beyond every scenario's part play."""


def stages_of_their_own(scenarios: Sequence[Scenario], places: Sequence[Place]) -> dict[str, Place]:
    """Give each scenario that needs it a unit of its own; unsigned statements one that has them."""
    alone = [scenario for scenario in scenarios if scenario.is_alone]
    unsigned = [place for place in places if not place.is_signed]
    signed = [place for place in places if place.is_signed]
    given = {}
    for scenario in alone:
        is_unsigned = scenario.name in {"statement-unsigned", "statement-waiting"}
        pool = unsigned if is_unsigned else signed
        if pool:
            given[scenario.name] = pool.pop(0)
    return given


def tills_for(scenario: Scenario, place: Place) -> list[str]:
    """Return the gateways of a unit at which a scenario can happen, in a fixed order."""
    return sorted(channel for channel in place.gateways if _plays_at(scenario, channel))


def tellers_for(scenario: Scenario, place: Place) -> list[str]:
    """Return the channels on which a unit's bank can tell of a scenario, in a fixed order."""
    return sorted(scenario.told_by & place.banks.keys())


def _plays_at(scenario: Scenario, channel: str) -> bool:
    is_weak = DIALECTS[channel].scheme.is_weak
    return (is_weak or not scenario.only_weak) and scenario.tells <= COUNTERPARTS[channel].notifies


def cast(
    scenarios: Mapping[str, Scenario],
    places: Sequence[Place],
    *,
    seed: int,
    requests: int,
    days: int,
    first_number: int = 1,
) -> list[Life]:
    """Return about `requests` lives that can all end within the days of the plan."""
    random = Random(f"cast:{seed}")  # noqa: S311 - a reproducible play, not a secret
    possible = [each for each in scenarios.values() if each.days < days or each.early_label]
    own = stages_of_their_own(possible, places)
    taken = {place.unit_code for place in own.values()}
    ordinary = [place for place in places if place.unit_code not in taken and place.is_signed]
    roles = [
        scenario
        for scenario in possible
        if not scenario.is_alone or scenario.name in own
        for _ in range(max(LIVES_A_SCENARIO_MIN, requests * scenario.permille // 1000))
    ]
    filling = [scenarios[name] for name in _FILLING if name in scenarios]
    while filling and len(roles) < requests:
        roles.append(filling[len(roles) % len(filling)])
    lives = []
    for number, scenario in enumerate(roles, first_number):
        place = own.get(scenario.name) or random.choice(
            [p for p in ordinary if tills_for(scenario, p) and tellers_for(scenario, p)]
        )
        latest = days - 1 if scenario.early_label else days - 1 - scenario.days
        lives.append(
            _life(number, scenario, place, random.randint(0, latest), seed=seed, days=days)
        )
    return lives


def _life(
    number: int, scenario: Scenario, place: Place, starts_on: int, *, seed: int, days: int
) -> Life:
    if scenario.name == "payout-wrong-amount":
        starts_on = 0
    random = Random(f"life:{seed}:{number}")  # noqa: S311 - a reproducible play, not a secret
    channel = EVERYWHERE if scenario.is_alone else random.choice(tills_for(scenario, place))
    teller = SIGNED_FILES if scenario.is_alone else random.choice(tellers_for(scenario, place))
    is_weak = DIALECTS[channel].scheme.is_weak
    label, breaks = scenario.end(starts_on, days - 1, is_weak=is_weak)
    return Life(
        number=number,
        scenario=scenario.name,
        unit_code=place.unit_code,
        starts_on=starts_on,
        random=random,
        channel=channel,
        teller=teller,
        label=label,
        breaks=breaks,
    )
