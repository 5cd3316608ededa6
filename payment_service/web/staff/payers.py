"""Which accounts are known to pay for which dossiers, and taking such knowledge back."""

from typing import Final

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect

from payment_service.db import payer_mappings
from payment_service.domain.calendar import business_date
from payment_service.domain.errors import PaymentServiceError
from payment_service.use_cases.revoke_payer import revoke_payer
from payment_service.web.forms import identifier
from payment_service.web.pages import (
    HttpRequest,
    Page,
    context_of,
    language_of,
    link,
    page,
    problem_key,
    security_headers,
)
from payment_service.web.sessions import session_of

PAYERS_MAX: Final = 500


async def _payers_page(request: HttpRequest, problem: PaymentServiceError | None = None) -> Page:
    async with context_of(request).database.read_only() as connection:
        found = await payer_mappings.list_mappings(connection, PAYERS_MAX)
    return page(
        request,
        "staff/payers.html",
        status_code=problem.status if problem else 200,
        current="approvals",
        problem=problem_key(problem, "payer") if problem else None,
        payers=found,
        today=business_date(context_of(request).clock(), None),
    )


@get("/staff/payers", include_in_schema=False)
async def list_payers(request: HttpRequest) -> Page:
    """Show every payer that was learned, the newest first."""
    return await _payers_page(request)


@post("/staff/payers/{approval_id:str}/revocation", include_in_schema=False)
async def revoke(request: HttpRequest, approval_id: FromPath[str]) -> Page | Redirect:
    """Take back what is known about a payer."""
    wanted = identifier(approval_id)
    try:
        await revoke_payer(context_of(request), session_of(request).person, wanted)
    except PaymentServiceError as error:
        return await _payers_page(request, error)
    address = link("/staff/payers", language_of(request), done="payer")
    return Redirect(address, status_code=303, headers=dict(security_headers()))
