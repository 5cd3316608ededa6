"""Copies of a town's database as it is now, each as good as another place and time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy import make_url

from payment_service.context import Context
from payment_service.db.database import Database
from tests.payment_service.db.worlds import run


@asynccontextmanager
async def copy_of(context: Context, database_url: str, name: str) -> AsyncIterator[Context]:
    """Copy the database, whose own connections must be closed, and the pick-up folder beside it."""
    url = make_url(database_url)
    pick_up = context.pick_up_folder.with_name(name)
    pick_up.mkdir()
    for path in context.pick_up_folder.glob("*"):
        (pick_up / path.name).write_bytes(path.read_bytes())
    copied = f"{url.database}_{name}"
    administrator = Database(
        url.set(database="template1").render_as_string(hide_password=False), pool_size=1, role=None
    )
    await run(administrator, f"CREATE DATABASE {copied} TEMPLATE {url.database} STRATEGY FILE_COPY")
    address = url.set(database=copied).render_as_string(hide_password=False)
    database = Database(address, pool_size=6)
    try:
        yield replace(context, database=database, pick_up_folder=pick_up)
    finally:
        await database.close()
        await run(administrator, f"DROP DATABASE {copied} WITH (FORCE)")
        await administrator.close()
