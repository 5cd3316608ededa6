"""Rows that come by the thousand are checked once a statement, by rules that stay the same."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261129_08"
down_revision = "20261129_07"

SCRIPTS = ("01_guards", "02_references", "03_indexes")


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261129_08_checks_of_statements"
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    for script in SCRIPTS:
        text = (folder / f"{script}.sql").read_text(encoding="utf-8")
        connection.run_async(lambda driver, text=text: driver.execute(text))
