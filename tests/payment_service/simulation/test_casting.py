"""A cast follows from its seed, fits its days, and keeps peculiar units apart."""

from datetime import date

import pytest

from bank_adapters.counterpart.banks import BANKS
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import NoticeResult
from payment_service.simulation.casting import LIVES_A_SCENARIO_MIN, cast
from payment_service.simulation.keys import GATEWAYS
from payment_service.simulation.lives import Life
from payment_service.simulation.scenario import Varies
from payment_service.simulation.scenarios import SCENARIOS
from payment_service.simulation.setting_up import make_surroundings
from reconciliation.breaks import BreakCode

PLACES = make_surroundings(
    [f"{11000 + number}" for number in range(20)], seed=1, opening_on=date(2026, 11, 22)
).places

KINDS = {
    "late": ({"gateway-notice-late"}, {"transfer-late-notice"}),
    "duplicated": ({"gateway-notice-twice"}, {"transfer-notice-twice"}),
    "reordered": ({"gateway-notices-reordered"}, {"notices-reordered"}),
    "wrong amount": ({"gateway-short"}, {"notice-short"}),
    "wrong merchant": ({"gateway-other-merchant"}, {"notice-other-account"}),
    "wrong key": ({"gateway-forged"}, {"notice-forged"}),
    "replay": ({"gateway-replayed"}, {"notice-replayed", "notice-replayed-stale"}),
    "failure after success": ({"gateway-failure-after-success"}, {"reversed-after-notice"}),
    "never arriving": ({"gateway-notice-never"}, {"notice-never"}),
}
"""How the catalogue calls each kind at gateways, and on the channels of banks."""


def roles(lives: list[Life]) -> list[tuple[int, str, str, int]]:
    return [(life.number, life.scenario, life.unit_code, life.starts_on) for life in lives]


def play(seed: int, days: int = 3) -> list[Life]:
    return cast(SCENARIOS, PLACES, seed=seed, requests=400, days=days)


def test_the_same_seed_gives_the_same_cast() -> None:
    assert roles(play(1)) == roles(play(1))
    assert roles(play(1)) != roles(play(2))
    assert [life.random.random() for life in play(1)] == [life.random.random() for life in play(1)]


def test_every_scenario_is_played_and_the_rest_is_filled() -> None:
    lives = play(1, days=4)
    assert len(lives) >= 400
    for name in SCENARIOS:
        assert sum(life.scenario == name for life in lives) >= LIVES_A_SCENARIO_MIN


def test_no_life_is_cut_off_unless_it_may_end_early() -> None:
    for life in play(1):
        scenario = SCENARIOS[life.scenario]
        ends_on = life.starts_on + scenario.days
        assert ends_on <= 2 or scenario.early_label is not None
        is_early = ends_on > 2
        label = scenario.early_label if is_early else scenario.label
        assert life.label == (label.value if label else "")


def test_what_needs_more_days_is_left_out_of_short_plans() -> None:
    assert {"late", "unpaid-expired"}.isdisjoint(life.scenario for life in play(1, days=2))


def test_a_unit_of_its_own_is_shared_with_nobody() -> None:
    lives = play(1)
    for name, scenario in SCENARIOS.items():
        if scenario.is_alone:
            [unit_code] = {life.unit_code for life in lives if life.scenario == name}
            assert {life.scenario for life in lives if life.unit_code == unit_code} == {name}


def test_banks_tell_on_every_channel_that_their_unit_has() -> None:
    by_code = {place.unit_code: place for place in PLACES}
    told = [life for life in play(1) if by_code[life.unit_code].is_signed]
    for life in told:
        assert life.teller in SCENARIOS[life.scenario].told_by
        assert life.teller in by_code[life.unit_code].banks
    assert {life.teller for life in told} == BANKS.keys()


@pytest.mark.parametrize("channel", sorted(BANKS))
def test_every_channel_of_a_bank_has_a_scenario_of_its_own(channel: str) -> None:
    own = {name for name, scenario in SCENARIOS.items() if scenario.told_by == {channel}}
    assert own
    assert {life.teller for life in play(1) if life.scenario in own} == {channel}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channel", sorted(DIALECTS))
def test_every_kind_of_trouble_is_played_on_every_channel(channel: str, kind: str) -> None:
    at_gateway, told_by_bank = KINDS[kind]
    is_bank = DIALECTS[channel].is_bank
    played = [
        life
        for life in play(1, days=4)
        if life.scenario in (told_by_bank if is_bank else at_gateway)
        and channel == (life.teller if is_bank else life.channel)
    ]
    is_telling = is_bank or NoticeResult.FAILED in COUNTERPARTS[channel].notifies
    assert bool(played) is (is_telling or kind != "failure after success")


def test_a_scenario_of_channels_is_played_on_all_of_them() -> None:
    lives = play(1, days=4)
    for name, scenario in SCENARIOS.items():
        if scenario.varies is Varies.TOLD_BY_BANKS:
            assert {life.teller for life in lives if life.scenario == name} == scenario.told_by
        elif scenario.varies and not scenario.is_alone:
            able = {
                channel
                for channel in GATEWAYS
                if scenario.tells <= COUNTERPARTS[channel].notifies
                and (DIALECTS[channel].scheme.is_weak or not scenario.only_weak)
            }
            assert {life.channel for life in lives if life.scenario == name} == able


def test_unsigned_statements_come_from_banks_that_sign_nothing() -> None:
    unsigned = {place.unit_code for place in PLACES if not place.is_signed}
    scenarios = {life.scenario for life in play(1) if life.unit_code in unsigned}
    assert scenarios == {"statement-unsigned", "statement-waiting"}


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: str(scenario.name))
def test_a_scenario_says_what_it_is(scenario: object) -> None:
    assert scenario.name == scenario.name.lower()  # type: ignore[attr-defined]  # a Scenario
    for text in (scenario.vietnamese, scenario.english):  # type: ignore[attr-defined]  # a Scenario
        assert text.endswith(".")
        assert "\n" not in text


def test_the_catalogue_opens_most_kinds_of_breaks() -> None:
    opened = {code for scenario in SCENARIOS.values() for code in scenario.breaks}
    of_batches_and_statements = {BreakCode.BATCH_AMOUNT, BreakCode.NOT_CONFIRMED}
    assert len(opened | of_batches_and_statements) >= 18
