"""Bars that show a person how far a play is; they know nothing of what is played."""

from collections.abc import Callable
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def open_progress(console: Console) -> Progress:
    """Return bars with counts and times, one below the other."""
    return Progress(
        TextColumn("{task.description:36}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def shown(bar: Progress, title: str) -> Callable[[int, int], None]:
    """Return what moves a new bar when told how much is done, and of how much."""
    task = bar.add_task(title, total=None)
    return lambda done, total: bar.update(task, completed=done, total=total)


def night_shown(bar: Progress, day: date) -> Callable[[str, int, int], None]:
    """Return what moves one bar for each step of a night."""
    steps: dict[str, Callable[[int, int], None]] = {}

    def show(step: str, done: int, total: int) -> None:
        if step not in steps:
            steps[step] = shown(bar, f"Đêm · Night {day:%d/%m}: {step}")
        steps[step](done, total)

    return show
