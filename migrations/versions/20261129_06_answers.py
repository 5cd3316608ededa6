"""People answer breaks in which no money is open, and take an answer back."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261129_06"
down_revision = "20261129_05"


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261129_06_answers"
    text = (folder / "01_answers.sql").read_text(encoding="utf-8")
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    connection.run_async(lambda driver: driver.execute(text))
