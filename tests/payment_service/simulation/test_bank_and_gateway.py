"""What banks and the gateway write is what the service's own readers read, and it adds up."""

from datetime import date
from pathlib import Path
from random import Random

from bank_adapters.contract import Algorithm, VerificationKey
from bank_adapters.counterpart.gateway import TakenOrder
from bank_adapters.gateways.settlement_report import (
    read_settlement_report,
    require_settlement_signature,
)
from bank_adapters.signatures.primitives import require_rsa
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.vocabulary import Direction
from payment_service.simulation.bank import Bank, Booked, deliver
from payment_service.simulation.gateway import Gateway, fee_of
from payment_service.simulation.keys import public_key
from payment_service.simulation.lives import Life, read_truth, truth_of, write_truth
from payment_service.simulation.places import (
    Surroundings,
    read_surroundings,
    write_surroundings,
)
from payment_service.simulation.setting_up import make_surroundings
from tests.postgres import MONDAY_MORNING

MONDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 25)
UNITS = ["11329", "11335", "11338", "11341"]


def surroundings() -> Surroundings:
    return make_surroundings(UNITS, seed=1, opening_on=date(2026, 11, 22))


def life(number: int = 1) -> Life:
    return Life(
        number=number,
        scenario="transfer",
        unit_code=UNITS[0],
        starts_on=0,
        random=Random(number),  # noqa: S311 - a reproducible test, not a secret
    )


def test_statements_of_consecutive_days_form_a_chain() -> None:
    made = surroundings()
    bank, one = Bank(made), life()
    for place in made.places:
        opening_minor = place.balance_minor
        for day in (MONDAY, WEDNESDAY):
            booked = Booked(
                bank_reference=one.next_reference(day),
                amount_minor=12_000,
                direction=Direction.CREDIT,
                narrative="HPF",
            )
            bank.book(one, place, booked, goes_to="request:1")
            _, file = bank.close_day(place, day)
            [read] = read_statement_file(file.content).statements
            assert read.is_balanced
            assert read.opening is not None
            assert read.opening.amount_minor == opening_minor
            assert (read.account, len(read.lines)) == (place.account_number, 1)
            opening_minor += 12_000
            assert file.closing_minor == opening_minor
    assert len({line.bank_reference for line in bank.true_lines}) == len(bank.true_lines)


def test_a_statement_is_signed_by_its_bank_unless_it_is_csv() -> None:
    made = surroundings()
    bank = Bank(made)
    for place in made.places:
        _, file = bank.close_day(place, MONDAY)
        if place.statement_format == "csv":
            assert file.signature == b""
            continue
        key = VerificationKey(
            key_id="1",
            algorithm=Algorithm.RSA_SHA256,
            material=public_key(made.bank_keys[place.bank_bin]),
        )
        require_rsa(Algorithm.RSA_SHA256, file.content, file.signature, [key])


def test_the_gateway_pays_out_what_its_signed_report_says(tmp_path: Path) -> None:
    made = surroundings()
    bank, gateway, place = Bank(made), Gateway(), made.places[0]
    for number, amount_minor in ((1, 10_000), (2, 2_000)):
        order = TakenOrder(merchant="x", our_reference=f"R{number}", amount_minor=amount_minor)
        order.provider_transaction = f"{number}"
        gateway.take(life(number), order, MONDAY_MORNING)
    batch = life(3)
    [till] = gateway.waiting()
    gateway.settle(bank, {till: batch}, WEDNESDAY, tmp_path)
    [path] = tmp_path.glob("*.settlement")
    content, signature = path.read_bytes(), path.with_name(f"{path.name}.sig").read_bytes()
    key = VerificationKey(
        key_id="1",
        algorithm=Algorithm.HMAC_SHA512_HEX,
        material=place.gateways["vnpay"].material.encode(),
    )
    require_settlement_signature(content, signature, [key])
    report = read_settlement_report(content)
    assert report.gross_minor == 12_000
    statement, _ = bank.close_day(place, WEDNESDAY)
    assert [line.amount_minor for line in statement.lines] == [report.net_minor]
    gateway.settle(bank, {}, date(2026, 11, 26), tmp_path)
    statement, _ = bank.close_day(place, date(2026, 11, 26))
    assert [line.amount_minor for line in statement.lines] == [12_000 - report.net_minor]
    assert report.net_minor == 12_000 - sum(fee_of(10_000)) - sum(fee_of(2_000))


def test_files_appear_whole_with_their_signature(tmp_path: Path) -> None:
    deliver(tmp_path / "pick-up", "a.sta", b"content", b"signature")
    assert sorted(path.name for path in (tmp_path / "pick-up").iterdir()) == ["a.sta", "a.sta.sig"]


def test_truth_and_surroundings_are_read_back(tmp_path: Path) -> None:
    made = surroundings()
    write_surroundings(made, tmp_path / "simulation.json")
    assert read_surroundings(tmp_path / "simulation.json") == made
    assert (tmp_path / "simulation.json").stat().st_mode & 0o077 == 0
    truth = truth_of(1, [MONDAY], [life()], [])
    write_truth(truth, tmp_path / "truth.json")
    assert read_truth(tmp_path / "truth.json") == truth


def test_keys_and_passwords_are_fresh_while_numbers_follow_the_seed() -> None:
    first, second = surroundings(), surroundings()
    assert [p.account_number for p in first.places] == [p.account_number for p in second.places]
    assert first.places[0].gateways != second.places[0].gateways
    assert first.officers[0].password != second.officers[0].password
