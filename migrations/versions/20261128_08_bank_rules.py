"""What the bank books by itself, people can undo."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261128_08"
down_revision = "20261128_04"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261128_08_bank_rules"
    text = (folder / "01_bank_rules.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
