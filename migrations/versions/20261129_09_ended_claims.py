"""A payment is collected too once an adjustment or a write-off ended the claim for its rest."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261129_09"
down_revision = "20261129_08"

SCRIPTS = ("01_facts",)


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261129_09_ended_claims"
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    for script in SCRIPTS:
        text = (folder / f"{script}.sql").read_text(encoding="utf-8")
        connection.run_async(lambda driver, text=text: driver.execute(text))
