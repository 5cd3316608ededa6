"""What each command does, between the terminal and the use cases."""

import argparse
import asyncio
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.progress import Progress

from bank_adapters.contract import StatementUnreadable
from bank_adapters.signing_keys import is_published_test_secret
from bank_adapters.statements.report import describe
from payment_service.cluster.run_files import write_inputs, write_run
from payment_service.composition import clock_of, database_of, open_context
from payment_service.context import Context
from payment_service.db import endpoints, explanations, invariants, matching, nights, people
from payment_service.db.database import Database
from payment_service.db.matching import OpenRows
from payment_service.db.migration import migrate, require_current_schema
from payment_service.domain.calendar import VIETNAM, BusinessCalendar, business_date
from payment_service.domain.errors import Invalid, NotFound
from payment_service.nightly import run_night
from payment_service.settings import Settings, read_settings
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from payment_service.use_cases.load_seeds import load_seeds
from payment_service.use_cases.name_wrong_units import name_wrong_units
from payment_service.use_cases.reconcile_accounts import reconcile_accounts
from payment_service.worker import work
from reconciliation.explanation_text import lines_of
from reconciliation.ruleset import RuleSet

# What banks and people wrote is shown as it is, `:100:` and `[x]` included.
OUT = Console(emoji=False, markup=False)
_CHUNK_BYTES = 64 * 1024


async def require_schema(context: Context) -> None:
    """Refuse to work on another schema than this program's."""
    await require_current_schema(context.database)


def demo(parsed: argparse.Namespace) -> int:
    """Play business days from nothing and print what they brought."""
    from payment_service.demo import run_demo  # noqa: PLC0415 - a heavy room, entered on demand

    return run_demo(
        read_settings(),
        days=parsed.days,
        requests=parsed.requests,
        seed=parsed.seed,
        serve=parsed.serve,
    )


def simulate(parsed: argparse.Namespace) -> int:
    """Play one scenario against a running service."""
    from payment_service.simulation.play import simulate as play  # noqa: PLC0415 - on demand

    settings = read_settings()
    clock = clock_of(settings)
    return play(settings, parsed.scenario, target=parsed.target, seed=parsed.seed, clock=clock)


def serve(_parsed: argparse.Namespace) -> int:
    """Serve until told to stop."""
    from payment_service.serving import serve as run_server  # noqa: PLC0415 - a heavy room

    with database_of(read_settings()) as settings:
        return run_server(settings)


def worker(_parsed: argparse.Namespace) -> int:
    """Run nights when they are due, until told to stop."""
    with database_of(read_settings()) as settings, asyncio.Runner() as runner:
        opened = open_context(settings)
        context = runner.run(opened.__aenter__())
        try:
            runner.run(require_schema(context))
            work(context, runner)
        finally:
            runner.run(opened.__aexit__(None, None, None))
    return 0


def migrate_schema(_parsed: argparse.Namespace) -> int:
    """Bring the schema up to date and load the first facts."""

    async def run(settings: Settings) -> bool:
        owner = Database(settings.database_url or "", role=None)
        try:
            await migrate(owner)
        finally:
            await owner.close()
        async with open_context(settings) as context:
            return await load_seeds(context)

    with database_of(read_settings()) as settings:
        is_new = asyncio.run(run(settings))
    OUT.print("schema is current" + ("; first facts loaded" if is_new else ""))
    return 0


async def doctor(context: Context, _parsed: argparse.Namespace) -> int:
    """Check the invariants, each with its figure, and the live keys of all callback addresses."""
    async with context.database.read_only(snapshot=True) as connection:
        broken = await invariants.broken_invariants(connection)
        addresses = await endpoints.all_endpoints(connection, context.sealer, context.clock())
    for invariant in invariants.INVARIANTS:
        _print_check(invariant.name, broken.get(invariant.name, 0), invariant.sentence)
    published = [
        each
        for each in addresses
        if not context.allow_test_keys
        and any(is_published_test_secret(key.material) for key in each.keys)
    ]
    sentence = "No live key of an address is printed in public documents"
    _print_check("test-keys", len(published), f"{sentence}, unless test keys are allowed.")
    for each in published:
        print_line(f"  {each.channel} {each.merchant}: /callbacks/{each.channel}/{each.slug}")
    return 1 if broken or published else 0


def _print_check(name: str, count: int, sentence: str) -> None:
    OUT.print(f"{name:12} {'ok' if not count else f'{count} wrong':10} ", end="")
    OUT.print(sentence, highlight=False)


def statement_read(parsed: argparse.Namespace) -> int:
    """Say what statement files hold; one that cannot be opened does not hide the others."""
    is_any_refused = False
    fault: OSError | None = None
    for name in parsed.files:
        path = _printable(name)
        try:
            found = describe(path, _chunks_of(Path(name)))
        except OSError as error:
            found = {"path": path, "ok": False, "error": error.strerror or str(error)}
            fault = fault or error
        is_any_refused |= not found["ok"]
        if parsed.json:
            OUT.out(json.dumps(found), highlight=False)
        else:
            _print_statement(found)
    if fault is not None:
        raise fault
    return 1 if is_any_refused else 0


def _chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _printable(name: str) -> str:
    # A file name is any bytes; what a terminal or a JSON reader gets is Unicode.
    return name.encode("utf-8", "backslashreplace").decode()


def _print_statement(found: dict[str, object]) -> None:
    if not found["ok"]:
        print_line(f"{found['path']}: refused: {found['error']}")
        return
    statements, flags = found["statements"], found["flags"]
    named = ", ".join(flags) if isinstance(flags, list) else ""
    print_line(f"{found['path']}: {found['format']}{named and f' ({named})'}")
    for each in statements if isinstance(statements, list) else []:
        print_line(
            f"  {each['account']} {each['currency']}: {each['opening']} + {each['credit']}"
            f" − {each['debit']} → {each['closing']} ({each['entries']} entries)"
        )


def plain(text: str) -> str:
    """Return text that cannot steer a terminal or turn its direction, whatever a bank wrote."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def print_line(text: str) -> None:
    """Print one line as it is, whole."""
    OUT.print(plain(text), markup=False, highlight=False, soft_wrap=True)


async def statement_import(context: Context, parsed: argparse.Namespace) -> int:
    """Import one file; a signature lies beside it as FILE.sig."""
    path = Path(parsed.file)
    content, signature = await asyncio.to_thread(_read_signed, path)
    imported_by = None
    if parsed.person:
        async with context.database.read_only() as connection:
            person = await people.find_person(connection, parsed.person)
        if person is None:
            raise NotFound("there is no such person")
        imported_by = person.person_id
    try:
        answer = await import_statement(
            context,
            DeliveredFile(
                name=_printable(path.name),
                content=content,
                signature=signature,
                imported_by=imported_by,
                account_id=parsed.account,
            ),
        )
    except StatementUnreadable as error:
        raise Invalid(f"{_printable(path.name)}: {error}") from error
    OUT.print_json(answer.decode(), ensure_ascii=True)
    verdicts = [each["verdict"] for each in json.loads(answer)["statements"]]
    return 1 if "quarantined" in verdicts else 0


def _read_signed(path: Path) -> tuple[bytes, bytes | None]:
    signature = path.with_name(path.name + ".sig")
    return path.read_bytes(), signature.read_bytes() if signature.is_file() else None


async def nightly(context: Context, parsed: argparse.Namespace) -> int:
    """Run one night and print its report."""
    business_date = parsed.date or _yesterday(context)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        report = await run_night(context, business_date, progress=show)
    OUT.print_json(json.dumps(report), ensure_ascii=True)
    return 1 if report["broken_invariants"] else 0


def _yesterday(context: Context) -> date:
    return context.clock().astimezone(VIETNAM).date() - timedelta(days=1)


async def group_and_date(context: Context, parsed: argparse.Namespace) -> tuple[UUID, date]:
    """Return the account group that a command names, and its business date."""
    async with context.database.read_only() as connection:
        group_id = await nights.find_account_group(connection, parsed.group)
    if group_id is None:
        raise NotFound("there is no such account group")
    return group_id, parsed.date or _yesterday(context)


async def reconcile(context: Context, parsed: argparse.Namespace) -> int:
    """Match one account group and print what was decided."""
    ruleset = RuleSet()
    group_id, as_of = await group_and_date(context, parsed)

    def export(rows: OpenRows, calendar: BusinessCalendar) -> None:
        write_inputs(parsed.export, rows.lines, rows.items, ruleset, calendar)

    results = await reconcile_accounts(
        context,
        [group_id],
        as_of,
        ruleset=ruleset,
        is_dry_run=parsed.dry_run,
        observe=export if parsed.export else None,
    )
    if not parsed.dry_run:
        await name_wrong_units(context)
    if parsed.export:
        async with context.database.read_only() as connection:
            proofs = [await matching.stored_proof(connection, each.run_id) for each in results]
        write_run(parsed.export, group_id, as_of, proofs)
    for result in results:
        OUT.print_json(
            json.dumps({"decisions": result.decisions, "breaks": result.breaks}, default=str)
        )
    return 0


async def explain(context: Context, parsed: argparse.Namespace) -> int:
    """Say why a line, an item or a request is matched, or why not."""
    today = business_date(context.clock(), None)
    async with context.database.read_only(snapshot=True) as connection:
        explanation = await explanations.explain_subject(connection, parsed.subject, today)
    if explanation is None:
        raise NotFound("no line, item or request has this identifier or reference")
    if parsed.json:
        print_line(explanation.canonical_json())
        return 0
    for line in lines_of(explanation, parsed.language):
        print_line(line)
    return 0
