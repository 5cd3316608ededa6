"""Compares what the service found out with what really happened: matches, labels and breaks.

A match is right when the line went where the truth says, wrong when it went anywhere else; recall
counts the lines that a perfect reader could have matched.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from payment_service.simulation.lives import TrueLife, TrueLine, Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBreak:
    """An open break with every name by which a life could know it."""

    code: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What the service says at the end.

    `matches`: bank reference → where the line went; a line that waits is absent. `labels`: request
    → label.
    """

    matches: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]
    breaks: Sequence[OpenBreak]


@dataclass(slots=True, kw_only=True)
class ScenarioScore:
    """How one scenario went."""

    lines: int = 0
    readable: int = 0
    right: int = 0
    right_readable: int = 0
    wrong: int = 0
    lives: int = 0
    ended_as_expected: int = 0


@dataclass(slots=True, kw_only=True)
class Score:
    """How a simulation went, by scenario, with a sentence for everything that was not expected."""

    scenarios: dict[str, ScenarioScore]
    total: ScenarioScore
    surprises: list[str] = field(default_factory=list)

    @property
    def is_perfect(self) -> bool:
        """Whether nothing was matched wrongly and every life ended as it should."""
        return self.total.wrong == 0 and not self.surprises


def parts_of_hundred(part: int, whole: int) -> str:
    """Return a share as text with two decimals, cut and never rounded up; a dash for no whole."""
    if not whole:
        return "–"
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d} %"


def score(truth: Truth, observed: Observed) -> Score:
    """Return the score of a simulation."""
    scenarios: defaultdict[str, ScenarioScore] = defaultdict(ScenarioScore)
    result = Score(scenarios=scenarios, total=ScenarioScore())
    for line in truth.lines:
        found = observed.matches.get(line.bank_reference, frozenset())
        for each in (scenarios[line.scenario], result.total):
            _count(each, line, found)
        if found and line.goes_to not in found:
            result.surprises.append(
                f"{line.scenario}: line {line.bank_reference} went to {sorted(found)}, "
                f"it was for {line.goes_to or 'nobody'}"
            )
    open_codes, strangers = _breaks_by_life(truth.lives, observed.breaks)
    result.surprises += [
        f"an open {each.code} belongs to no life: {sorted(each.names)}" for each in strangers
    ]
    for life in truth.lives:
        problems = list(_problems(life, observed.labels, open_codes[life.life]))
        result.surprises += problems
        for each in (scenarios[life.scenario], result.total):
            each.lives += 1
            each.ended_as_expected += not problems
    result.scenarios = dict(sorted(scenarios.items()))
    return result


def _count(row: ScenarioScore, line: TrueLine, found: frozenset[str]) -> None:
    is_right = bool(line.goes_to) and line.goes_to in found
    row.lines += 1
    row.readable += line.is_readable
    row.right += is_right
    row.right_readable += is_right and line.is_readable
    row.wrong += bool(found) and not is_right


def _breaks_by_life(
    lives: Iterable[TrueLife], breaks: Sequence[OpenBreak]
) -> tuple[defaultdict[str, Counter[str]], list[OpenBreak]]:
    owners = {name: life.life for life in lives for name in life.names}
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    strangers = []
    for each in breaks:
        known = {owners[name] for name in each.names if name in owners}
        if len(known) == 1:
            found[known.pop()][each.code] += 1
        else:
            strangers.append(each)
    return found, strangers


def _problems(life: TrueLife, labels: Mapping[str, str], found: Counter[str]) -> Iterable[str]:
    where = f"{life.scenario} (life {life.life}, unit {life.unit_code})"
    for asked in life.requests:
        label = labels.get(asked.request_id, "unknown")
        if label != life.label:
            yield f"{where}: {asked.reference} is {label}, expected {life.label}"
    if found != Counter(life.breaks):
        yield f"{where}: open breaks {sorted(found.elements())}, expected {sorted(life.breaks)}"
