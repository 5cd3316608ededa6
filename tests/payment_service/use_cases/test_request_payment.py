"""Asking twice asks once: retries, races, other bodies, and prices that do not exist."""

import asyncio
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from payment_service.context import Context
from payment_service.db import requests
from payment_service.domain.errors import (
    AlreadyRequested,
    IdempotencyKeyReused,
    Invalid,
    NotFound,
    RequestInFlight,
    StateConflict,
)
from payment_service.use_cases.cancel_request import cancel_request
from payment_service.use_cases.request_payment import (
    AskedLine,
    AskedPayment,
    Call,
    _prepare,
    request_payment,
)
from tests.builders import SIGNATURE_CERTIFICATION, UNIT, issue_client
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town, at_once, until_waiting

pytestmark = pytest.mark.anyio

ASKED = AskedPayment(
    dossier_code="H24.11-261123-9000",
    purpose="fee",
    sequence=1,
    collecting_unit=UNIT,
    receiving_unit=UNIT,
    competent_unit=UNIT,
    channel="online",
    payer_kind="individual",
    submitted_on=None,
    expires_in_days=7,
    lines=(SIGNATURE_CERTIFICATION,),
)


def _call(town: Town, key: str = "k-1", body: bytes = b"{}", client_id: UUID | None = None) -> Call:
    return Call(
        client_id=client_id or town.client_id,
        method="POST",
        path="/api/v1/payment-requests",
        key=key,
        body=body,
    )


def _identity(call: Call) -> dict[str, Any]:
    return {
        "client_id": call.client_id,
        "method": call.method,
        "path": call.path,
        "key": call.key,
    }


async def _ask_patiently(context: Context, asked: AskedPayment, call: Call) -> bytes:
    while True:
        try:
            return await request_payment(context, asked, call)
        except RequestInFlight:
            continue


async def test_fifty_identical_calls_at_once_ask_once(town: Town) -> None:
    results = await asyncio.gather(
        *(request_payment(town.context, ASKED, _call(town)) for _ in range(50)),
        return_exceptions=True,
    )
    answers = {result for result in results if isinstance(result, bytes)}
    assert len(answers) == 1
    assert {type(each) for each in results if not isinstance(each, bytes)} <= {RequestInFlight}
    assert await town.value("SELECT count(*) FROM payment_request") == 1
    assert await _ask_patiently(town.context, ASKED, _call(town)) in answers


async def test_fifty_patient_clients_get_the_same_bytes(town: Town) -> None:
    results = await asyncio.gather(
        *(_ask_patiently(town.context, ASKED, _call(town)) for _ in range(50))
    )
    assert len(set(results)) == 1
    assert await town.value("SELECT count(*) FROM payment_request") == 1


async def test_a_retry_that_slips_in_behind_the_first_gets_its_bytes(town: Town) -> None:
    """The first call commits after the retry looked for its answer and before it stores its own."""
    holding = asyncio.Event()
    done = asyncio.Event()

    async def first() -> None:
        # Stores as the first call does, and holds no lock on the key, as after its commit.
        async with town.context.database.transaction() as connection:
            values = await _prepare(town.context, connection, ASKED, town.clock())
            values |= _identity(_call(town)) | {"body_sha256": hashlib.sha256(b"{}").digest()}
            values["answer"] = b"the first answer"
            assert await requests.create_request(connection, values)
            holding.set()
            await done.wait()

    storing = asyncio.create_task(first())
    await holding.wait()
    retry = asyncio.create_task(request_payment(town.context, ASKED, _call(town)))
    await until_waiting(town.context, 1)
    done.set()
    await storing
    assert await retry == b"the first answer"


async def test_one_dossier_asked_under_many_keys_is_asked_once(town: Town) -> None:
    other_id, _ = await issue_client(town.context, "Hệ thống khác")
    found = await at_once(
        *(
            request_payment(
                town.context,
                ASKED,
                _call(town, key=f"k-{number}", client_id=other_id if number % 2 else None),
            )
            for number in range(20)
        )
    )
    assert found == ["AlreadyRequested"] * 19 + ["done"]
    with pytest.raises(AlreadyRequested) as refused:
        await request_payment(town.context, ASKED, _call(town, key="another"))
    [row] = await town.rows("SELECT request_id FROM payment_request")
    assert refused.value.data["request_id"] == str(row.request_id)


async def test_a_key_is_for_one_body(town: Town) -> None:
    await request_payment(town.context, ASKED, _call(town))
    with pytest.raises(IdempotencyKeyReused):
        await request_payment(town.context, ASKED, _call(town, body=b"{ }"))
    other_id, _ = await issue_client(town.context, "Hệ thống khác")
    other = replace(ASKED, dossier_code="H24.11-261123-9001")
    await request_payment(town.context, other, _call(town, body=b"[]", client_id=other_id))


async def test_one_key_with_two_bodies_at_once(town: Town) -> None:
    for number in range(10):
        asked = [replace(ASKED, dossier_code=f"H24-{number}-{body}") for body in range(4)]
        found = await at_once(
            *(
                request_payment(
                    town.context, each, _call(town, key=f"k-{number}", body=repr(each).encode())
                )
                for each in asked
            )
        )
        assert found.count("done") == 1
        assert set(found) <= {"done", "RequestInFlight", "IdempotencyKeyReused"}
        made = "SELECT count(*) FROM payment_request WHERE dossier_code LIKE :codes"
        assert await town.value(made, codes=f"H24-{number}-%") == 1


IMPOSSIBLE: tuple[tuple[dict[str, Any], str | None], ...] = (
    ({"submitted_on": MONDAY + timedelta(days=1)}, "future"),
    ({"collecting_unit": "00000"}, "no unit has the code"),
    ({"receiving_unit": "00000"}, "no unit has the code"),
    ({"competent_unit": ""}, "no unit has the code"),
    ({"collecting_unit": "11350"}, "live collection account|no unit"),
    ({"lines": (replace(SIGNATURE_CERTIFICATION, fee_kind="khong-co"),)}, None),
    ({"lines": (replace(SIGNATURE_CERTIFICATION, procedure_code="9.999999"),)}, None),
    ({"lines": (replace(SIGNATURE_CERTIFICATION, variant="khong-co"),)}, None),
    ({"submitted_on": MONDAY.replace(year=1990)}, None),
    ({"lines": ()}, "nothing is to be paid"),
)


async def test_what_cannot_be_asked_is_refused_and_leaves_the_key_free(town: Town) -> None:
    for changes, reason in IMPOSSIBLE:
        with pytest.raises(Invalid, match=reason):
            await request_payment(town.context, replace(ASKED, **changes), _call(town))
    assert await town.value("SELECT count(*) FROM idempotency") == 0
    await request_payment(town.context, ASKED, _call(town))


async def test_a_free_procedure_is_not_asked_for(town: Town) -> None:
    rules = await town.rows(
        """SELECT * FROM fee_rule WHERE unit_amount_minor = 0 AND valid_to IS NULL
           AND territory = '*' AND channel IN ('*', 'online') LIMIT 1"""
    )
    if not rules:
        pytest.skip("the tariff has no rule of 0 đồng that holds everywhere")
    line = AskedLine(
        fee_kind=rules[0].fee_kind,
        procedure_code=rules[0].procedure_code,
        variant=rules[0].variant,
        quantity=1,
    )
    with pytest.raises(Invalid, match="nothing is to be paid"):
        await request_payment(town.context, replace(ASKED, lines=(line,)), _call(town))


async def test_a_request_before_any_account_is_live(context: Context) -> None:
    client_id, _ = await issue_client(context)
    call = Call(client_id=client_id, method="POST", path="/", key="k", body=b"")
    with pytest.raises(Invalid, match="no live collection account"):
        await request_payment(context, ASKED, call)


async def test_a_cancelled_request_is_asked_again_and_cancelled_once(town: Town) -> None:
    asked = json.loads(await request_payment(town.context, ASKED, _call(town)))
    request_id = UUID(asked["request_id"])
    other_id, _ = await issue_client(town.context, "Hệ thống khác")
    with pytest.raises(NotFound):
        await cancel_request(town.context, request_id, other_id, "khong phai cua minh")
    for _ in range(2):
        await cancel_request(town.context, request_id, town.client_id, "nop trung")
    again = json.loads(await request_payment(town.context, ASKED, _call(town, key="k-2")))
    assert again["reference"] != asked["reference"]
    # The first key still answers for the first request: a retry is not a new question.
    assert json.loads(await request_payment(town.context, ASKED, _call(town))) == asked


async def test_cancelling_races_with_the_money(town: Town) -> None:
    for number in range(8):
        asked = await town.ask()
        request_id = UUID(asked["request_id"])
        found = await at_once(
            cancel_request(town.context, request_id, town.client_id, "doi y"),
            town.notify(asked["reference"], FEE, f"FT{number}", MONDAY),
        )
        row = await town.rows(
            """SELECT cancelled_at IS NOT NULL AS is_cancelled, residual_minor
               FROM payment_request JOIN item USING (request_id)
               WHERE request_id = :request_id AND kind = 'due'""",
            request_id=request_id,
        )
        # Either it was paid and stays, or it was cancelled and the money is surplus.
        assert (row[0].is_cancelled, row[0].residual_minor) in {(True, FEE), (False, 0)}
        assert found == (["done", "done"] if row[0].is_cancelled else ["StateConflict", "done"])


async def test_a_paid_request_is_not_cancelled(town: Town) -> None:
    asked = await town.ask()
    await town.notify(asked["reference"], 1, "FT1", MONDAY)
    with pytest.raises(StateConflict):
        await cancel_request(town.context, UUID(asked["request_id"]), town.client_id, "x")
