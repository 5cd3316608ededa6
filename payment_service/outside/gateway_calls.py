"""One request to a gateway, its answer within three seconds; follows nothing, remembers nothing.

Where it goes comes from the registry of endpoints, never from a message.
"""

import asyncio
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from bank_adapters.outgoing import ANSWER_BYTES_MAX, Answer, OutgoingRequest
from payment_service.domain.errors import GatewaySilent, GatewayUnavailable

ANSWER_SECONDS_MAX: Final = 3
_UNREACHED: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
    UnicodeError,
)


class GatewayCalls:
    """A pool of connections; close it when the service stops."""

    def __init__(self) -> None:
        # `trust_env` off: a proxy or certificate in the environment must not see these.
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx.AsyncClient(
            follow_redirects=False, trust_env=False, cookies=no_cookies
        )

    async def send(self, request: OutgoingRequest) -> Answer:
        """Send a request and return whatever came back.

        Raises `GatewayUnavailable` when the gateway could not be reached, and `GatewaySilent` when
        nothing came within three seconds, or too much did: it may have done what it was asked.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                return await self._send(request)
        except _UNREACHED as error:
            raise GatewayUnavailable("the gateway cannot be reached") from error
        except (TimeoutError, httpx.HTTPError) as error:
            raise GatewaySilent("the gateway does not answer") from error

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _send(self, request: OutgoingRequest) -> Answer:
        # A packed answer may unpack to any size; signatures are over the bytes as they are sent.
        headers = [*request.headers, ("accept-encoding", "identity")]
        call = self._client.stream(
            request.method, request.url, headers=headers, content=request.body
        )
        async with call as response:
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                raise GatewaySilent("the gateway's answer is packed though we refuse that")
            body = bytearray()
            async for part in response.aiter_raw():
                body += part
                if len(body) > ANSWER_BYTES_MAX:
                    raise GatewaySilent("the gateway's answer is too long")
            return Answer(
                status=response.status_code,
                headers=tuple(
                    (name.lower().decode("latin-1"), value) for name, value in response.headers.raw
                ),
                body=bytes(body),
            )
