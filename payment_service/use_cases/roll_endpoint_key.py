"""A sender changes its key: the new one lives at once, the old one for a while beside it."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from bank_adapters.contract import Algorithm
from bank_adapters.registry import require_usable_key
from bank_adapters.signing_keys import WeakKey, is_published_test_secret
from payment_service.context import Context
from payment_service.db import endpoints
from payment_service.db.audit import record_act
from payment_service.domain.errors import Invalid, NotFound, StateConflict
from payment_service.domain.identifiers import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """The next key of a merchant's address; `overlap` is how long the old ones still count."""

    channel: str
    merchant: str
    algorithm: Algorithm
    material: bytes = field(repr=False)
    overlap: timedelta


async def roll_endpoint_key(context: Context, new: NewKey) -> None:
    """Register the next key and set the end of the ones that live now.

    Raises `NotFound` for an unknown merchant, `Invalid` for a weak or published key or a negative
    overlap, `StateConflict` when two keys live already.
    """
    try:
        require_usable_key(new.channel, new.algorithm, new.material)
    except WeakKey as error:
        raise Invalid(str(error)) from error
    if is_published_test_secret(new.material) and not context.allow_test_keys:
        raise Invalid("this secret is printed in the gateway's public documents")
    if new.overlap < timedelta(0):
        raise Invalid("keys overlap for a time, not for less than none")
    now = context.clock()
    key_id = new_id(now)
    try:
        async with context.database.transaction() as connection:
            endpoint = await endpoints.find_endpoint_of_merchant(
                connection, context.sealer, new.channel, new.merchant, now
            )
            if endpoint is None:
                raise NotFound
            ends_at = now + new.overlap
            retired = await endpoints.end_keys(connection, endpoint.endpoint_id, now, ends_at)
            await endpoints.insert_key(
                connection,
                {
                    "key_id": key_id,
                    "endpoint_id": endpoint.endpoint_id,
                    "algorithm": new.algorithm.value,
                    "material_sealed": context.sealer.seal(new.material, context=str(key_id)),
                    "valid_from": now,
                    "valid_to": None,
                },
            )
            await record_act(
                connection,
                now,
                "operator",
                "roll_endpoint_key",
                str(endpoint.endpoint_id),
                {"algorithm": new.algorithm, "old_keys": retired, "until": ends_at.isoformat()},
            )
    except IntegrityError as error:
        raise StateConflict("this address has two live keys; let the older one end") from error
