"""What an approval lets happen is bound to its act; what is undone is undone exactly."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261128_09"
down_revision = "20261128_03"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261128_09_acts_are_bound"
    text = (folder / "01_acts_are_bound.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
