"""No match is undone without people or a return; no money is taken without its order."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261129_03"
down_revision = "20261128_09"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261129_03_orders_and_returns"
    text = (folder / "01_orders_and_returns.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
