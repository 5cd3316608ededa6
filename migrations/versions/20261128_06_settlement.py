"""Settlement reports take money back and adjust it; contracts say what a gateway may keep."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261128_06"
down_revision = "20261128_07"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261128_06_settlement"
    text = (folder / "01_settlement.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
