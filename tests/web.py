"""Fixtures that speak HTTP to the real application, in the event loop of the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any
from uuid import UUID

import httpx
import pytest

from payment_service.app import create_app
from payment_service.context import Context
from tests.builders import add_officers, issue_client, open_account

REQUESTS = "/api/v1/payment-requests"
ASKED: dict[str, Any] = {
    "dossier_code": "H24.11-261122-0001",
    "collecting_unit": "11329",
    "lines": [{"fee_kind": "chung-thuc-chu-ky", "procedure_code": "2.000884"}],
}
"""The smallest body that asks for money: 10.000 đồng."""


@asynccontextmanager
async def browsing(context: Context, *, is_opened: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of the application over a context; it follows no redirect.

    Without `is_opened` the database may be away, as when it went after the start.
    """
    app = create_app(context)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # ASGI by two names
    async with (
        app.lifespan() if is_opened else nullcontext(),
        httpx.AsyncClient(transport=transport, base_url=context.public_url) as client,
    ):
        yield client


@pytest.fixture
async def client(context: Context) -> AsyncIterator[httpx.AsyncClient]:
    """Yield an HTTP client of the application over a fresh database."""
    async with browsing(context) as opened:
        yield opened


@pytest.fixture
async def account(context: Context) -> UUID:
    """Return the live account of a unit that collects."""
    return await open_account(context, *await add_officers(context))


@pytest.fixture
async def issued(context: Context) -> tuple[UUID, str]:
    """Return a dossier system and its live key."""
    return await issue_client(context)


@pytest.fixture
def client_id(issued: tuple[UUID, str]) -> UUID:
    """Return the dossier system whose key `caller` carries."""
    return issued[0]


@pytest.fixture
def caller(
    client: httpx.AsyncClient,
    account: UUID,  # noqa: ARG001 - somebody must collect
    issued: tuple[UUID, str],
) -> httpx.AsyncClient:
    """Return the client with the live key of a dossier system, over a unit that collects."""
    client.headers["authorization"] = f"Bearer {issued[1]}"
    return client
