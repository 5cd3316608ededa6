"""A callback address is opened for a live account, with the key that speaks through it."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from bank_adapters.contract import Algorithm
from bank_adapters.outgoing import RequestRefused
from bank_adapters.registry import (
    DIALECTS,
    STATUS_DIALECTS,
    require_usable_key,
    require_usable_merchant,
)
from bank_adapters.signing_keys import WeakKey, is_published_test_secret
from payment_service.context import Context
from payment_service.db import accounts, endpoints
from payment_service.db.audit import record_act
from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.gateway_address import require_gateway_address
from payment_service.domain.identifiers import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    """Channel, account and merchant of an address; `material` is a secret or a public PEM key."""

    channel: str
    account_id: UUID
    merchant: str
    algorithm: Algorithm
    material: bytes = field(repr=False)
    checkout_base_url: str = ""
    valid_to: datetime | None = None


async def register_endpoint(context: Context, new: NewEndpoint) -> str:
    """Open the address and return its path.

    Raises `Invalid` for a weak key, a key of another scheme, a secret that a gateway publishes for
    testing, or a merchant's code that its orders cannot carry; `StateConflict` for a merchant that
    has an address already.
    """
    try:
        require_usable_key(new.channel, new.algorithm, new.material)
        require_usable_merchant(new.channel, new.merchant)
    except (WeakKey, RequestRefused) as error:
        raise Invalid(str(error)) from error
    if is_published_test_secret(new.material) and not context.allow_test_keys:
        raise Invalid("this secret is printed in the gateway's public documents")
    if new.checkout_base_url:
        require_gateway_address(new.checkout_base_url)
    elif new.channel in STATUS_DIALECTS and DIALECTS[new.channel].scheme.is_weak:
        raise Invalid(f"{new.channel} signs too little: say where its services can be asked")
    now = context.clock()
    endpoint_id, key_id = new_id(now), new_id(now)
    slug = secrets.token_urlsafe(12)
    try:
        async with context.database.transaction() as connection:
            account = await accounts.find_account(connection, new.account_id)
            if account is None or account.state != "live":
                raise Invalid("an address is opened for a live account")
            await endpoints.insert_endpoint(
                connection,
                {
                    "endpoint_id": endpoint_id,
                    "channel": new.channel,
                    "slug": slug,
                    "unit_id": account.unit_id,
                    "account_id": account.account_id,
                    "merchant": new.merchant,
                    "checkout_base_url": new.checkout_base_url,
                    "created_at": now,
                },
            )
            await endpoints.insert_key(
                connection,
                {
                    "key_id": key_id,
                    "endpoint_id": endpoint_id,
                    "algorithm": new.algorithm.value,
                    "material_sealed": context.sealer.seal(new.material, context=str(key_id)),
                    "valid_from": now,
                    "valid_to": new.valid_to,
                },
            )
            await record_act(
                connection,
                now,
                "operator",
                "register_endpoint",
                str(endpoint_id),
                {"channel": new.channel, "merchant": new.merchant, "algorithm": new.algorithm},
            )
    except IntegrityError as error:
        raise StateConflict("this merchant has an address already") from error
    return f"/callbacks/{new.channel}/{slug}"
