"""Health, figures and the headers that every answer carries."""

from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text

from payment_service.app import create_app
from payment_service.context import Context
from payment_service.db.database import Database
from payment_service.domain.errors import ConfigurationError
from tests.web import REQUESTS, browsing

pytestmark = pytest.mark.anyio


async def test_lives_and_is_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_another_schema_is_not_ready_and_not_started(
    context: Context, client: httpx.AsyncClient, database_url: str
) -> None:
    owner = Database(database_url, role=None, pool_size=1)
    async with owner.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'newer'"))
    await owner.close()
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    refusal = pytest.RaisesExc(ConfigurationError, match="the schema is at newer")
    with pytest.RaisesGroup(refusal):
        async with create_app(context).lifespan():
            pass


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", REQUESTS, "/metrics"])
async def test_every_answer_is_protected(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers={"x-request-id": "mine"})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "strict-transport-security" not in answer.headers
    assert len(answer.headers["x-request-id"]) == 32
    again = await client.get(path)
    assert again.headers["x-request-id"] != answer.headers["x-request-id"]


async def test_https_is_strict(context: Context) -> None:
    async with browsing(replace(context, public_url="https://phi.test")) as client:
        answer = await client.get("/nowhere")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_counts_by_route_and_never_by_path(client: httpx.AsyncClient) -> None:
    await client.get(f"{REQUESTS}/0199f3b2-0000-7000-8000-000000000000")
    await client.get("/hostile-path-1")
    await client.request("HOSTILE", "/hostile-path-2")
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    counted = 'payment_service_requests_total{method="GET",route="'
    assert f'{counted}{REQUESTS}/{{request_id}}",status="401"}} 1.0' in answer.text
    assert f'{counted}(none)",status="404"}} 1.0' in answer.text
    assert "hostile" not in answer.text.lower()
