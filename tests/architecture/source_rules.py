"""The rules for Python source that no linter knows: each says where it holds and what breaks it.

A finder yields `line: sentence` for every breach; it reads only the tree and text it is given.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.architecture.project_files import PACKAGES, Source

FILE_LINES_MAX = 300
FUNCTION_STATEMENTS_MAX = 50
_CLOCKS = {"datetime": {"now", "utcnow", "today"}, "date": {"today"}, "time": {"time", "time_ns"}}
_ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}
_SECRETS = {"signature", "signatures", "digest", "hexdigest", "hmac", "mac", "tag"}
_TRANSACTIONS = {"begin", "begin_nested", "commit"}
_SQL = re.compile(r"\s*(SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|WITH)\s")
_ENUMS = {"Enum", "Flag", "IntEnum", "IntFlag", "StrEnum"}
_VAGUE = {"common", "helper", "helpers", "manager", "managers", "misc", "service", "services"}
_VAGUE |= {"util", "utils"}

Finding = Iterator[tuple[int, str]]
AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the house: the paths where it holds, and how a breach is found."""

    name: str
    inside: tuple[str, ...]
    outside: tuple[str, ...] = ()
    find: Callable[[Source], Finding]

    def breaches(self, source: Source) -> list[str]:
        """Describe every breach in one file; none where the rule does not hold."""
        if not source.path.startswith(self.inside) or source.path.startswith(self.outside):
            return []
        return [f"{source.path}:{line}: {sentence}" for line, sentence in self.find(source)]


def _last_name(node: ast.expr) -> str:
    """Return the last name of `a.b.c`, of a call of it, or of an item of it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner) | ast.Await(value=inner):
            return _last_name(inner)
    return ""


def _taken_from(tree: ast.Module, module: str, names: set[str]) -> Finding:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == module:
            for alias in node.names:
                if alias.name in names:
                    yield node.lineno, f"takes {alias.name} from {module}"


def find_clock(source: Source) -> Finding:
    """Find what reads the wall clock."""
    yield from _taken_from(source.tree, "time", _CLOCKS["time"])
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in _CLOCKS.get(
            _last_name(node.value), set()
        ):
            yield node.lineno, f"reads the clock by {ast.unparse(node)}"


def find_environment(source: Source) -> Finding:
    """Find what reads or changes the environment."""
    yield from _taken_from(source.tree, "os", _ENVIRONMENT)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in _ENVIRONMENT:
            yield node.lineno, f"touches the environment by {ast.unparse(node)}"


def find_float_call(source: Source) -> Finding:
    """Find conversions to binary fractions."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Name(id="float")):
                yield node.lineno, "calls float()"


def find_float_literal(source: Source) -> Finding:
    """Find binary fractions written out."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno, f"writes the binary fraction {node.value}"


def find_transaction(source: Source) -> Finding:
    """Find what begins or commits a transaction."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in _TRANSACTIONS:
                yield node.lineno, f"calls .{name}()"


def find_open_comparison(source: Source) -> Finding:
    """Find proofs compared by `==`, which tells an attacker how far a guess was right."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Constant) or _last_name(side).isupper() for side in sides):
            continue
        names = {word for side in sides for word in _last_name(side).lower().split("_")}
        if names & _SECRETS and any(isinstance(sign, ast.Eq | ast.NotEq) for sign in node.ops):
            yield node.lineno, "compares a proof by == instead of hmac.compare_digest"


def find_long_file(source: Source) -> Finding:
    """Find files that should be two."""
    lines = len(source.text.splitlines())
    if lines > FILE_LINES_MAX:
        yield lines, f"the file has {lines} lines, more than {FILE_LINES_MAX}"


def find_long_function(source: Source) -> Finding:
    """Find functions that should be two."""
    for node in ast.walk(source.tree):
        if isinstance(node, AnyFunction):
            count = sum(isinstance(inner, ast.stmt) for inner in ast.walk(node)) - 1
            if count > FUNCTION_STATEMENTS_MAX:
                yield node.lineno, f"{node.name} has {count} statements"


def find_missing_docstring(source: Source) -> Finding:
    """Find public classes and functions that do not say what they are for."""
    yield from _undocumented(source.tree)


def _undocumented(owner: ast.Module | ast.ClassDef) -> Finding:
    for node in owner.body:
        if not isinstance(node, AnyFunction | ast.ClassDef) or node.name.startswith("_"):
            continue
        decorations = {_last_name(decoration) for decoration in node.decorator_list}
        if not decorations & {"overload", "override", "setter"} and not ast.get_docstring(node):
            yield node.lineno, f"{node.name} does not say what it is for"
        if isinstance(node, ast.ClassDef):
            yield from _undocumented(node)


def find_missing_module_docstring(source: Source) -> Finding:
    """Find modules that do not say what they are for."""
    if source.tree.body and ast.get_docstring(source.tree) is None:
        yield 1, "the module does not say what it is for"


def find_silent_member(source: Source) -> Finding:
    """Find enum members without a sentence: states and breaks are the glossary."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ClassDef) or not _ENUMS & {_last_name(b) for b in node.bases}:
            continue
        for member, following in zip(node.body, [*node.body[1:], None], strict=True):
            if isinstance(member, ast.Assign) and not _is_sentence(following):
                yield member.lineno, f"{ast.unparse(member.targets[0])} of {node.name} says nothing"


def _is_sentence(node: ast.stmt | None) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


def find_sql(source: Source) -> Finding:
    """Find SQL away from the records."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Constant(value=str(text)) if _SQL.match(text):
                yield node.lineno, "holds SQL"


def find_vague_name(source: Source) -> Finding:
    """Find files and folders whose name says nothing."""
    for part in source.path.removesuffix(".py").split("/"):
        if part in _VAGUE:
            yield 1, f"the name {part} says nothing"


_EMBEDDED = "payment_service/db/embedded"
_PURE = ("bank_adapters/", "reconciliation/", "payment_service/domain/")
_PACKAGES = tuple(f"{package}/" for package in PACKAGES)
_PROGRAMS = (*_PACKAGES, "benchmarks/")
_DURATIONS = (_EMBEDDED,)  # seconds of waiting for processes are not money

RULES = (
    Rule(
        name="only composition reads the clock",
        inside=_PACKAGES,
        outside=("payment_service/composition.py",),
        find=find_clock,
    ),
    Rule(
        name="only settings reads the environment",
        inside=_PROGRAMS,
        outside=("payment_service/settings.py",),
        find=find_environment,
    ),
    Rule(name="nothing is converted to float", inside=_PACKAGES, find=find_float_call),
    Rule(
        name="no binary fractions near money",
        inside=(*_PURE, "payment_service/db/", "payment_service/use_cases/"),
        outside=_DURATIONS,
        find=find_float_literal,
    ),
    Rule(
        name="only the database file begins and commits",
        inside=_PACKAGES,
        outside=("payment_service/db/database.py",),
        find=find_transaction,
    ),
    Rule(
        name="proofs are compared in constant time",
        inside=("bank_adapters/",),
        find=find_open_comparison,
    ),
    Rule(name="files are short", inside=("",), find=find_long_file),
    Rule(name="functions are short", inside=("",), find=find_long_function),
    Rule(name="modules are explained", inside=("",), find=find_missing_module_docstring),
    Rule(
        name="public names are explained",
        inside=_PROGRAMS,
        outside=("migrations/versions/",),  # alembic names the functions
        find=find_missing_docstring,
    ),
    Rule(name="enum members carry a sentence", inside=_PACKAGES, find=find_silent_member),
    Rule(
        name="SQL lives with the records and the passes",
        inside=_PROGRAMS,
        outside=("payment_service/db/", "reconciliation/", "migrations/", "benchmarks/"),
        find=find_sql,
    ),
    Rule(name="names say something", inside=("",), find=find_vague_name),
)
