"""A notice after its report is a notice; open breaks are found by their age."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261128_03"
down_revision = "20261128_06"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261128_03_late_notices"
    text = (folder / "01_late_notices.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
