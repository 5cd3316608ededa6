"""What people do about breaks: asked by one, approved by another, written down as it was seen."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261128_01"
down_revision = "20261122_02"

SCRIPTS = ("01_resolutions", "02_facts")


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261128_01_resolutions"
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    for script in SCRIPTS:
        text = (folder / f"{script}.sql").read_text(encoding="utf-8")
        connection.run_async(lambda driver, text=text: driver.execute(text))
