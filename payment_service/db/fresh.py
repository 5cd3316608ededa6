"""A database of its own for a demonstration, beside the one that a URL names; that one stays."""

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from payment_service.domain.errors import ConfigurationError


async def fresh_database(url: str, name: str) -> str:
    """Drop the database of this name, create it empty on the same server, and return its URL.

    Raises `ConfigurationError` when it is the named database itself, or may not be created.
    """
    named = make_url(url)
    if named.database == name:
        raise ConfigurationError(f"the database {name} would be dropped; name another one")
    engine = create_async_engine(named, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            await connection.execute(text(f'CREATE DATABASE "{name}"'))
    except DBAPIError as error:
        raise ConfigurationError(f"the database {name} cannot be created: {error.orig}") from error
    finally:
        await engine.dispose()
    return named.set(database=name).render_as_string(hide_password=False)
