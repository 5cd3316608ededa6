"""People order refunds, hand money over to other units and requests; what is done is compared."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261128_05"
down_revision = "20261128_08"

SCRIPTS = ("01_acts", "02_payer_mappings")


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261128_05_more_resolutions"
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    for script in SCRIPTS:
        text = (folder / f"{script}.sql").read_text(encoding="utf-8")
        connection.run_async(lambda driver, text=text: driver.execute(text))
