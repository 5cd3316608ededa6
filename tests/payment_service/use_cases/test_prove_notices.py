"""A weak notice that nobody can be asked about: the bank statement proves it, or a person looks.

The Tuesday of these stories is a holiday: a notice of Monday is overdue on Thursday.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from bank_adapters.contract import Algorithm, Outcome
from bank_adapters.counterpart.banks import BANKS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from payment_service.use_cases.prove_notices import prove_notices
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from reconciliation.ruleset import RuleSet
from tests.bank_adapters.key_pairs import mirrored, registered
from tests.builders import Opened
from tests.payment_service.db.worlds import run
from tests.payment_service.use_cases.days import balances, deliver, line, open_break_codes
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, WEDNESDAY, Town

pytestmark = pytest.mark.anyio
THURSDAY = WEDNESDAY + timedelta(days=1)
FRIDAY = THURSDAY + timedelta(days=1)
SATURDAY = FRIDAY + timedelta(days=1)
SECRETS = b"an-access-key-of-20c:a-secret-of-sixteen-or-more"
CHANNELS = {
    "vietinbank": Algorithm.RSA_SHA256,
    "hyperlogy": Algorithm.HMAC_SHA256_HEX,
}


@dataclass(slots=True, kw_only=True)
class Teller:
    """A bank channel of the town's account whose notices prove too little."""

    town: Town
    opened: Opened
    material: bytes
    reference: str

    async def tell(self, *, amount_minor: int = FEE, code: str = "") -> Outcome:
        """Tell of the credit FT1."""
        bank, now = BANKS[self.opened.channel], self.town.clock()
        notice = PaymentNotice(
            result=NoticeResult.PAID,
            result_code=code or bank.credit_code,
            merchant=self.opened.account_number,
            our_reference=self.reference,
            provider_transaction="FT1",
            amount_minor=amount_minor,
            currency="VND",
            paid_at=now.replace(microsecond=0),
            memo=self.reference,
            account_number=self.opened.account_number,
        )
        request = bank.notify(notice, self.material, now, self.opened.path)
        return await deliver(self.town.context, self.opened, request)

    async def statement(self, on: date, *amounts_minor: int) -> None:
        """Let the bank write its statement, with credits of the transaction FT1 or with none."""
        lines = [line(minor, self.reference, on, reference="FT1") for minor in amounts_minor]
        await self.town.statement(on, lines)


@pytest.fixture(params=sorted(CHANNELS))
async def teller(request: pytest.FixtureRequest, town: Town) -> Teller:
    channel = str(request.param)
    is_rsa = channel == "vietinbank"
    merchant = town.bank.opened.account_number
    path = await register_endpoint(
        town.context,
        NewEndpoint(
            channel=channel,
            account_id=town.account_id,
            merchant=merchant,
            algorithm=CHANNELS[channel],
            material=registered() if is_rsa else SECRETS,
        ),
    )
    opened = replace(town.bank.opened, channel=channel, path=path, slug=path.rsplit("/", 1)[-1])
    reference = (await town.ask())["reference"]
    material = mirrored() if is_rsa else SECRETS
    return Teller(town=town, opened=opened, material=material, reference=reference)


async def _breaks_ever(town: Town) -> list[tuple[str, str | None]]:
    query = "SELECT code, closed_reason FROM break_case ORDER BY opened_at, break_id"
    rows = await town.rows(query)
    return [(row.code, row.closed_reason) for row in rows]


async def test_a_clean_day_has_no_break_at_any_time(teller: Teller) -> None:
    assert await teller.tell() is Outcome.UNCONFIRMED
    assert await balances(teller.town.context) == {}, "by itself it brings no money"
    await teller.statement(MONDAY, FEE)
    for night in (MONDAY, THURSDAY, FRIDAY):
        await teller.town.night(night)
    assert await _breaks_ever(teller.town) == []
    assert await balances(teller.town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_a_line_that_stays_away_is_a_break_until_it_comes(teller: Teller) -> None:
    town = teller.town
    await teller.tell()
    for night in (MONDAY, TUESDAY, WEDNESDAY):
        await teller.statement(night)
        await town.night(night)
    assert await _breaks_ever(town) == [], "one business day is what the bank may take"
    await town.night(THURSDAY)
    [(amount_minor, opened_on)] = await town.rows("SELECT amount_minor, opened_on FROM break_case")
    assert (amount_minor, opened_on) == (FEE, THURSDAY)
    assert await open_break_codes(town.context) == ["UNCONFIRMED_NOTICE"]
    await prove_notices(town.context, THURSDAY, ruleset=RuleSet())
    assert await _breaks_ever(town) == [("UNCONFIRMED_NOTICE", None)], "again changes nothing"
    await teller.statement(FRIDAY, FEE)
    await town.night(FRIDAY)
    assert await _breaks_ever(town) == [("UNCONFIRMED_NOTICE", "explained")]
    await town.night(SATURDAY)
    assert await _breaks_ever(town) == [("UNCONFIRMED_NOTICE", "explained")]
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_what_a_person_closed_stays_closed(teller: Teller) -> None:
    await teller.tell()
    await prove_notices(teller.town.context, THURSDAY, ruleset=RuleSet())
    await run(
        teller.town.context.database,
        "UPDATE break_case SET closed_at = now(), closed_reason = 'discarded'",
    )
    for night in (THURSDAY, FRIDAY):
        await prove_notices(teller.town.context, night, ruleset=RuleSet())
    assert await _breaks_ever(teller.town) == [("UNCONFIRMED_NOTICE", "discarded")]


async def test_a_rule_set_may_be_more_patient(teller: Teller) -> None:
    await teller.tell()
    patient = RuleSet(bank_notice_business_days=2)
    await prove_notices(teller.town.context, THURSDAY, ruleset=patient)
    assert await _breaks_ever(teller.town) == []
    await prove_notices(teller.town.context, FRIDAY, ruleset=patient)
    assert await open_break_codes(teller.town.context) == ["UNCONFIRMED_NOTICE"]


async def test_a_line_of_another_amount_contradicts_the_notice(teller: Teller) -> None:
    town = teller.town
    await teller.tell(amount_minor=FEE * 10)
    await teller.statement(MONDAY)
    await town.night(THURSDAY)
    assert await open_break_codes(town.context) == ["UNCONFIRMED_NOTICE"]
    await teller.statement(FRIDAY, FEE)
    await town.night(FRIDAY)
    assert await _breaks_ever(town) == [
        ("UNCONFIRMED_NOTICE", "renamed"), ("CONFLICTING_DUPLICATE", None),
    ]  # fmt: skip
    [row] = await town.rows("SELECT details FROM break_case WHERE closed_at IS NULL")
    assert (row.details["amount_minor"], row.details["expected_minor"]) == (FEE * 10, FEE)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_the_line_of_another_transaction_proves_nothing(teller: Teller) -> None:
    await teller.tell()
    await teller.statement(MONDAY)
    await teller.town.statement(TUESDAY, [line(FEE, teller.reference, TUESDAY, reference="FT2")])
    await teller.town.night(THURSDAY)
    assert await open_break_codes(teller.town.context) == ["UNCONFIRMED_NOTICE"]


@pytest.mark.parametrize("teller", ["hyperlogy"], indirect=True)
async def test_what_is_not_said_to_be_paid_is_waited_for_by_nobody(teller: Teller) -> None:
    assert await teller.tell(code="7") is Outcome.UNCONFIRMED
    assert await open_break_codes(teller.town.context) == ["UNCONFIRMED_NOTICE"]
