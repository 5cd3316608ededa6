"""Furnishes a service for a play, and reads afterwards what it found out; it plays nothing.

Used by the demonstration and by stories that hold the service to what really happened.
"""

from collections import defaultdict
from datetime import date

from payment_service.context import Context
from payment_service.db import accounts, overview, units
from payment_service.domain.gateway_contract import Contract
from payment_service.simulation.citizens import labels_of
from payment_service.simulation.gateway import FIXED_MINOR, RATE_PPM, VAT_PERMILLE
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.simulation.http_client import Transport
from payment_service.simulation.keys import algorithm_of, exchange, make_rsa_key
from payment_service.simulation.officers import Officers
from payment_service.simulation.places import Surroundings
from payment_service.simulation.score import Observed, OpenBreak
from payment_service.simulation.setting_up import make_surroundings
from payment_service.use_cases.add_people import NewPerson, add_people
from payment_service.use_cases.issue_client_key import issue_client_key
from payment_service.use_cases.register_contract import NewContract, register_contract
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint


async def furnish(
    context: Context,
    transport: Transport,
    gateways: GatewayServer,
    *,
    seed: int,
    opening_on: date,
    units_max: int = 1000,
) -> Surroundings:
    """Set up people, an API key, and an approved account with its callback addresses a unit."""
    async with context.database.read_only() as connection:
        codes = [unit.code for unit in await units.all_units(connection)][:units_max]
    made = make_surroundings(codes, seed=seed, opening_on=opening_on)
    made.gateway_port = gateways.port
    people = [
        NewPerson(
            username=officer.username,
            full_name=officer.full_name,
            identity_number=officer.identity_number,
            password=officer.password,
            role=officer.role,
        )
        for officer in made.officers
    ]
    await add_people(context, people, only_when_empty=True)
    made.api_key = await issue_client_key(context, "Hệ thống một cửa (mô phỏng)")
    officers = Officers(transport, made.officers)
    await officers.arrive()
    for position, place in enumerate(made.places, 1):
        await officers.register_account(place, f"{position}/QĐ-UBND", opening_on)
    await officers.approve_everything()
    async with context.database.read_only() as connection:
        ids = {
            row.account_number: row.account_id for row in await accounts.list_accounts(connection)
        }
    our_pem = make_rsa_key()
    for place in made.places:
        for channel, address in (place.gateways | place.banks).items():
            material, address.material = exchange(channel, address.material, our_pem)
            gateways.enrol(channel, address.merchant, address.material.encode())
            new = NewEndpoint(
                channel=channel,
                account_id=ids[place.account_number],
                merchant=address.merchant,
                algorithm=algorithm_of(channel),
                material=material,
                checkout_base_url=gateways.address_of(channel, address.merchant),
            )
            address.url = context.public_url + await register_endpoint(context, new)
        for channel, address in place.gateways.items():
            new_contract = NewContract(
                channel=channel, merchant=address.merchant, contract=_contract(opening_on)
            )
            await register_contract(context, new_contract)
    return made


def _contract(valid_from: date) -> Contract:
    return Contract(
        line_kind="payment",
        rate_ppm=RATE_PPM,
        fixed_minor=FIXED_MINOR,
        vat_permille=VAT_PERMILLE,
        rounding="down",
        citation="Hợp đồng mô phỏng",
        verified=False,
        valid_from=valid_from,
        valid_to=None,
    )


async def observe(context: Context, transport: Transport, api_key: str) -> Observed:
    """Read what the service says: labels over its API, matches and breaks from its records."""
    async with context.database.read_only(snapshot=True) as connection:
        targets = await overview.line_targets(connection)
        breaks = await overview.open_break_names(connection)
    matches: defaultdict[str, set[str]] = defaultdict(set)
    for row in targets:
        prefix = {"payout": "payout", "cost_top_up": "cost", "refund": "refund"}.get(row.kind)
        if row.kind is None:
            matches[row.bank_reference].add({"bank_rules": "bank"}.get(row.pass_name, "pair"))
        elif prefix is not None:
            matches[row.bank_reference].add(f"{prefix}:{row.reference}")
        elif row.request_id is not None:
            matches[row.bank_reference].add(f"request:{row.request_id}")
        else:
            matches[row.bank_reference].add(f"notice:{row.provider_transaction}")
    return Observed(
        matches={reference: frozenset(found) for reference, found in matches.items()},
        labels=await labels_of(transport, api_key),
        breaks=[
            OpenBreak(code=row[0], names=frozenset(name for name in row[1:] if name))
            for row in breaks
        ],
    )
