"""What a gateway may keep by contract is registered from a day on; reports are held against it."""

from dataclasses import asdict, dataclass

from sqlalchemy.exc import IntegrityError

from payment_service.context import Context
from payment_service.db import endpoints, gateway_contracts
from payment_service.db.audit import record_act
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.gateway_contract import Contract
from payment_service.domain.identifiers import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContract:
    """A contract, and the merchant of a channel it is for."""

    channel: str
    merchant: str
    contract: Contract


async def register_contract(context: Context, new: NewContract) -> None:
    """Store the contract; from its first day on it goes before every earlier one of its kind.

    Raises `Invalid` for a merchant without an address or figures that cannot be, `StateConflict`
    when another contract begins on that day.
    """
    contract, now = new.contract, context.clock()
    try:
        async with context.database.transaction() as connection:
            endpoint = await endpoints.find_endpoint_of_merchant(
                connection, context.sealer, new.channel, new.merchant, now
            )
            if endpoint is None:
                raise Invalid(f"{new.merchant[:40]} has no address at {new.channel}")
            values = asdict(contract) | {"registered_at": now}
            values |= {"contract_id": new_id(now), "endpoint_id": endpoint.endpoint_id}
            await gateway_contracts.insert_contract(connection, values)
            await record_act(
                connection,
                now,
                "operator",
                "register_contract",
                str(endpoint.endpoint_id),
                {
                    "citation": contract.citation,
                    "line_kind": contract.line_kind,
                    "valid_from": contract.valid_from.isoformat(),
                },
            )
    except IntegrityError as error:
        if "gateway_contract_endpoint_id" in str(error.orig):
            raise StateConflict("another contract begins on that day") from error
        raise Invalid("no contract has such figures") from error
