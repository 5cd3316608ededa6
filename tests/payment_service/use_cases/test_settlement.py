"""What a gateway reports: forged, cut, doubled, unnotified, and paid out exactly or not."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from bank_adapters.contract import AdapterError, Algorithm, Outcome
from payment_service.domain.errors import Forbidden, Invalid, PaymentServiceError, StateConflict
from payment_service.use_cases.cancel_request import cancel_request
from payment_service.use_cases.import_settlement_report import import_settlement_report
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from tests.payment_service.use_cases.days import balances, line, open_break_codes
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    at_once,
)

pytestmark = pytest.mark.anyio

FEE_MINOR, VAT_MINOR = 100, 10
BATCH = "LO2611230001"


async def _paid(town: Town, transaction: str = "77") -> str:
    reference = await town.ask_at_gateway()
    assert await town.ipn(reference, FEE, transaction) is Outcome.RECORDED
    return reference


async def test_a_gateway_payment_from_notice_to_bank_and_back(town: Town) -> None:
    reference = await _paid(town)
    await town.report([("77", reference, FEE)], fee_minor=FEE_MINOR, vat_minor=VAT_MINOR)
    assert await balances(town.context) == {
        "gateway_clearing": FEE - 110,
        "costs_recoverable": 110,
        "fees_collected": -FEE,
    }
    await town.statement(TUESDAY, [line(FEE - 110, f"TT {BATCH}", TUESDAY, reference="FT1")])
    await town.night(TUESDAY)
    top_up = line(110, f"PHI{BATCH}", WEDNESDAY, reference="FT2")
    await town.statement(WEDNESDAY, [top_up])
    await town.night(WEDNESDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await open_break_codes(town.context) == []


async def test_a_payout_of_another_amount_is_named_and_left(town: Town) -> None:
    reference = await _paid(town)
    await town.report([("77", reference, FEE)], fee_minor=FEE_MINOR)
    await town.statement(TUESDAY, [line(FEE - 101, f"TT {BATCH}", TUESDAY, reference="FT1")])
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["BATCH_AMOUNT"]
    found = await balances(town.context)
    assert (found["gateway_clearing"], found["suspense"]) == (FEE - 100, -(FEE - 101))


async def test_the_same_report_again_changes_nothing(town: Town) -> None:
    reference = await _paid(town)
    content = town.written_report([("77", reference, FEE)], fee_minor=FEE_MINOR)
    signature = town.sign_report(content)
    found = await at_once(
        *(import_settlement_report(town.context, content, signature) for _ in range(6))
    )
    assert found == ["done"] * 6
    assert await town.value("SELECT count(*) FROM settlement_report") == 1
    assert (await balances(town.context))["gateway_clearing"] == FEE - 100


async def test_a_batch_or_transaction_reported_twice_is_refused_whole(town: Town) -> None:
    first, second = await _paid(town, "77"), await _paid(town, "78")
    await town.report([("77", first, FEE)], batch="B0000001")
    before = await balances(town.context)
    for lines, batch in (
        ([("78", second, FEE)], "B0000001"),
        ([("78", second, FEE), ("77", first, FEE)], "B0000002"),
    ):
        with pytest.raises(StateConflict):
            await town.report(lines, batch=batch)
    assert await balances(town.context) == before
    assert await town.value("SELECT count(*) FROM settlement_report_line") == 1


async def test_a_report_cut_or_altered_books_nothing(town: Town) -> None:
    reference = await _paid(town)
    content = town.written_report([("77", reference, FEE)], fee_minor=FEE_MINOR)
    before = await balances(town.context)
    spoilt = [content[:cut] for cut in range(0, len(content) - 1, 3)]
    spoilt += [
        content.replace(b"|10000|", b"|10001|", 1),
        content.replace(b"|9900\n", b"|9901\n"),
        content.replace(b"T|1|", b"T|2|"),
        content.replace(b"T|1|", b"T|1|0"),
        content.replace(b"|VND", b"|USD"),
        content.replace(b"\nT|", b"\nD|1|payment|77|x|2026-11-23T10:00:00+07:00|1|0|0|\nT|"),
    ]
    for part in spoilt:
        with pytest.raises((AdapterError, PaymentServiceError)):
            await import_settlement_report(town.context, part, town.sign_report(part))
    assert await balances(town.context) == before
    assert await town.value("SELECT count(*) FROM settlement_report") == 0


async def test_what_the_gateway_did_not_sign_books_nothing(town: Town) -> None:
    reference = await _paid(town)
    content = town.written_report([("77", reference, FEE)])
    for signature in (None, b"", b"0" * 128, town.sign_report(content + b"\n"), b"\xff" * 128):
        with pytest.raises(Forbidden):
            await import_settlement_report(town.context, content, signature)
    stranger = content.replace(town.vnpay.merchant.encode(), b"HPNOBODY")
    with pytest.raises(Invalid, match="HPNOBODY"):
        await import_settlement_report(town.context, stranger, town.sign_report(stranger))
    assert await town.value("SELECT count(*) FROM settlement_report") == 0


async def test_money_that_was_never_notified_is_money(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.report([("77", reference, FEE), ("78", "KHONGCO", 5_000)])
    assert await balances(town.context) == {
        "gateway_clearing": FEE + 5_000,
        "fees_collected": -FEE,
        "surplus_to_return": -5_000,
    }
    assert await open_break_codes(town.context) == [
        "REPORTED_NO_NOTICE", "REPORTED_NO_NOTICE", "UNKNOWN_REFERENCE",
    ]  # fmt: skip
    assert await town.ipn("KHONGCO", 5_001, "78") is Outcome.AMOUNT_DIFFERS
    assert await town.ipn(reference, FEE, "77", code="24") is Outcome.ALREADY_RECORDED
    # 78 is notified now, in another amount; 77 is not notified as paid.
    assert (await open_break_codes(town.context)).count("REPORTED_NO_NOTICE") == 1


async def test_a_notice_after_its_report_is_a_notice(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.report([("77", reference, FEE), ("78", "KHONGCO", 5_000)])
    assert await town.ipn(reference, FEE, "77") is Outcome.ALREADY_RECORDED
    assert await open_break_codes(town.context) == ["REPORTED_NO_NOTICE", "UNKNOWN_REFERENCE"]
    facts = "SELECT provider_transaction, is_notified FROM money_fact ORDER BY 1"
    assert await town.rows(facts) == [("77", True), ("78", False)]
    assert (
        await town.value(
            "SELECT closed_reason FROM break_case WHERE details ->> 'transaction' = '77'"
        )
        == "explained"
    )
    # Another notice of it changes nothing more.
    assert await town.ipn(reference, FEE, "77", code="24") is Outcome.ALREADY_RECORDED
    assert await town.rows(facts) == [("77", True), ("78", False)]


async def test_one_request_paid_twice_and_never_notified(town: Town) -> None:
    """Two attempts of one citizen, both paid, both notices lost: the report brings both."""
    asked = await town.ask()
    first = await town.choose_gateway(asked)
    second = await town.choose_gateway(asked)
    await town.report([("77", first, FEE), ("78", second, FEE)])
    assert await balances(town.context) == {
        "gateway_clearing": 2 * FEE,
        "fees_collected": -FEE,
        "surplus_to_return": -FEE,
    }
    assert "REFERENCE_CLOSED" in await open_break_codes(town.context)


async def test_one_request_paid_in_two_parts_and_never_notified(town: Town) -> None:
    asked = await town.ask()
    first = await town.choose_gateway(asked)
    second = await town.choose_gateway(asked)
    await town.report([("77", first, 4_000), ("78", second, 7_000)])
    assert await balances(town.context) == {
        "gateway_clearing": 11_000,
        "fees_collected": -FEE,
        "surplus_to_return": -1_000,
    }
    assert await open_break_codes(town.context) == ["OVERPAID"] + ["REPORTED_NO_NOTICE"] * 2


async def test_unnotified_money_for_a_cancelled_request_is_surplus(town: Town) -> None:
    asked = await town.ask()
    reference = await town.choose_gateway(asked)
    await cancel_request(town.context, UUID(asked["request_id"]), town.client_id, "doi y")
    await town.report([("77", reference, FEE)])
    assert await open_break_codes(town.context) == ["REFERENCE_CANCELLED", "REPORTED_NO_NOTICE"]


async def test_a_report_of_another_amount_than_the_notice_is_named(town: Town) -> None:
    reference = await _paid(town)
    await town.report([("77", reference, FEE - 1)])
    assert await open_break_codes(town.context) == ["REPORT_AMOUNT"]
    await town.statement(TUESDAY, [line(FEE - 1, BATCH, TUESDAY, reference="FT1")])
    await town.night(TUESDAY)
    assert (await balances(town.context))["gateway_clearing"] == 1


async def test_a_report_and_its_notices_at_the_same_moment(town: Town) -> None:
    for number in range(5):
        references = [await town.ask_at_gateway() for _ in range(4)]
        lines = [(f"{number}{place}", reference, FEE) for place, reference in enumerate(references)]
        found = await at_once(
            town.report(lines, batch=f"B000000{number}"),
            *(town.ipn(reference, FEE, transaction) for transaction, reference, _ in lines),
        )
        assert found == ["done"] * 5
    assert await town.value("SELECT count(*) FROM money") == 20
    assert (await balances(town.context))["fees_collected"] == -20 * FEE


async def test_two_merchants_of_one_account_use_one_batch_number(town: Town) -> None:
    """Gateways number batches on their own: the night names the doubt and goes on."""
    await town.report([("77", "KHONGCO", 5_000)], fee_minor=FEE_MINOR)
    path = await register_endpoint(
        town.context,
        NewEndpoint(
            channel="vnpay",
            account_id=town.account_id,
            merchant="HPTHUHAI",
            algorithm=Algorithm.HMAC_SHA512_HEX,
            material=town.vnpay.secret,
        ),
    )
    assert path
    town.vnpay = replace(town.vnpay, merchant="HPTHUHAI")
    await town.report([("77", "KHONGCO", 6_000)], fee_minor=FEE_MINOR)
    asked = await town.ask()
    lines = [
        line(4_900, BATCH, TUESDAY, reference="FT1"),
        line(FEE, asked["reference"], TUESDAY, reference="FT2"),
    ]
    await town.statement(TUESDAY, lines)
    await town.night(TUESDAY)
    assert (await balances(town.context))["due_to_budget"] == -FEE
    assert "AMBIGUOUS_REFERENCE" in await open_break_codes(town.context)


async def test_a_report_is_matched_however_late(town: Town) -> None:
    reference = await _paid(town)
    await town.statement(TUESDAY, [line(FEE, f"TT {BATCH}", TUESDAY, reference="FT1")])
    await town.night(TUESDAY)
    assert "suspense" in await balances(town.context)
    await town.report([("77", reference, FEE)], settled_on=MONDAY)
    await town.night(WEDNESDAY)
    await town.night(WEDNESDAY + timedelta(days=1))
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}


async def test_two_batches_in_one_credit_are_settled_by_their_names_and_sum(town: Town) -> None:
    for number in (1, 2):
        reference = await _paid(town, f"7{number}")
        await town.report(
            [(f"7{number}", reference, FEE)], batch=f"B000000{number}", fee_minor=number
        )
    memo = "VNPAY TT B0000001 B0000002"
    await town.statement(TUESDAY, [line(2 * FEE - 3, memo, TUESDAY, reference="FT1")])
    await town.night(TUESDAY)
    assert await balances(town.context) == {
        "bank": 2 * FEE - 3,
        "costs_recoverable": 3,
        "due_to_budget": -2 * FEE,
    }
    [(pass_name, lines, items)] = await town.rows(
        "SELECT pass_name, count(DISTINCT line_id), count(item_id)"
        " FROM match_group JOIN allocation USING (group_id)"
        " JOIN item USING (item_id) WHERE kind = 'payout' GROUP BY group_id, pass_name"
    )
    assert (pass_name, lines, items) == ("several_batches", 1, 2)


async def test_one_batch_in_two_credits_waits_for_the_second_and_is_one_match(town: Town) -> None:
    reference = await _paid(town)
    await town.report([("77", reference, FEE)])
    await town.statement(TUESDAY, [line(4_000, f"TT 1/2 {BATCH}", TUESDAY, reference="FT1")])
    await town.night(TUESDAY)
    assert await open_break_codes(town.context) == ["BATCH_AMOUNT"]
    assert (await balances(town.context))["suspense"] == -4_000
    await town.statement(WEDNESDAY, [line(6_000, f"TT 2/2 {BATCH}", WEDNESDAY, reference="FT2")])
    await town.night(WEDNESDAY)
    assert await balances(town.context) == {"bank": FEE, "due_to_budget": -FEE}
    assert await open_break_codes(town.context) == []
    found = await town.rows("""
        SELECT business_date FROM journal_entry JOIN posting USING (entry_id)
        WHERE rule = 'matched' AND account = 'gateway_clearing' ORDER BY 1
    """)
    assert [day for (day,) in found] == [TUESDAY, WEDNESDAY]
