"""Errors: always a problem with a stable code, or a page; never the inside of the service."""

from pathlib import Path

import httpx
import pytest
from litestar.exceptions import HTTPException
from sqlalchemy import text

from payment_service.context import Context
from payment_service.db.database import Database
from payment_service.domain import errors
from payment_service.domain.errors import ConfigurationError, PaymentServiceError
from payment_service.web.errors import problem_of
from tests.postgres import MovableClock, context_over
from tests.web import ASKED, REQUESTS, browsing

pytestmark = pytest.mark.anyio
PROBLEM = "application/problem+json"
FAMILY = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, PaymentServiceError)
]


@pytest.mark.parametrize("kind", FAMILY)
def test_every_error_is_a_problem_with_its_code(kind: type[PaymentServiceError]) -> None:
    problem = problem_of(kind())
    if kind is ConfigurationError:
        assert problem is None  # it names files and settings: for the log only
        return
    assert problem is not None
    assert (problem.code, problem.status) == (kind.code, kind.status)
    assert problem.title.endswith((".", "."))
    assert ("retry-after" in problem.headers) == (kind.code in {
        "gateway-silent", "request-in-flight", "too-many-requests", "unavailable"})  # fmt: skip


@pytest.mark.parametrize("status", [400, 404, 405, 408, 413, 415, 418, 429, 503])
def test_every_status_of_the_framework_is_a_problem(status: int) -> None:
    problem = problem_of(HTTPException(status_code=status, detail="/secret/path"))
    assert problem is not None
    assert problem.status == status
    assert "secret" not in problem.detail


WRONG_ADDRESSES = [
    ("GET", "/nowhere", 404, "not-found"),
    ("GET", "/../../etc/passwd", 404, "not-found"),
    ("GET", "/%00", 404, "not-found"),
    ("GET", f"{REQUESTS}/not-an-id", 404, "not-found"),
    ("DELETE", REQUESTS, 405, "method-not-allowed"),
    ("POST", "/healthz", 405, "method-not-allowed"),
]


async def test_wrong_addresses(client: httpx.AsyncClient) -> None:
    for method, path, status, code in WRONG_ADDRESSES:
        answer = await client.request(method, path)
        problem = answer.json()
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
        assert (problem["status"], problem["code"]) == (status, code)
        assert problem["type"] == f"http://phi.test/problems/{code}"
        assert problem["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
        assert ("allow" in answer.headers) == (status == 405)
    for path in ("/static/%00", "/static/..%2f..%2fapp.py", "/pay/%00", "/callbacks/vnpay/%00"):
        assert (await client.get(path)).status_code == 404


async def test_what_nobody_foresaw_is_told_by_number_only(
    context: Context, caller: httpx.AsyncClient, capfd: pytest.CaptureFixture[str],
    database_url: str,
) -> None:  # fmt: skip
    owner = Database(database_url, role=None, pool_size=1)
    async with owner.transaction() as connection:
        await connection.execute(text("ALTER TABLE fee_rule RENAME TO lost"))
    await owner.close()
    secret = "canary-4111111111111111"
    async with browsing(context) as client:
        headers = {"authorization": caller.headers["authorization"], "idempotency-key": secret}
        answer = await client.post(REQUESTS, json=ASKED, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (500, "internal")
    assert not {"fee_rule", "SELECT", "Traceback", "asyncpg"} & set(answer.text.split('"'))
    assert "fee_rule" not in answer.text
    logged = capfd.readouterr()
    log = logged.out + logged.err
    assert answer.headers["x-request-id"] in log
    assert "fee_rule" in log
    assert secret not in log
    assert headers["authorization"].split()[1] not in log


async def test_a_database_that_is_away_is_not_our_callers_fault(
    tmp_path: Path, clock: MovableClock
) -> None:
    gone = Database("postgresql+asyncpg://nobody@/nothing?host=/nowhere")
    away = context_over(gone, clock, tmp_path)
    async with browsing(away, is_opened=False) as caller:
        key = {"authorization": "Bearer " + "a" * 43}
        for path in (REQUESTS, "/readyz"):
            answer = await caller.get(path, headers=key)
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert answer.headers["retry-after"] == "5"
        for path in ("/healthz", "/metrics"):
            assert (await caller.get(path)).status_code == 200
    await gone.close()


@pytest.mark.parametrize("path", ["/pay/nothing/here/at/all", "/staff/nothing/here"])
async def test_people_get_a_page(client: httpx.AsyncClient, path: str) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = await client.get(path, headers=browser)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Không có trang này" in answer.text
    assert (await client.get(path)).headers["content-type"] == PROBLEM
