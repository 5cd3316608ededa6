"""Payment requests over HTTP: asked once, read, listed, withdrawn."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from payment_service.context import Context
from tests.builders import (
    CERTIFIED_COPY,
    SIGNATURE_CERTIFICATION,
    ask_payment,
    issue_client,
    open_endpoint,
)
from tests.callbacks import pay_by_bank
from tests.postgres import MovableClock
from tests.web import ASKED, REQUESTS

pytestmark = pytest.mark.anyio


async def ask(
    caller: httpx.AsyncClient, key: str | None = None, **changes: object
) -> httpx.Response:
    headers = {"idempotency-key": key or uuid.uuid4().hex}
    return await caller.post(REQUESTS, json=ASKED | changes, headers=headers)


async def test_what_was_created_can_be_read(caller: httpx.AsyncClient) -> None:
    created = await ask(caller)
    assert created.status_code == 201
    assert created.headers["content-type"] == "application/json"
    answer = created.json()
    read = (await caller.get(answer["links"]["self"])).json()
    assert {name: read[name] for name in answer} == answer
    assert read["facts"] == {
        "requested_minor": 10_000,
        "notified_minor": 0,
        "reported_minor": 0,
        "collected_minor": 0,
        "returned_minor": 0,
        "refunded_minor": 0,
        "surplus_minor": 0,
    }
    assert (read["label"], read["residual_minor"], read["finished"]) == ("requested", 10_000, False)
    assert (await caller.get(REQUESTS)).json()["items"] == [read]


async def test_money_is_seen_as_facts(
    context: Context, caller: httpx.AsyncClient, account: uuid.UUID
) -> None:
    answer = (await ask(caller)).json()
    opened = await open_endpoint(context, account, "rsabank")
    paid = await pay_by_bank(caller, opened, memo=answer["reference"], amount_minor=4_000)
    assert paid.status_code == 200
    read = (await caller.get(answer["links"]["self"])).json()
    assert read["label"] == "part_paid"
    assert read["facts"]["notified_minor"] == 4_000
    assert read["residual_minor"] == 6_000
    await pay_by_bank(caller, opened, memo=answer["reference"], amount_minor=6_000)
    read = (await caller.get(answer["links"]["self"])).json()
    assert (read["label"], read["residual_minor"]) == ("paid_not_collected", 0)
    assert read["facts"]["collected_minor"] == 0
    assert read["finished"] is False


async def test_time_to_pay_passes(caller: httpx.AsyncClient, clock: MovableClock) -> None:
    answer = (await ask(caller, expires_in_days=1)).json()
    clock.advance(days=3)
    assert (await caller.get(answer["links"]["self"])).json()["label"] == "expired"


async def test_a_retry_gets_the_same_bytes(caller: httpx.AsyncClient, clock: MovableClock) -> None:
    first = await ask(caller, "retry")
    clock.advance(hours=5)
    assert (await ask(caller, "retry")).content == first.content
    other = await ask(caller, "retry", sequence=2)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_many_calls_at_once_make_one_request(caller: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(ask(caller, "together") for _ in range(12)))
    created = {answer.content for answer in answers if answer.status_code == 201}
    refused = {
        (answer.status_code, answer.json()["code"], answer.headers["retry-after"])
        for answer in answers
        if answer.status_code != 201
    }
    assert len(created) == 1
    assert refused <= {(409, "request-in-flight", "1")}
    assert len((await caller.get(REQUESTS)).json()["items"]) == 1


async def test_the_same_thing_is_asked_once(caller: httpx.AsyncClient) -> None:
    first = (await ask(caller)).json()
    again = await ask(caller)
    assert (again.status_code, again.json()["code"]) == (409, "already-requested")
    assert again.json()["link"] == first["links"]["self"]
    assert again.json()["request_id"] == first["request_id"]


async def test_an_idempotency_key_is_short_ascii(caller: httpx.AsyncClient) -> None:
    for key in ("", "x" * 256, "é", "tab\there"):
        headers = {b"idempotency-key": key.encode()}
        answer = await caller.post(REQUESTS, json=ASKED, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed-request")


async def test_an_idempotency_key_is_needed(caller: httpx.AsyncClient) -> None:
    answer = await caller.post(REQUESTS, json=ASKED)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")


async def test_others_see_nothing(context: Context, caller: httpx.AsyncClient) -> None:
    mine = (await ask(caller)).json()
    _, key = await issue_client(context, "another")
    other = {"authorization": f"Bearer {key}"}
    theirs = await caller.get(mine["links"]["self"], headers=other)
    absent = await caller.get(f"{REQUESTS}/{uuid.uuid4()}", headers=other)
    cancelled = await caller.post(
        mine["links"]["cancellation"], json={"reason": "x"}, headers=other
    )
    for answer in (theirs, absent, cancelled):
        problem = answer.json()
        assert answer.status_code == 404
        assert {name: problem[name] for name in problem if name != "instance"} == {
            "type": "http://phi.test/problems/not-found",
            "title": "There is nothing here, or nothing that you may see.",
            "status": 404,
            "detail": "There is nothing here, or nothing that you may see.",
            "code": "not-found",
        }
    assert (await caller.get(REQUESTS, headers=other)).json()["items"] == []


async def test_pages_through_all(
    context: Context, caller: httpx.AsyncClient, clock: MovableClock, client_id: uuid.UUID
) -> None:
    asked = []
    for number in range(5):
        clock.advance(minutes=number % 2)  # some share their instant
        lines = [CERTIFIED_COPY, SIGNATURE_CERTIFICATION]
        answer = await ask_payment(context, client_id, dossier_code=f"H24-{number}", lines=lines)
        asked.append(answer["request_id"])
    seen: list[str] = []
    address: str | None = f"{REQUESTS}?limit=2"
    while address:
        page: dict[str, Any] = (await caller.get(address)).json()
        assert len(page["items"]) <= 2
        assert page["next"] == page["links"]["next"]
        seen += [item["request_id"] for item in page["items"]]
        address = page["next"]
    assert seen == sorted(seen)
    assert sorted(seen) == sorted(asked)
    found = (await caller.get(REQUESTS, params={"dossier_code": "H24-3"})).json()["items"]
    assert [item["request_id"] for item in found] == [asked[3]]


WRONG_QUERIES = {
    "limit=0": 422,
    "limit=101": 422,
    "limit=1.5": 422,
    "limit=": 422,
    "limit=５": 422,
    "limit=1&limit=2": 422,
    "offset=1": 422,
    "dossier_code=%00": 422,
    "dossier_code=" + "x" * 51: 422,
    "cursor=": 400,
    "cursor=nonsense-nonsense-nonsense": 400,
    "cursor=MjAyNi0xMS0yM1QwMjozMDowMC9ub3QtYS11dWlk": 400,
}


async def test_wrong_parameters_are_refused(caller: httpx.AsyncClient) -> None:
    for query, status in WRONG_QUERIES.items():
        answer = await caller.get(f"{REQUESTS}?{query}")
        assert answer.status_code == status, query
        assert answer.headers["content-type"] == "application/problem+json"


async def test_withdraws_an_unpaid_request(
    context: Context, caller: httpx.AsyncClient, account: uuid.UUID
) -> None:
    answer = (await ask(caller)).json()
    address = answer["links"]["cancellation"]
    first = await caller.post(address, json={"reason": "Hồ sơ rút"})
    again = await caller.post(address, json={"reason": "another reason"})
    assert first.status_code == 200
    assert first.json() == again.json()
    assert (first.json()["label"], first.json()["finished"]) == ("cancelled", True)
    assert first.json()["residual_minor"] == 0
    assert (await ask(caller)).status_code == 201  # the key is free again

    opened = await open_endpoint(context, account, "rsabank")
    await pay_by_bank(caller, opened, memo=answer["reference"], amount_minor=10_000)
    assert (await caller.get(answer["links"]["self"])).json()["label"] == "cancelled_but_paid"


async def test_keeps_a_paid_request(
    context: Context, caller: httpx.AsyncClient, account: uuid.UUID
) -> None:
    answer = (await ask(caller)).json()
    opened = await open_endpoint(context, account, "rsabank")
    await pay_by_bank(caller, opened, memo=answer["reference"], amount_minor=10_000)
    refused = await caller.post(answer["links"]["cancellation"], json={"reason": "late"})
    assert (refused.status_code, refused.json()["code"]) == (409, "state-conflict")


async def test_a_reason_is_a_text(caller: httpx.AsyncClient) -> None:
    answer = (await ask(caller)).json()
    for reason in ("", "   ", "x" * 201, 5, None):
        refused = await caller.post(answer["links"]["cancellation"], json={"reason": reason})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid-content")


async def test_the_description_names_everything(caller: httpx.AsyncClient) -> None:
    described = (await caller.get("/api/v1/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        REQUESTS,
        f"{REQUESTS}/{{request_id}}",
        f"{REQUESTS}/{{request_id}}/cancellation",
    }
    post = described["paths"][REQUESTS]["post"]
    assert set(post["responses"]) == {"201", "400", "401", "409", "413", "415", "422", "503"}
    assert "Idempotency-Key" in {each["name"] for each in post["parameters"]}
    body = post["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
    schema = described["components"]["schemas"][body]
    assert set(schema["required"]) == {"dossier_code", "collecting_unit", "lines"}
    assert schema["properties"]["sequence"]["maximum"] == 999
