"""Surplus is handed over to another unit, too; the order to the bank is bound to it."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261129_04"
down_revision = "20261129_03"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261129_04_surplus_is_handed_over"
    text = (folder / "01_surplus_is_handed_over.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
