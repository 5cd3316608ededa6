"""Each house rule finds a small breach, and lets the right way pass: no rule that cannot fail."""

import pytest

from tests.architecture.project_files import Source
from tests.architecture.source_rules import FILE_LINES_MAX, FUNCTION_STATEMENTS_MAX, RULES
from tests.architecture.text_rules import (
    DECISION_LINES_MAX,
    decision_breaches,
    foreign_addresses,
    lock_breaches,
    pins,
    unreasoned_waivers,
)

_LONG_FUNCTION = "def f():\n" + "    a = 1\n" * (FUNCTION_STATEMENTS_MAX + 1)
_LONG_FILE = "a = 1\n" * (FILE_LINES_MAX + 1)
_SILENT = "class Colour(StrEnum):\n    RED = 'r'\n    BLUE = 'b'\n    '''Like the sea.'''\n"
_TELLING = "class Colour(enum.Enum):\n    BLUE = 'b'\n    '''Like the sea.'''\n"
_CLOCK = "only composition reads the clock"
_ENVIRONMENT = "only settings reads the environment"
_FLOAT = "nothing is converted to float"
_FRACTION = "no binary fractions near money"
_COMMIT = "only the database file begins and commits"
_PROOF = "proofs are compared in constant time"
_NAMES = "public names are explained"
_MODULES = "modules are explained"
_ENUMS = "enum members carry a sentence"
_SQL = "SQL lives with the records and the passes"
_VAGUE = "names say something"
_USE_CASE = "payment_service/use_cases/pay.py"
_ADAPTER = "bank_adapters/banks/one.py"

BREACHES = [
    (_CLOCK, _USE_CASE, "datetime.now(UTC)"),
    (_CLOCK, _USE_CASE, "datetime.datetime.utcnow()"),
    (_CLOCK, _USE_CASE, "date.today()"),
    (_CLOCK, _USE_CASE, "clock = time.time"),
    (_CLOCK, _USE_CASE, "from time import time_ns"),
    (_ENVIRONMENT, "payment_service/app.py", "os.environ['A']"),
    (_ENVIRONMENT, "payment_service/app.py", "os.getenv('A')"),
    (_ENVIRONMENT, "payment_service/app.py", "from os import environ"),
    (_FLOAT, "payment_service/web/api/x.py", "amount = float('1.5')"),
    (_FRACTION, "reconciliation/x.py", "share = 0.5"),
    (_FRACTION, "payment_service/db/money.py", "share = -1e3"),
    (_COMMIT, _USE_CASE, "connection.commit()"),
    (_COMMIT, "payment_service/db/money.py", "engine.begin()"),
    (_PROOF, _ADAPTER, "signature == expected"),
    (_PROOF, _ADAPTER, "given != mac.hexdigest()"),
    (_PROOF, _ADAPTER, "message.signature_hex != wanted"),
    ("files are short", _USE_CASE, _LONG_FILE),
    ("functions are short", _USE_CASE, _LONG_FUNCTION),
    (_NAMES, _USE_CASE, "def pay():\n    pass\n"),
    (_NAMES, _USE_CASE, "class Payment:\n    '''One.'''\n    def pay(self): pass\n"),
    (_MODULES, "tests/test_x.py", "a = 1"),
    (_ENUMS, _USE_CASE, _SILENT),
    (_SQL, _USE_CASE, "text('SELECT 1 FROM money')"),
    (_SQL, _USE_CASE, "f'''\n  UPDATE {table} SET a = 1'''"),
    (_SQL, "payment_service/web/api/x.py", "'WITH due AS (SELECT 1) SELECT 2'"),
    (_VAGUE, "bank_adapters/utils.py", ""),
    (_VAGUE, "payment_service/common/words.py", ""),
]
RIGHT_WAYS = [
    (_CLOCK, "payment_service/composition.py", "datetime.now(UTC)"),
    (_CLOCK, _USE_CASE, "context.clock(); datetime.fromisoformat(a); time.monotonic(); time(8, 0)"),
    (_ENVIRONMENT, "payment_service/settings.py", "os.environ['A']"),
    (_ENVIRONMENT, "payment_service/db/embedded.py", "os.kill(1, 2)"),
    (_FLOAT, _USE_CASE, "isinstance(a, float); Decimal('1.5')"),
    (_FRACTION, "payment_service/db/embedded.py", "WAIT_SECONDS = 0.5"),
    (_FRACTION, "payment_service/worker.py", "WAIT_SECONDS = 0.5"),
    (_COMMIT, "payment_service/db/database.py", "engine.begin()"),
    (_PROOF, _ADAPTER, "hmac.compare_digest(signature, expected); item.tag == END; a.tag == '61'"),
    ("files are short", _USE_CASE, "a = 1\n" * FILE_LINES_MAX),
    ("functions are short", _USE_CASE, "def f():\n" + "    a = 1\n" * FUNCTION_STATEMENTS_MAX),
    (_NAMES, _USE_CASE, "def _pay(): pass\nclass A:\n    '''B.'''\n    def __len__(self): pass\n"),
    (_MODULES, _USE_CASE, "'''Pays.'''"),
    (_ENUMS, _USE_CASE, _TELLING),
    (_SQL, "payment_service/db/money.py", "'SELECT 1 FROM money'"),
    (_SQL, _USE_CASE, "'Update the screen'; 'DELETE'; 'SELECTED rows'"),
    (_VAGUE, "payment_service/web/pages.py", ""),
]


def _breaches(name: str, path: str, text: str) -> list[str]:
    (rule,) = [rule for rule in RULES if rule.name == name]
    return rule.breaches(Source.of(path, text))


@pytest.mark.parametrize(("name", "path", "text"), BREACHES, ids=[name for name, _, _ in BREACHES])
def test_a_breach_is_found(name: str, path: str, text: str) -> None:
    assert _breaches(name, path, text)


@pytest.mark.parametrize(
    ("name", "path", "text"), RIGHT_WAYS, ids=[name for name, _, _ in RIGHT_WAYS]
)
def test_the_right_way_passes(name: str, path: str, text: str) -> None:
    assert _breaches(name, path, text) == []


def test_every_rule_is_shown_to_fail_and_to_pass() -> None:
    names = {rule.name for rule in RULES}
    assert names == {name for name, _, _ in BREACHES} == {name for name, _, _ in RIGHT_WAYS}


@pytest.mark.parametrize(
    "comment",
    [
        "no" + "qa",
        "no" + "qa: E501",
        "no" + "qa: E501 S608",
        "no" + "qa: E501 -",
        "type: " + "ignore",
        "type: " + "ignore[arg-type]",
        "ruff: no" + "qa: E501",
    ],
)
def test_a_waiver_without_a_reason_is_found(comment: str) -> None:
    assert list(unreasoned_waivers(f"a = 1  # {comment}\n"))


@pytest.mark.parametrize(
    "comment",
    [
        "noqa: E501 - an address",
        "noqa: E501, S608  constants of this file",
        "noqa: E501 # URL",
        "type: ignore[arg-type]  # the driver is untyped",
        "Why this is so.",
    ],
)
def test_a_waiver_with_a_reason_passes(comment: str) -> None:
    assert list(unreasoned_waivers(f"a = '# no' 'qa'  # {comment}\n")) == []


@pytest.mark.parametrize(
    "line",
    [
        "cd /" + "home/lan/project",
        "path=/" + "work/x",
        "file:///" + "Users/lan",
        "'/" + "tmp/a'",
        "https://" + "pypi" + ".org/simple",
        "FILES.python" + "hosted.org",
        "registry.npm" + "js.org",
    ],
)
def test_a_foreign_address_is_found(line: str) -> None:
    assert list(foreign_addresses(f"one\n{line}\n")) == [f"line 2: {line}"]


@pytest.mark.parametrize(
    "line",
    [
        "/usr/bin/chromium",
        "https://example.vn/home/page",
        "./{}/x".format("work"),
        "and/or",
        "$(mktemp)/{}/x".format("work"),
    ],
)
def test_an_address_of_everybody_passes(line: str) -> None:
    assert list(foreign_addresses(line)) == []


_HASH = "    --hash=sha256:" + "0f" * 32
_PIN = f"babel==2.18.0 \\\n{_HASH}\n"


@pytest.mark.parametrize(
    "lines",
    [
        "babel>=2.18 \\\n" + _HASH,
        "babel==2.18.0",
        "babel==2.18.0 \\",
        "babel==2.18.0 \\\n\n",
        f"{_PIN}--index-" + "url https://example.vn/simple",
        "babel @ file:/" + "/here/babel.whl",
        f"{_PIN}# from https://example.vn/simple",
        _HASH.replace("0f", "0x"),
    ],
)
def test_a_lock_that_says_more_or_less_is_found(lines: str) -> None:
    assert list(lock_breaches(lines))


def test_a_lock_of_names_versions_and_hashes_passes() -> None:
    marked = f'uvloop==0.23.0 ; sys_platform != "win32" \\\n{_HASH} \\\n{_HASH}\n    # via x\n'
    assert list(lock_breaches(_PIN + marked)) == []
    assert pins(_PIN + marked) == {"babel": "2.18.0", "uvloop": "0.23.0"}


_FILES = {"tests/test_a.py": "def test_b(): ..."}


@pytest.mark.parametrize(
    "record",
    [
        "Held by nothing.",
        "tests/test_z.py",
        "tests/test_a.py::test_z",
        "tests/test_a.py\n" + "why\n" * DECISION_LINES_MAX,
    ],
)
def test_a_decision_that_nothing_holds_is_found(record: str) -> None:
    assert list(decision_breaches(record, lambda path: _FILES.get(path, "")))


@pytest.mark.parametrize("record", ["tests/test_a.py", "`tests/test_a.py::test_b` holds it."])
def test_a_decision_that_a_test_holds_passes(record: str) -> None:
    assert list(decision_breaches(record, lambda path: _FILES.get(path, ""))) == []
