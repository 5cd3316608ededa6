"""The import contracts of pyproject.toml are kept, and each of them can be broken."""

import shutil
import subprocess
import sys
from pathlib import Path

from importlinter.api import read_configuration

from tests.architecture.project_files import PACKAGES, ROOT

_LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
_BREACHES = {
    # The file that gets one more import → the import that breaks the contract of that name.
    "packages": ("bank_adapters/money.py", "import reconciliation.schemas"),
    "floors": ("payment_service/db/units.py", "import payment_service.web"),
    "dialects": ("bank_adapters/money.py", "import bank_adapters.registry"),
    "settings": ("payment_service/web/__init__.py", "import payment_service.settings"),
    "counterpart": ("payment_service/use_cases/settle.py", "import bank_adapters.counterpart"),
    "pure": ("reconciliation/schemas.py", "import socket"),
    "words": ("reconciliation/schemas.py", "import bank_adapters.registry"),
    "rules": ("payment_service/domain/journal.py", "import reconciliation.schemas"),
    "use-cases": (
        "payment_service/use_cases/settle.py",
        "import payment_service.use_cases.request_payment",
    ),
    "simulation": ("payment_service/simulation/__init__.py", "import payment_service.db.units"),
    "connections": ("payment_service/use_cases/settle.py", "import httpx"),
    "cluster": ("payment_service/cluster/local_engine.py", "import pyspark"),
    "migrations": ("migrations/env.py", "import payment_service.db.units"),
    "acyclic": (
        "payment_service/domain/chart_of_accounts.py",
        "import payment_service.domain.posting_rules",
    ),
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _LINT, "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _contracts() -> dict[str, str]:
    options = read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]
    return {contract["id"]: contract["name"] for contract in options}


def test_all_contracts_are_kept() -> None:
    answer = _lint(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_contract_can_be_broken(tmp_path: Path) -> None:
    names = _contracts()
    assert names.keys() == _BREACHES.keys()
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in _BREACHES.values():
        with (tmp_path / file).open("a", encoding="utf-8") as breach:
            breach.write(f"\n{line}\n")
    answer = _lint(tmp_path)
    assert answer.returncode == 1, answer.stderr
    text = " ".join(answer.stdout.split())
    assert {key for key, name in names.items() if f"{name} BROKEN" in text} == names.keys()
