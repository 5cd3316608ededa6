"""What the commands do that register people, systems, callback addresses and their keys."""

import argparse
import asyncio
import codecs
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from rich.table import Table

from bank_adapters.contract import Algorithm
from bank_adapters.registry import DIALECTS
from bank_adapters.scheme import COLUMNS, cells_of, markdown_table
from payment_service.commands import OUT
from payment_service.context import Context
from payment_service.db import accounts, endpoints
from payment_service.domain.calendar import VIETNAM
from payment_service.domain.errors import Invalid
from payment_service.domain.gateway_contract import Contract
from payment_service.use_cases.add_people import NewPerson, add_people
from payment_service.use_cases.issue_client_key import issue_client_key
from payment_service.use_cases.register_contract import NewContract, register_contract
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from payment_service.use_cases.roll_endpoint_key import NewKey, roll_endpoint_key


def channels(parsed: argparse.Namespace) -> int:
    """List the channels and how each proves its messages."""
    schemes = {code: dialect.scheme for code, dialect in DIALECTS.items()}
    if parsed.markdown:
        OUT.print(markdown_table(schemes), markup=False, highlight=False, soft_wrap=True, end="")
        return 0
    table = Table(*COLUMNS)
    for code, scheme in schemes.items():
        table.add_row(*cells_of(code, scheme))
    OUT.print(table)
    return 0


async def users_bootstrap(context: Context, parsed: argparse.Namespace) -> int:
    """Add the first two people with one-time passwords, shown once."""
    newcomers = [
        NewPerson(
            username=username,
            full_name=full_name,
            identity_number=identity_number,
            password=secrets.token_urlsafe(12),
            role=role,
        )
        for (username, full_name, identity_number), role in (
            (parsed.officer, "finance_officer"),
            (parsed.approver, "approver"),
        )
    ]
    await add_people(context, newcomers, only_when_empty=True)
    for person in newcomers:
        OUT.print(f"{person.role:16} {person.username}  {person.password}", highlight=False)
    return 0


async def clients_issue(context: Context, parsed: argparse.Namespace) -> int:
    """Register a dossier system and show its key once."""
    OUT.print(await issue_client_key(context, parsed.name), highlight=False)
    return 0


async def endpoints_add(context: Context, parsed: argparse.Namespace) -> int:
    """Open a callback address and show its path."""
    material = await _read_material(parsed.key_file)
    path = await register_endpoint(
        context,
        NewEndpoint(
            channel=parsed.channel,
            account_id=await _account_of(context, str(parsed.account)),
            merchant=parsed.merchant,
            algorithm=Algorithm(parsed.algorithm),
            material=material,
            checkout_base_url=parsed.gateway_url,
        ),
    )
    OUT.print(context.public_url + path, highlight=False, soft_wrap=True)
    return 0


async def _account_of(context: Context, told: str) -> UUID:
    async with context.database.read_only() as connection:
        listed = await accounts.list_accounts(connection)
    found = [
        each.account_id for each in listed if told in {each.account_number, str(each.account_id)}
    ]
    if len(found) != 1:
        raise Invalid(f"{len(found)} collection accounts have the number {told!r}")
    return found[0]


async def endpoints_list(context: Context, _parsed: argparse.Namespace) -> int:
    """List the callback addresses with their keys' validity; what a key is stays sealed."""
    now = context.clock()
    async with context.database.read_only() as connection:
        rows = await endpoints.list_keys(connection)
    table = Table("channel", "address", "unit", "merchant", "algorithm", "from", "to", "live")
    for row in rows:
        is_live = (
            row.valid_from is not None
            and row.valid_from <= now
            and (row.valid_to is None or now < row.valid_to)
        )
        table.add_row(
            row.channel, row.slug, row.unit_code, row.merchant, row.algorithm or "–",
            _instant(row.valid_from), _instant(row.valid_to), "yes" if is_live else "no",
        )  # fmt: skip
    OUT.print(table)
    return 0


def _instant(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).isoformat(" ", "minutes") if moment else "–"


async def endpoints_roll(context: Context, parsed: argparse.Namespace) -> int:
    """Register a sender's next key; the old one ends after the overlap."""
    await roll_endpoint_key(
        context,
        NewKey(
            channel=parsed.channel,
            merchant=parsed.merchant,
            algorithm=Algorithm(parsed.algorithm),
            material=await _read_material(parsed.key_file),
            overlap=timedelta(hours=parsed.overlap_hours),
        ),
    )
    OUT.print("the next key lives; the old one ends in", f"{parsed.overlap_hours} h")
    return 0


async def contracts_add(context: Context, parsed: argparse.Namespace) -> int:
    """Register what a gateway may keep; say from when its reports are held against it."""
    contract = Contract(
        line_kind=parsed.kind,
        rate_ppm=parsed.rate,
        fixed_minor=parsed.fixed,
        vat_permille=parsed.vat,
        rounding=parsed.rounding,
        citation=parsed.citation,
        verified=parsed.verified,
        valid_from=parsed.valid_from,
        valid_to=parsed.valid_to,
    )
    new = NewContract(channel=parsed.channel, merchant=parsed.merchant, contract=contract)
    await register_contract(context, new)
    OUT.print(f"{parsed.kind} lines of {parsed.merchant} are checked from", parsed.valid_from)
    return 0


async def _read_material(key_file: str) -> bytes:
    content = await asyncio.to_thread(Path(key_file).read_bytes)
    # Some editors begin a text with a mark; a secret of raw bytes may begin with the same bytes,
    # and begin or end with what would be a blank in a text.
    written = content.removeprefix(codecs.BOM_UTF8)
    return written.strip() if written.isascii() else content
