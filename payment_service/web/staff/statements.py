"""Bank statements: their verdicts, bringing unsigned files, and confirming what another brought."""

import unicodedata
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect

from bank_adapters.contract import AdapterError
from payment_service.db import staff_books
from payment_service.domain.errors import Invalid, NotFound, PaymentServiceError
from payment_service.use_cases.confirm_statement import confirm_statement
from payment_service.use_cases.import_statement import (
    STATEMENT_BYTES_MAX,
    DeliveredFile,
    import_statement,
)
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
from payment_service.web.sessions import form_of, session_of
from reconciliation.breaks import BreakCode, sentence

STATEMENTS_MAX: Final = 200
LINES_A_PAGE: Final = 100
FORM_BYTES_MAX: Final = 64 * 1024
NAME_LENGTH_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What became of one file."""

    name: str
    problem: str | None
    detail: str


async def _statements_page(
    request: HttpRequest,
    problem: PaymentServiceError | None = None,
    uploads: tuple[Upload, ...] = (),
) -> Page:
    async with context_of(request).database.read_only() as connection:
        found = await staff_books.list_statements(connection, STATEMENTS_MAX)
    return page(
        request,
        "staff/statements.html",
        status_code=problem.status if problem else 200,
        current="statements",
        problem=problem_key(problem, "upload") if problem else None,
        statements=found,
        uploads=uploads,
    )


@get("/staff/statements", include_in_schema=False)
async def list_statements(request: HttpRequest) -> Page:
    """Show the last statements and the form that brings files."""
    return await _statements_page(request)


@post(
    "/staff/statements",
    include_in_schema=False,
    request_max_body_size=STATEMENT_BYTES_MAX + FORM_BYTES_MAX,
)
async def bring_statements(request: HttpRequest) -> Page | Redirect:
    """Import unsigned files, each on its own; a refused one changes nothing."""
    try:
        files = form_of(request).files("files")
    except PaymentServiceError as error:
        return await _statements_page(request, error)
    uploads, problem = [], None
    for file in files:
        name = _plain_name(file.filename)
        try:
            await _bring(request, name, file)
            uploads.append(Upload(name=name, problem=None, detail=""))
        except PaymentServiceError as error:
            problem = error
            uploads.append(
                Upload(name=name, problem=problem_key(error, "upload"), detail=error.detail)
            )
    if problem is not None:
        return await _statements_page(request, problem, tuple(uploads))
    address = link("/staff/statements", language_of(request), done="uploaded")
    return Redirect(address, status_code=303, headers=dict(security_headers()))


async def _bring(request: HttpRequest, name: str, file: UploadFile) -> None:
    delivered = DeliveredFile(
        name=name,
        content=await file.read(),
        imported_by=session_of(request).person.person_id,
    )
    try:
        await import_statement(context_of(request), delivered)
    except AdapterError as error:
        raise Invalid(str(error), field="statement-unreadable") from error


def _plain_name(name: str) -> str:
    """Return the last part of a file's name without control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(
        symbol for symbol in last if unicodedata.category(symbol) not in {"Cc", "Cf", "Cs"}
    )
    return visible[:NAME_LENGTH_MAX] or "-"


async def _statement_page(
    request: HttpRequest,
    statement_id: UUID,
    problem: PaymentServiceError | None = None,
    typed: dict[str, str] | None = None,
) -> Page:
    after_text = request.query_params.get("after", "0")
    after = int(after_text) if after_text.isascii() and after_text.isdigit() else 0
    async with context_of(request).database.read_only(snapshot=True) as connection:
        statement = await staff_books.find_statement(connection, statement_id)
        if statement is None:
            raise NotFound(field="not-here")
        lines = await staff_books.lines_of_statement(
            connection, statement_id, after=min(after, 2**31 - 1), limit=LINES_A_PAGE + 1
        )
    reason = ""
    if statement.reason_code:
        details = {"statement": statement.number, **msgspec.json.decode(statement.details)}
        reason = sentence(BreakCode(statement.reason_code), details, language_of(request))
    return page(
        request,
        "staff/statement.html",
        status_code=problem.status if problem else 200,
        current="statements",
        problem=problem_key(problem, "confirm") if problem else None,
        statement=statement,
        reason=reason,
        lines=lines[:LINES_A_PAGE],
        last_position=lines[LINES_A_PAGE - 1].position if len(lines) > LINES_A_PAGE else None,
        is_own=statement.imported_by == session_of(request).person.person_id,
        typed=typed or {},
    )


@get("/staff/statements/{statement_id:str}", include_in_schema=False)
async def show_statement(request: HttpRequest, statement_id: FromPath[str]) -> Page:
    """Show one statement with its lines and, while it waits, the form that confirms it."""
    return await _statement_page(request, identifier(statement_id))


@post("/staff/statements/{statement_id:str}/confirmation", include_in_schema=False)
async def confirm(request: HttpRequest, statement_id: FromPath[str]) -> Page | Redirect:
    """Confirm closing balance and line count as the second person."""
    form, wanted = form_of(request), identifier(statement_id)
    try:
        closing_minor = form.whole_number("closing_balance", may_be_negative=True)
        line_count = form.whole_number("line_count")
        await confirm_statement(
            context_of(request), session_of(request).person, wanted, closing_minor, line_count
        )
    except PaymentServiceError as error:
        return await _statement_page(request, wanted, error, form.typed())
    address = link(f"/staff/statements/{wanted}", language_of(request), done="confirmed")
    return Redirect(address, status_code=303, headers=dict(security_headers()))
