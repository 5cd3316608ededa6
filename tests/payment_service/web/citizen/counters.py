"""A unit with every gateway, each played by its other side over real HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest

from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.gateway import TakenOrder
from bank_adapters.registry import ALGORITHMS
from payment_service.context import Context
from payment_service.outside.gateway_calls import GatewayCalls
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.simulation.keys import exchange, make_rsa_key
from payment_service.simulation.setting_up import make_address
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from tests.builders import add_officers, ask_payment, issue_client, open_account
from tests.postgres import MovableClock
from tests.web import browsing

CHANNELS = ("vnpay", "npsp", "momo", "zalopay", "viettelpay", "onepay", "keypay", "baokim")


@dataclass(slots=True, kw_only=True)
class Counter:
    """A unit with every gateway, and the page of one request."""

    context: Context
    client: httpx.AsyncClient
    client_id: UUID
    account_id: UUID
    gateways: GatewayServer
    merchants: dict[str, str]
    path: str

    def orders(self, channel: str) -> list[TakenOrder]:
        """Return what a gateway was asked for."""
        merchant = self.gateways.merchants[channel, self.merchants[channel]]
        return list(merchant.books.orders.values())

    async def attempts(self) -> int:
        """Return how many attempts are stored."""
        async with self.context.database.read_only() as connection:
            rows = await connection.exec_driver_sql("SELECT count(*) FROM attempt")
            return int(rows.scalar_one())

    async def open_sepay(self) -> None:
        """Let the unit take payments through SePay too, which is asked for no order."""
        await register_endpoint(
            self.context,
            NewEndpoint(
                channel="sepay",
                account_id=self.account_id,
                merchant="1132900001",
                algorithm=Algorithm.HMAC_SHA256_HEX,
                material=b"a-secret-of-sixteen-or-more:an-api-token-of-theirs",
                checkout_base_url="https://sepay.test",
            ),
        )


@pytest.fixture
async def counter(context: Context, clock: MovableClock) -> AsyncIterator[Counter]:
    calls = GatewayCalls()
    context = replace(context, send=calls.send)
    account_id = await open_account(context, *await add_officers(context))
    client_id, _ = await issue_client(context)
    merchants = {}
    async with browsing(context) as client, GatewayServer(clock) as gateways:
        for channel in CHANNELS:
            address = make_address(channel, "11329", 1)
            merchants[channel] = address.merchant
            material, address.material = exchange(channel, address.material, make_rsa_key())
            gateways.enrol(channel, address.merchant, address.material.encode())
            [algorithm] = ALGORITHMS[channel]
            await register_endpoint(
                context,
                NewEndpoint(
                    channel=channel,
                    account_id=account_id,
                    merchant=address.merchant,
                    algorithm=algorithm,
                    material=material,
                    checkout_base_url=gateways.address_of(channel, address.merchant),
                ),
            )
        asked = await ask_payment(context, client_id)
        path = urlsplit(asked["links"]["pay"]).path
        yield Counter(
            context=context, client=client, client_id=client_id, account_id=account_id,
            gateways=gateways, merchants=merchants, path=path,
        )  # fmt: skip
    await calls.close()
