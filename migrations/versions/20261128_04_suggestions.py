"""Suggestions are kept with their break; a rule set is what its hash says, for ever."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261128_04"
down_revision = "20261128_02"

SCRIPTS = ("01_suggestions", "02_rule_sets")


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261128_04_suggestions"
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    for script in SCRIPTS:
        text = (folder / f"{script}.sql").read_text(encoding="utf-8")
        connection.run_async(lambda driver, text=text: driver.execute(text))
