"""Collection accounts, proposing one, and deciding what others asked for."""

from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect

from payment_service.db import accounts, bank_orders, resolutions, staff_books, units
from payment_service.domain.errors import Invalid, PaymentServiceError
from payment_service.use_cases.decide_approval import decide_approval
from payment_service.use_cases.register_account import ProposedAccount, register_account
from payment_service.web.forms import Form, identifier
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
from payment_service.web.sessions import form_of, session_of
from payment_service.web.staff.resolutions import shown_effect

APPROVALS_MAX: Final = 200
DECIDED_MAX: Final = 20


async def _accounts_page(
    request: HttpRequest, problem: PaymentServiceError | None = None, form: Form | None = None
) -> Page:
    async with context_of(request).database.read_only() as connection:
        all_accounts = await accounts.list_accounts(connection)
        all_units = await units.all_units(connection)
        banks = await staff_books.list_banks(connection)
    return page(
        request,
        "staff/accounts.html",
        status_code=problem.status if problem else 200,
        current="accounts",
        problem=problem_key(problem, "account") if problem else None,
        accounts=all_accounts,
        units=all_units,
        banks=banks,
        typed=form.typed() if form else {},
    )


@get("/staff/accounts", include_in_schema=False)
async def list_accounts(request: HttpRequest) -> Page:
    """Show every collection account and the form that proposes one."""
    return await _accounts_page(request)


@post("/staff/accounts", include_in_schema=False)
async def propose_account(request: HttpRequest) -> Page | Redirect:
    """Propose a collection account; another person approves it."""
    form = form_of(request)
    try:
        proposed = ProposedAccount(
            unit_code=form.text("unit_code", 20),
            bank_bin=form.text("bank_bin", 6),
            account_number=form.text("account_number", 19),
            holder_name=form.text("holder_name", 70),
            decision_number=form.text("decision_number", 100),
            opening_balance_minor=form.whole_number("opening_balance"),
            opening_on=form.day("opening_on"),
        )
        await register_account(context_of(request), session_of(request).person, proposed)
    except PaymentServiceError as error:
        return await _accounts_page(request, error, form)
    return _see(request, "/staff/accounts", "account")


async def _approvals_page(request: HttpRequest, problem: PaymentServiceError | None = None) -> Page:
    async with context_of(request).database.read_only() as connection:
        waiting = await staff_books.list_approvals(connection, is_open=True, limit=APPROVALS_MAX)
        decided = await staff_books.list_approvals(connection, is_open=False, limit=DECIDED_MAX)
        asked = [each.approval_id for each in (*waiting, *decided)]
        parts = await resolutions.describe_parts(connection, asked)
        orders = await bank_orders.open_orders(connection, asked)
    return page(
        request,
        "staff/approvals.html",
        status_code=problem.status if problem else 200,
        current="approvals",
        problem=problem_key(problem, "approval") if problem else None,
        waiting=waiting,
        decided=decided,
        parts=parts,
        orders=orders,
        effects={each.approval_id: shown_effect(each.effect) for each in waiting if each.effect},
    )


@get("/staff/approvals", include_in_schema=False)
async def list_approvals(request: HttpRequest) -> Page:
    """Show what waits for a second person."""
    return await _approvals_page(request)


@post("/staff/approvals/{approval_id:str}", include_in_schema=False)
async def decide(request: HttpRequest, approval_id: FromPath[str]) -> Page | Redirect:
    """Approve or decline what another person asked for."""
    wanted: UUID = identifier(approval_id)
    try:
        decision = form_of(request).text("decision", 10)
        if decision not in {"approve", "decline"}:
            raise Invalid("a decision is to approve or to decline", field="decision")
        is_approved = decision == "approve"
        await decide_approval(
            context_of(request), session_of(request).person, wanted, is_approved=is_approved
        )
    except PaymentServiceError as error:
        return await _approvals_page(request, error)
    return _see(request, "/staff/approvals", "approved" if is_approved else "declined")


def _see(request: HttpRequest, path: str, done: str) -> Redirect:
    address = link(path, language_of(request), done=done)
    return Redirect(address, status_code=303, headers=dict(security_headers()))
