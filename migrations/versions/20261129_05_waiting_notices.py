"""The notices that only a line of the bank settles are found without reading all others."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261129_05"
down_revision = "20261129_04"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261129_05_waiting_notices"
    text = (folder / "01_waiting_notices.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
