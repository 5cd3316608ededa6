"""What gateways answered when asked about a weakly signed notice; two live keys at most."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261122_02"
down_revision = "20261122_01"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261122_02_status_answers"
    text = (folder / "01_status_answers.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
