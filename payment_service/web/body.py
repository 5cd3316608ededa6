"""Receives a body that fits and arrives in time; a slow sender does not hold a request for ever."""

import asyncio
from typing import Any, Final

from litestar import HttpMethod, Request
from litestar.exceptions import HTTPException, InternalServerException, NotFoundException

from payment_service.domain.errors import Malformed

BODY_SECONDS_MAX: Final = 15
REQUEST_TIMEOUT: Final = 408


async def receive_body(request: Request[Any, Any, Any]) -> bytes:
    """Return the whole body; 413 beyond the route's limit, 408 after `BODY_SECONDS_MAX`."""
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            return await request.body()
    except TimeoutError as error:
        raise HTTPException(status_code=REQUEST_TIMEOUT) from error
    except InternalServerException as error:
        # How the framework calls a sender that hung up or broke its own chunks.
        raise Malformed("the body broke off") from error


async def receive_in_time(request: Request[Any, Any, Any]) -> None:
    """Receive the body before the handler asks for it; a POST has one."""
    if not await receive_body(request) and request.method == HttpMethod.POST:
        raise Malformed("the body is missing")


async def require_plain_path(request: Request[Any, Any, Any]) -> None:
    """Refuse a path with NUL or half characters: no file or record has such a name.

    A coroutine, as the framework sends plain functions through a thread, for every request.
    """
    path: str = request.scope["path"]
    if "\0" in path or not path.isprintable():
        raise NotFoundException
