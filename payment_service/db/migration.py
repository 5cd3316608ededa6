"""Brings the schema up to date; runs as the owner of the database, not as the application."""

from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from payment_service.db.database import Database
from payment_service.domain.errors import ConfigurationError


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(resources.files("migrations")))
    configuration.set_main_option("path_separator", "os")
    return configuration


def newest_revision() -> str:
    """Return the revision that this code needs."""
    return ScriptDirectory.from_config(_configuration()).get_current_head() or ""


async def migrate(owner: Database, revision: str = "head") -> None:
    """Run every migration that is missing, in one transaction."""

    def upgrade(connection: Connection) -> None:
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)

    async with owner.transaction() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(7215)"))
        await connection.run_sync(upgrade)


async def require_current_schema(database: Database) -> None:
    """Refuse a database whose schema is older or newer than this code."""
    async with database.read_only() as connection:
        found = (
            await connection.execute(text("SELECT to_regclass('public.alembic_version')"))
        ).scalar_one()
        version = None
        if found is not None:
            version = (
                await connection.execute(
                    text("SELECT string_agg(version_num, ', ') FROM alembic_version")
                )
            ).scalar_one()
    if version != newest_revision():
        raise ConfigurationError(
            f"the schema is at {version or 'nothing'}, this program needs {newest_revision()}: "
            "run `payment-service migrate`"
        )
