"""The README's command lines do what it says, in a data folder of their own."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ".venv/bin/payment-service"


def _command_lines() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_the_readme_shows_the_two_make_lines() -> None:
    makes = [line for line in _command_lines() if line.startswith("make ")]
    assert makes == ["make demo", "make test"]


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.slow
def test_the_command_lines_of_the_readme_run(tmp_path: Path) -> None:
    lines = [line for line in _command_lines() if line.startswith(PROGRAM)]
    assert len(lines) >= 5
    kept = {key: text for key, text in os.environ.items() if not key.startswith("PAYMENT_SERVICE")}
    environment = kept | {"PAYMENT_SERVICE_DATA_FOLDER": str(tmp_path / "dữ liệu")}
    program = [sys.executable, "-c", "from payment_service.cli import main; main()"]
    for line in lines:
        words = shlex.split(line.removeprefix(PROGRAM))
        done = subprocess.run(
            [*program, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
