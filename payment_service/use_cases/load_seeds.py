"""Fills a fresh database with the facts it starts from."""

from payment_service.context import Context
from payment_service.db import seeding
from payment_service.db.database import lock


async def load_seeds(context: Context) -> bool:
    """Load units, banks, tariff and calendar once; False when they were there already."""
    async with context.database.transaction() as connection:
        await lock(connection, "seeds")
        return await seeding.load_seeds(connection, context.clock())
