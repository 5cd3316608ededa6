"""Payers are found by their account."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261128_02"
down_revision = "20261128_01"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261128_02_payer_accounts"
    text = (folder / "01_payer_accounts.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
