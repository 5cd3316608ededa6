"""Finds the files of the project and reads them once; knows no rule."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bank_adapters", "reconciliation", "payment_service", "migrations")
_GENERATED = frozenset({"__pycache__", "build", "var"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One Python file: its path from the root of the project, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, text: str) -> "Source":
        """Parse the text of a file."""
        return cls(path=path, text=text, tree=ast.parse(text, filename=path))


def _listed_by_git() -> list[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [name for name in answer.stdout.decode().split("\0") if name]


def _is_generated(part: str) -> bool:
    return part in _GENERATED or part.endswith(".egg-info") or part in {".git", ".venv"}


@cache
def project_paths() -> tuple[str, ...]:
    """List every file that is or would be committed; without git, every file not generated."""
    names = _listed_by_git() or [
        path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()
    ]
    kept = [name for name in names if not any(_is_generated(part) for part in name.split("/"))]
    return tuple(sorted({name for name in kept if (ROOT / name).is_file()}))


@cache
def sources() -> tuple[Source, ...]:
    """Parse every Python file of the project."""
    return tuple(
        Source.of(name, (ROOT / name).read_text(encoding="utf-8"))
        for name in project_paths()
        if name.endswith(".py")
    )


def text_of(name: str) -> str:
    """Read a file of the project; a binary file reads as empty."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
