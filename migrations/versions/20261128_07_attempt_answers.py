"""What gateways answered to attempts is kept."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261128_07"
down_revision = "20261128_05"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261128_07_attempt_answers"
    text = (folder / "01_attempt_answers.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
