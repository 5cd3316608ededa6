"""Who plays what: how many lives of each scenario, in which unit, beginning on which day.

Everything follows from the seed; nothing here talks to anybody.
"""

from collections.abc import Mapping, Sequence
from itertools import cycle
from random import Random

from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.registry import DIALECTS
from payment_service.simulation.gateway import PayoutManner
from payment_service.simulation.keys import EVERYWHERE
from payment_service.simulation.lives import Life
from payment_service.simulation.places import Place
from payment_service.simulation.scenario import Scenario, Varies
from payment_service.simulation.setting_up import SIGNED_FILES

LIVES_A_SCENARIO_MIN = 2
"""Of a scenario that varies: one for each channel, if these are more."""
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
    if scenario.has_bank_codes and place.statement_format == "csv":
        return []
    return sorted(channel for channel in place.gateways if _plays_at(scenario, channel))


def tellers_for(scenario: Scenario, place: Place) -> list[str]:
    """Return the channels on which a unit's bank can tell of a scenario, in a fixed order."""
    return sorted(scenario.told_by & place.banks.keys())


def _plays_at(scenario: Scenario, channel: str) -> bool:
    is_weak = DIALECTS[channel].scheme.is_weak
    return (is_weak or not scenario.only_weak) and scenario.tells <= COUNTERPARTS[channel].notifies


class _Turns:
    """Where one scenario is played next: every channel on which it varies in its turn."""

    def __init__(self, scenario: Scenario, places: Sequence[Place], random: Random) -> None:
        is_told = scenario.varies is Varies.TOLD_BY_BANKS
        channels_for = tellers_for if is_told else tills_for
        self._random = random
        self._places: dict[str, list[Place]] = {}
        for place in places:
            if tills_for(scenario, place) and tellers_for(scenario, place):
                for channel in channels_for(scenario, place) if scenario.varies else [""]:
                    self._places.setdefault(channel, []).append(place)
        self.channels = sorted(self._places)
        random.shuffle(self.channels)
        self._next = cycle(self.channels)

    def take(self) -> tuple[Place, str]:
        """Return a unit and its channel; the channel is empty where none matters."""
        channel = next(self._next)
        return self._random.choice(self._places[channel]), channel


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
    turns = {each.name: _Turns(each, ordinary, random) for each in possible if not each.is_alone}
    roles = []
    for scenario in possible:
        lives_min = LIVES_A_SCENARIO_MIN
        if scenario.name in turns:
            lives_min = max(lives_min, len(turns[scenario.name].channels))
        if scenario.name in turns or scenario.name in own:
            roles += [scenario] * max(lives_min, requests * scenario.permille // 1000)
    filling = [scenarios[name] for name in _FILLING if name in scenarios]
    while filling and len(roles) < requests:
        roles.append(filling[len(roles) % len(filling)])
    lives = []
    for number, scenario in enumerate(roles, first_number):
        is_alone = scenario.name in own
        place, channel = (own[scenario.name], "") if is_alone else turns[scenario.name].take()
        latest = days - 1 if scenario.early_label else days - 1 - scenario.days
        starts_on = random.randint(0, latest)
        lives.append(_life(number, scenario, place, channel, starts_on, seed=seed, days=days))
    return lives


def _life(
    number: int,
    scenario: Scenario,
    place: Place,
    channel: str,
    starts_on: int,
    *,
    seed: int,
    days: int,
) -> Life:
    if scenario.name in set(PayoutManner):
        starts_on = 0
    random = Random(f"life:{seed}:{number}")  # noqa: S311 - a reproducible play, not a secret
    till = EVERYWHERE if scenario.is_alone else random.choice(tills_for(scenario, place))
    teller = SIGNED_FILES if scenario.is_alone else random.choice(tellers_for(scenario, place))
    if channel and scenario.varies is Varies.TOLD_BY_BANKS:
        teller = channel
    elif channel:
        till = channel
    label, breaks = scenario.end(starts_on, days - 1, channel=till)
    return Life(
        number=number,
        scenario=scenario.name,
        unit_code=place.unit_code,
        starts_on=starts_on,
        random=random,
        channel=till,
        teller=teller,
        label=label,
        breaks=breaks,
    )
