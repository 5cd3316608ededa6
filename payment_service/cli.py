"""The command line: every word of it, what it does, and its exit status.

Exit 0 done, 1 something was refused or found wrong, 2 usage or could not run.
"""

import argparse
import asyncio
import io
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn
from uuid import UUID

from bank_adapters.contract import Algorithm
from bank_adapters.registry import DIALECTS
from payment_service import commands, registry_commands, what_if_command
from payment_service.cluster.command import reconcile_parquet
from payment_service.composition import database_of, open_context
from payment_service.context import Context
from payment_service.domain.errors import PaymentServiceError, Unavailable
from payment_service.settings import Settings, read_settings

DONE, REFUSED, COULD_NOT_RUN = 0, 1, 2
Command = Callable[[Context, argparse.Namespace], Awaitable[int]]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit status; errors are one line, never a traceback."""
    # A terminal that lacks a character gets its number, as on the stream of errors.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    parsed = _parser().parse_args(arguments)
    try:
        status = parsed.run(parsed)
    except PaymentServiceError as error:
        _complain(str(error))
        could_not_run = error.code == "configuration" or isinstance(error, Unavailable)
        status = COULD_NOT_RUN if could_not_run else REFUSED
    except OSError as error:
        _complain(": ".join(str(part) for part in (error.strerror, error.filename) if part))
        status = COULD_NOT_RUN
    except KeyboardInterrupt:
        status = COULD_NOT_RUN
    sys.exit(status)


def _complain(sentence: str) -> None:
    sys.stderr.write(f"payment-service: {' '.join(sentence.split())}\n")


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return an argument type for ASCII digits within a range."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def parts_of(whole: int, decimals: int) -> Callable[[str], int]:
    """Return an argument type for a percentage up to 100, read as exact parts of a whole."""

    def read(text: str) -> int:
        found = re.fullmatch(rf"([0-9]{{1,3}})(?:\.([0-9]{{1,{decimals}}}))?", text, re.ASCII)
        parts = int(found[1] + (found[2] or "").ljust(decimals, "0")) if found else whole + 1
        if parts > whole:
            raise argparse.ArgumentTypeError(f"a percentage with at most {decimals} decimals")
        return parts

    return read


def iso_date(text: str) -> date:
    """Read a date written as YYYY-MM-DD."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a date is written YYYY-MM-DD") from error
    if found.isoformat() != text:
        raise argparse.ArgumentTypeError("a date is written YYYY-MM-DD")
    return found


def identifier(text: str) -> UUID:
    """Read the identifier of a record."""
    try:
        return UUID(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("an identifier is a UUID") from error


def account(text: str) -> str:
    """Read the number or the identifier of a collection account."""
    return text if re.fullmatch("[0-9A-Z]{6,19}", text) else str(identifier(text))


def person(text: str) -> tuple[str, str, str]:
    """Read USER:FULL NAME:IDENTITY NUMBER."""
    parts = text.split(":")
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - the three parts named in the help
        raise argparse.ArgumentTypeError("a person is written USER:FULL NAME:IDENTITY NUMBER")
    return parts[0], parts[1], parts[2]


def _with_context(command: Command) -> Callable[[argparse.Namespace], int]:
    """Open settings, database and keys around a command."""

    async def run(settings: Settings, parsed: argparse.Namespace) -> int:
        async with open_context(settings) as context:
            await commands.require_schema(context)
            return await command(context, parsed)

    def with_database(parsed: argparse.Namespace) -> int:
        with database_of(read_settings()) as settings:
            return asyncio.run(run(settings, parsed))

    return with_database


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="payment-service",
        description="Collects public fees and proves every night that each đồng arrived.",
    )
    words = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_running(words)
    _add_statements(words)
    _add_nights(words)
    _add_registry(words)
    _add_contracts(words)
    return parser


def _add_running(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = words.add_parser("demo", help="a whole business week on this machine, told as tables")
    demo.add_argument("--days", type=whole_number(1, 10), default=3)
    demo.add_argument("--requests", type=whole_number(100, 100_000), default=3200)
    demo.add_argument("--seed", type=whole_number(0, 2**31), default=2026)
    demo.add_argument("--serve", action="store_true", help="leave the web up afterwards")
    demo.set_defaults(run=commands.demo)
    serve = words.add_parser("serve", help="the web service: API, callbacks, pages")
    serve.set_defaults(run=commands.serve)
    worker = words.add_parser("worker", help="the clock: runs each night when it is due")
    worker.set_defaults(run=commands.worker)
    migrate = words.add_parser("migrate", help="bring the schema up to date, load the first facts")
    migrate.set_defaults(run=commands.migrate_schema)
    doctor = words.add_parser("doctor", help="check configuration and invariants")
    doctor.set_defaults(run=_with_context(commands.doctor))
    simulate = words.add_parser("simulate", help="play one scenario against a running service")
    simulate.add_argument("scenario")
    simulate.add_argument("--target", required=True, metavar="URL")
    simulate.add_argument("--seed", type=whole_number(0, 2**31), default=2026)
    simulate.set_defaults(run=commands.simulate)


def _add_statements(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    statement = words.add_parser("statement", help="bank statements")
    verbs = statement.add_subparsers(required=True, metavar="VERB")
    read = verbs.add_parser("read", help="read files and say what they hold; changes nothing")
    read.add_argument("files", nargs="+", metavar="FILE")
    read.add_argument("--json", action="store_true", help="one JSON object a file")
    read.set_defaults(run=commands.statement_read)
    take = verbs.add_parser("import", help="import a statement into its collection account")
    take.add_argument("file", metavar="FILE")
    take.add_argument("--account", type=identifier, help="identifier of the collection account")
    take.add_argument("--person", help="user name of who brings an unsigned file")
    take.set_defaults(run=_with_context(commands.statement_import))


def _add_nights(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    nightly = words.add_parser("nightly", help="run the night of a business date")
    nightly.add_argument("--date", type=iso_date, help="default: yesterday in Vietnam")
    nightly.set_defaults(run=_with_context(commands.nightly))
    reconcile = words.add_parser("reconcile", help="match one account group now")
    reconcile.add_argument("--group", required=True, help="code of the account group")
    reconcile.add_argument("--date", type=iso_date)
    reconcile.add_argument("--dry-run", action="store_true", help="decide and write nothing")
    reconcile.add_argument(
        "--export", type=Path, metavar="DIR", help="write there what the run is made from"
    )
    reconcile.add_argument(
        "--rules", type=Path, metavar="FILE",
        help="with --dry-run: only the rules that differ, as JSON; says what they would change",
    )  # fmt: skip
    reconcile.add_argument("--json", action="store_true", help="what would change as JSON")
    reconcile.set_defaults(run=_with_context(what_if_command.reconcile))
    _add_parquet(words)
    explain = words.add_parser("explain", help="why something is matched, or why not")
    explain.add_argument("subject", metavar="LINE-ITEM-OR-REQUEST")
    explain.add_argument("--json", action="store_true", help="both languages, in stable keys")
    explain.add_argument("--language", choices=("vi", "en"), default="vi")
    explain.set_defaults(run=_with_context(commands.explain))


def _add_parquet(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    word = words.add_parser("reconcile-parquet", help="match account groups without a database")
    word.add_argument("--engine", required=True, choices=("local", "spark"))
    word.add_argument("--lines", required=True, type=Path, metavar="DIR", help="bank lines")
    word.add_argument("--items", required=True, type=Path, metavar="DIR", help="what is expected")
    word.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new folder")
    word.add_argument("--as-of", required=True, type=iso_date, help="the business date")
    word.add_argument("--calendar", type=Path, metavar="FILE", help="default: the seeds' holidays")
    word.add_argument("--ruleset", type=Path, metavar="FILE", help="default: the standing rules")
    word.add_argument("--master", default="local[*]", metavar="URL", help="of the Spark cluster")
    word.add_argument(
        "--memory-limit-mib", type=whole_number(64, 1 << 20), default=1024,
        help="of DuckDB, for each account group at work",
    )  # fmt: skip
    word.add_argument("--spill-folder", type=Path, metavar="DIR", help="on a fast local disk")
    word.set_defaults(run=reconcile_parquet)


def _add_registry(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    users = words.add_parser("users", help="people who may log in")
    verbs = users.add_subparsers(required=True, metavar="VERB")
    bootstrap = verbs.add_parser("bootstrap", help="the first two people, once, on an empty table")
    bootstrap.add_argument("officer", type=person, metavar="OFFICER:FULL NAME:IDENTITY NUMBER")
    bootstrap.add_argument("approver", type=person, metavar="APPROVER:FULL NAME:IDENTITY NUMBER")
    bootstrap.set_defaults(run=_with_context(registry_commands.users_bootstrap))
    clients = words.add_parser("clients", help="systems that may call the API")
    verbs = clients.add_subparsers(required=True, metavar="VERB")
    issue = verbs.add_parser("issue", help="register a system and show its key once")
    issue.add_argument("name")
    issue.set_defaults(run=_with_context(registry_commands.clients_issue))
    listed = words.add_parser("channels", help="banks and gateways, and how each proves itself")
    listed.add_argument("--markdown", action="store_true", help="as the table of the documents")
    listed.set_defaults(run=registry_commands.channels)
    endpoints = words.add_parser("endpoints", help="addresses that banks and gateways call")
    verbs = endpoints.add_subparsers(required=True, metavar="VERB")
    listed = verbs.add_parser("list", help="every address with its keys' validity, never a key")
    listed.set_defaults(run=_with_context(registry_commands.endpoints_list))
    add = verbs.add_parser("add", help="open an address with the key that signs for it")
    _add_key(add)
    add.add_argument(
        "--account",
        required=True,
        type=account,
        help="number or identifier of the collection account",
    )
    add.add_argument(
        "--gateway-url", default="", help="where the gateway's own services are, to order and ask"
    )
    add.set_defaults(run=_with_context(registry_commands.endpoints_add))
    roll = verbs.add_parser("roll", help="register a sender's next key beside the one that lives")
    _add_key(roll)
    roll.add_argument(
        "--overlap-hours", type=whole_number(0, 24 * 90), default=24,
        help="how long the old key still counts",
    )  # fmt: skip
    roll.set_defaults(run=_with_context(registry_commands.endpoints_roll))


def _add_contracts(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    contracts = words.add_parser("contracts", help="what gateways may keep of a payment")
    verbs = contracts.add_subparsers(required=True, metavar="VERB")
    add = verbs.add_parser("add", help="reports are held against it from its first day on")
    add.add_argument("channel", choices=sorted(DIALECTS))
    add.add_argument("--merchant", required=True)
    add.add_argument("--kind", choices=("payment", "refund", "chargeback"), default="payment")
    add.add_argument("--rate", type=parts_of(1_000_000, 4), required=True, metavar="PERCENT")
    add.add_argument(
        "--fixed", type=whole_number(0, 10**9), default=0, metavar="ĐỒNG", help="on each line"
    )
    add.add_argument("--vat", type=parts_of(1_000, 1), required=True, metavar="PERCENT")
    add.add_argument("--rounding", choices=("down", "half_up", "up"), default="half_up")
    add.add_argument("--citation", required=True, help="number and date of the contract")
    add.add_argument("--from", dest="valid_from", type=iso_date, required=True)
    add.add_argument("--to", dest="valid_to", type=iso_date, help="its last day, when it has one")
    add.add_argument("--verified", action="store_true", help="somebody read it in the contract")
    add.set_defaults(run=_with_context(registry_commands.contracts_add))


def _add_key(word: argparse.ArgumentParser) -> None:
    word.add_argument("channel", choices=sorted(DIALECTS))
    word.add_argument("--merchant", required=True)
    word.add_argument("--algorithm", required=True, choices=[each.value for each in Algorithm])
    word.add_argument(
        "--key-file", required=True, metavar="FILE",
        help="the secret (raw, whsec_…, or a set joined by colons) or the sender's public PEM; "
        "a first line `keyid: NAME` tells what HTTP Message Signatures call the key",
    )  # fmt: skip
