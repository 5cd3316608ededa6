"""Every signed unit is told of by its bank on two channels, with keys that the service accepts."""

from datetime import date

import pytest

from bank_adapters.counterpart.banks import BANKS
from bank_adapters.registry import DIALECTS, SIGNED_BY_US, require_usable_key
from bank_adapters.signing_keys import WeakKey
from payment_service.simulation.keys import (
    GATEWAYS,
    algorithm_of,
    exchange,
    make_material,
    make_rsa_key,
)
from payment_service.simulation.places import Address
from payment_service.simulation.setting_up import SIGNED_FILES, UNSIGNED_PLACES, make_surroundings

OUR_PEM = make_rsa_key()
MADE = make_surroundings(
    [f"{11000 + number}" for number in range(len(BANKS) + UNSIGNED_PLACES)],
    seed=1,
    opening_on=date(2026, 11, 22),
)
SIGNED, UNSIGNED = MADE.places[:-UNSIGNED_PLACES], MADE.places[-UNSIGNED_PLACES:]


def test_all_channels_of_banks_are_there_by_turns() -> None:
    assert all(len(place.banks) == 2 for place in SIGNED)
    assert all(SIGNED_FILES in place.banks for place in SIGNED)
    assert {channel for place in SIGNED for channel in place.banks} == set(BANKS)


def test_the_key_of_notices_in_files_is_the_banks_own() -> None:
    for place in SIGNED:
        assert place.banks[SIGNED_FILES].material == MADE.bank_keys[place.bank_bin]


def test_a_bank_that_signs_nothing_tells_nothing() -> None:
    assert [(place.is_signed, place.banks, place.gateways) for place in UNSIGNED] == [
        (False, {}, {}),
        (False, {}, {}),
    ]


@pytest.mark.parametrize("channel", [*GATEWAYS, *BANKS, "baokim"])
def test_what_is_told_of_a_key_can_be_registered(channel: str) -> None:
    told, held = exchange(channel, make_material(channel), OUR_PEM)
    require_usable_key(channel, algorithm_of(channel), told)
    if channel in SIGNED_BY_US:
        assert held.encode() != told


def test_a_key_that_was_not_exchanged_is_refused() -> None:
    material = make_material("vietinbank").encode()
    with pytest.raises(WeakKey):
        require_usable_key("vietinbank", algorithm_of("vietinbank"), material)


def test_a_path_is_what_follows_the_services_name() -> None:
    address = Address(merchant="1", material="x", url="https://phi.example/callbacks/rsabank/abc")
    assert address.path == "/callbacks/rsabank/abc"
    assert Address(merchant="1", material="x").path == ""


def test_gateways_and_banks_are_told_apart() -> None:
    assert not any(DIALECTS[channel].is_bank for channel in GATEWAYS)
