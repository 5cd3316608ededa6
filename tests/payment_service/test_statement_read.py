"""`statement read` as a person at a terminal sees it."""

import json
from pathlib import Path

import pytest

from payment_service.cli import main

EMPTY = ":20:X\n:25:{}\n:60F:C261101VND0,\n:62F:C261101VND{},\n-\n"


def read(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, list[str], str]:
    """Return the exit status, the lines that came out, and the complaint."""
    with pytest.raises(SystemExit) as ended:
        main(("statement", "read", *arguments))
    captured = capsys.readouterr()
    return ended.value.code or 0, captured.out.splitlines(), captured.err


def statement(path: Path, account: str = "113", closing: str = "0") -> str:
    path.write_text(EMPTY.format(account, closing), encoding="utf-8")
    return str(path)


def test_a_file_that_cannot_be_opened_does_not_hide_the_others(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    good, none = statement(tmp_path / "good.sta"), str(tmp_path / "none.sta")
    status, lines, complaint = read(capsys, none, good)
    assert (status, complaint.count("\n")) == (2, 1)
    assert lines == [
        f"{none}: refused: No such file or directory",
        f"{good}: MT940",
        "  113 VND: 0 + 0 − 0 → 0 (0 entries)",
    ]
    status, lines, _ = read(capsys, "--json", none, good)
    assert (status, [json.loads(row)["ok"] for row in lines]) == (2, [False, True])


def test_what_forbids_posting_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = statement(tmp_path / "a.sta", closing="5")
    status, lines, _ = read(capsys, path)
    assert (status, lines[0]) == (0, f"{path}: MT940 (unbalanced)")


def test_what_a_bank_wrote_does_not_steer_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = statement(tmp_path / "a.sta", account="1\x1b[31m\u202e2")
    _, lines, _ = read(capsys, path)
    assert lines[1].startswith(r"  1\x1b[31m\u202e2 VND: 0 ")
