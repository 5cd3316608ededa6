"""Every file keeps the rules of the house."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable

import pytest

from tests.architecture.project_files import PACKAGES, ROOT, project_paths, sources, text_of
from tests.architecture.source_rules import RULES, Rule
from tests.architecture.text_rules import (
    decision_breaches,
    foreign_addresses,
    lock_breaches,
    pins,
    unreasoned_waivers,
)

_LOCKS = ("lock/service.txt", "lock/development.txt", "lock/cluster.txt")
_DECISION = re.compile(r"docs/decisions/\d{4}-[a-z0-9-]+\.md")


def _require_none(breaches: Iterable[str]) -> None:
    found = list(breaches)
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_file_keeps_the_rule(rule: Rule) -> None:
    _require_none(breach for source in sources() for breach in rule.breaches(source))


def test_every_waiver_says_which_check_and_why() -> None:
    _require_none(
        f"{source.path}: {waiver}"
        for source in sources()
        for waiver in unreasoned_waivers(source.text)
    )


def test_committed_text_names_no_machine_and_no_registry() -> None:
    _require_none(
        f"{name}: {line}" for name in project_paths() for line in foreign_addresses(text_of(name))
    )


@pytest.mark.parametrize("lock", _LOCKS)
def test_locks_hold_names_versions_and_hashes_only(lock: str) -> None:
    _require_none(lock_breaches(text_of(lock)))


def test_every_lock_installs_the_versions_of_the_others() -> None:
    service, development, cluster = (pins(text_of(lock)) for lock in _LOCKS)
    assert service
    assert service.items() <= development.items()
    assert service.items() <= cluster.items()
    assert all(development.get(name, version) == version for name, version in cluster.items())


def test_locks_hold_every_declared_dependency() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    service = [*project["dependencies"], *extras["embedded"]]
    declared = {
        _LOCKS[0]: service,
        _LOCKS[1]: [*service, *extras["development"]],
        _LOCKS[2]: [*service, *extras["cluster"]],
    }
    for lock, requirements in declared.items():
        names = {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}
        assert names - pins(text_of(lock)).keys() == set()


def test_decisions_are_short_and_name_a_test() -> None:
    records = [name for name in project_paths() if name.startswith("docs/decisions/")]
    assert [name for name in records if not _DECISION.fullmatch(name)] == []
    _require_none(
        f"{name}: {breach}"
        for name in records
        for breach in decision_breaches(
            text_of(name), lambda path: text_of(path) if (ROOT / path).is_file() else ""
        )
    )


def test_every_decision_has_a_number_of_its_own() -> None:
    names = [name for name in project_paths() if name.startswith("docs/decisions/")]
    numbers = Counter(name.removeprefix("docs/decisions/")[:4] for name in names)
    _require_none(number for number, count in numbers.items() if count > 1)


def test_every_package_is_declared_and_every_declared_package_exists() -> None:
    declared = tomllib.loads(text_of("pyproject.toml"))["tool"]["setuptools"]["packages"]
    existing = {
        source.path.removesuffix("/__init__.py").replace("/", ".")
        for source in sources()
        if source.path.endswith("/__init__.py") and source.path.startswith(PACKAGES)
    }
    assert set(declared) == existing


def test_every_folder_of_tests_is_a_package() -> None:
    paths = {source.path for source in sources() if source.path.startswith("tests/")}
    folders = {path.rpartition("/")[0] for path in paths}
    assert {folder for folder in folders if f"{folder}/__init__.py" not in paths} == set()
