"""Whatever the books hold is explained: one value, told as text, as JSON and as a page."""

import argparse
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from payment_service import commands
from payment_service.context import Context
from payment_service.db.explanations import explain_subject
from payment_service.domain.errors import NotFound
from payment_service.use_cases.cancel_request import cancel_request
from reconciliation.explanation import Explanation
from reconciliation.explanation_text import lines_of
from tests.payment_service.db.worlds import live_through_a_day
from tests.payment_service.use_cases.proposals import line_of, unexplained
from tests.payment_service.use_cases.towns import (
    FEE,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Town,
    reported,
    town,
)
from tests.payment_service.web.staff.browser import logged_in, words
from tests.postgres import MovableClock

__all__ = ["town"]
pytestmark = pytest.mark.anyio
DOCUMENT = Path(__file__).parents[3] / "docs" / "reconciliation.md"
SUBJECTS = text("""
    SELECT line_id::text FROM statement_line UNION ALL SELECT item_id::text FROM item
    UNION ALL SELECT request_id::text FROM payment_request
    UNION ALL SELECT reference FROM payment_request
""")


async def _explained(context: Context, subject: object) -> Explanation:
    async with context.database.read_only(snapshot=True) as connection:
        found = await explain_subject(connection, str(subject), TUESDAY)
    assert found is not None
    return found


def _english(explanation: Explanation) -> str:
    return "\n".join(lines_of(explanation, "en"))


async def test_everything_there_is_can_be_explained_in_all_three_forms(
    context: Context, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await live_through_a_day(context, clock)
    async with context.database.read_only() as connection:
        subjects = [row[0] for row in await connection.execute(SUBJECTS)]
    assert len(subjects) > 15
    officer, keys = await logged_in(client, "lan"), set()
    for subject in subjects:
        explanation = await _explained(context, subject)
        told = explanation.canonical_json()
        document = json.loads(told)
        assert told == json.dumps(document, sort_keys=True, separators=(",", ":"))
        keys |= {(name, key) for name, key in _keys(document)}
        for language in ("vi", "en"):
            whole = "\n".join(lines_of(explanation, language))
            assert whole
            assert "{" not in whole
        page = await officer.get(f"/staff/explanations/{subject}?lang=en")
        assert page.status_code == 200, page.text
        for match in explanation.matches:
            if "proposed_by" not in match.evidence:
                assert match.why.en in _plain(page)
    documented = DOCUMENT.read_text(encoding="utf-8")
    assert {name for name, _ in keys} == {
        "subject", "payments", "matches", "breaks", "suggestions",
    }  # fmt: skip
    assert sorted({key for _, key in keys if f"`{key}`" not in documented}) == []


def _plain(page: httpx.Response) -> str:
    return words(page).replace("&#39;", "'").replace("&#34;", '"')


def _keys(document: dict[str, Any]) -> list[tuple[str, str]]:
    found = [("subject", key) for key in document["subject"]]
    for name in ("payments", "matches", "breaks", "suggestions"):
        found += [(name, key) for each in document[name] for key in each]
    return found


async def test_a_match_names_its_pass_and_its_class_of_evidence(town: Town) -> None:
    asked = await town.ask()
    await unexplained(town, FEE, narrative=f"nop {asked['reference']}")
    line_id = await line_of(town, "K00")
    for subject in (line_id, asked["request_id"], asked["reference"].lower()):
        explanation = await _explained(town.context, subject)
        [match] = explanation.matches
        assert (match.pass_name, match.evidence_class) == ("reference_in_memo", "B")
        assert match.rule is not None
        assert (match.rule.name, match.rule.title.en) == ("references", "Payment references")
        assert "A credit that names exactly one request is taken for it" in _english(explanation)
        assert (match.line_id, match.reference) == (line_id, asked["reference"])
        assert explanation.breaks == ()
        assert explanation.suggestions == ()


async def test_what_is_open_names_what_failed_what_came_near_and_what_is_proposed(
    town: Town,
) -> None:
    asked = await town.ask()
    line_id = await unexplained(town, FEE)
    explanation = await _explained(town.context, line_id)
    [broken] = explanation.breaks
    assert (broken.code, broken.failed_criterion) == ("NO_REFERENCE", "reference_missing")
    assert [miss.kind for miss in broken.nearest_misses] == ["same_amount_dues"]
    assert _english(explanation).splitlines()[:6] == [
        "Bank line of 10,000 VND on 23 Nov 2026, 10,000 VND of it unexplained.",
        "The line of 10,000 VND on 23 Nov 2026 has no payment reference. [NO_REFERENCE]",
        "  There is no payment reference.",
        "  Nearest: unpaid requests of this amount: 1; an equal amount alone proves nothing.",
        (
            "Suggestion 1 (class D): In the days around, only this line and this request are of "
            "this amount."
        ),
        f"  {asked['reference']}: 10,000 VND",
    ]
    # The request tells the same suggestion, and that nothing else is known.
    of_request = await _explained(town.context, asked["reference"])
    assert of_request.suggestions == explanation.suggestions
    assert "No money has come for this reference." in _english(of_request)


async def test_a_payment_at_a_gateway_leads_to_the_payout_that_brought_it(town: Town) -> None:
    reference = await town.ask_at_gateway()
    await town.ipn(reference, FEE, "14001")
    await town.report([("14001", reference, FEE)])
    payout = await town.value("SELECT reference FROM item WHERE kind = 'payout'")
    request = await town.value("SELECT reference FROM payment_request")
    before = await _explained(town.context, request)
    assert [(each.kind, each.is_reported, each.is_collected) for each in before.payments] == [
        ("gateway_notice", True, False)
    ]
    assert before.matches == ()
    await unexplained(town, FEE, narrative=f"VNPAY {payout}", on=TUESDAY)
    [match] = (await _explained(town.context, request)).matches
    assert (match.pass_name, match.item_kind) == ("batches", "payout")


async def test_what_waits_what_is_withdrawn_and_what_no_run_saw_say_so(town: Town) -> None:
    asked, withdrawn = await town.ask(), await town.ask()
    await cancel_request(town.context, UUID(withdrawn["request_id"]), town.client_id, "doi y")
    await town.notify(asked["reference"], FEE, "FT9", MONDAY)
    notice = await town.value("SELECT item_id FROM item WHERE kind = 'bank_notice'")
    assert "it is not overdue yet" in _english(await _explained(town.context, notice))
    assert "This was cancelled." in _english(await _explained(town.context, withdrawn["reference"]))
    assert "The bank told of 10,000 VND" in _english(
        await _explained(town.context, asked["reference"])
    )


async def test_the_command_tells_it_as_text_or_json(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = await town.ask()
    line_id = await unexplained(town, FEE)
    for is_json in (False, True):
        parsed = argparse.Namespace(subject=str(line_id), json=is_json, language="vi")
        assert await commands.explain(town.context, parsed) == 0
    *told, document = capsys.readouterr().out.splitlines()
    assert told[0].startswith("Dòng sao kê 10.000 VND ngày 23/11/2026")
    assert told[5] == f"  {asked['reference']}: 10.000 VND"
    assert document == (await _explained(town.context, line_id)).canonical_json()
    parsed = argparse.Namespace(subject="HPFKHONGCO22", json=True, language="vi")
    with pytest.raises(NotFound):
        await commands.explain(town.context, parsed)


async def test_what_names_nothing_is_not_found(town: Town, client: httpx.AsyncClient) -> None:
    officer = await logged_in(client, "lan")
    for subject in (town.account_id, "HPF", "x" * 51, "%00", "%E1%BB%87", "'--"):
        answer = await officer.get(f"/staff/explanations/{subject}")
        assert answer.status_code in {400, 404}, subject
    assert (await client.get(f"/staff/explanations/{town.account_id}")).status_code == 303


async def test_money_taken_back_names_neither_a_bank_nor_a_day_that_it_was_not(town: Town) -> None:
    asked = await town.ask()
    reference = await town.choose_gateway(asked)
    await town.ipn(reference, FEE, "77")
    lines = [
        reported("77", reference, FEE),
        reported("99", "", -FEE, kind="chargeback", original="77"),
    ]
    await town.report(lines, settled_on=WEDNESDAY)
    explanation = await _explained(town.context, asked["reference"])
    assert "What was paid on 23 Nov 2026, 10,000 VND, was taken back." in _english(explanation)
    vietnamese = "\n".join(lines_of(explanation, "vi"))
    assert "nộp ngày 23/11/2026 đã bị lấy lại." in vietnamese
    assert "Ngân hàng" not in vietnamese
