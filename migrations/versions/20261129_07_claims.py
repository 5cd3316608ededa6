"""What a gateway owes beside its payouts are claims: people settle them or write them off."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261129_07"
down_revision = "20261129_06"

SCRIPTS = ("01_acts", "02_claims", "03_facts")


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261129_07_claims"
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    for script in SCRIPTS:
        text = (folder / f"{script}.sql").read_text(encoding="utf-8")
        connection.run_async(lambda driver, text=text: driver.execute(text))
