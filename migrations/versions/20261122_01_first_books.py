"""The first books: units, requests, messages, money, statements, matches, journal."""

from importlib import resources
from typing import Any

from alembic import op

revision = "20261122_01"
down_revision = None

SCRIPTS = (
    "01_units_and_tariff",
    "02_people_and_keys",
    "03_requests",
    "04_messages_and_money",
    "05_statements",
    "06_items_and_matches",
    "07_journal",
    "08_runs",
    "09_rights",
)


def upgrade() -> None:
    folder = resources.files("migrations.versions") / "20261122_01_first_books"
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute("SET LOCAL lock_timeout = '3s'"))
    for script in SCRIPTS:
        text = (folder / f"{script}.sql").read_text(encoding="utf-8")
        connection.run_async(lambda driver, text=text: driver.execute(text))
