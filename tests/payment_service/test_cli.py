"""The command line under a hurried hand: one clear line, the right exit status, no traceback."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from bank_adapters.counterpart.statements import write_mt940
from bank_adapters.vocabulary import Balance, Statement
from payment_service.cli import main
from tests.builders import BANK, OPENED_ON, UNIT
from tests.payment_service.bad_arguments import USAGE
from tests.payment_service.use_cases.days import line
from tests.payment_service.use_cases.towns import MONDAY

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
DONE, REFUSED, COULD_NOT_RUN = 0, 1, 2


class Ran(NamedTuple):
    """How a command ended and what it said."""

    status: int
    output: str
    errors: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in this process with these settings and an own data folder."""
    monkeypatch.setenv("PAYMENT_SERVICE_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")

    def execute(*arguments: str, **settings: str) -> Ran:
        for name, value in settings.items():
            monkeypatch.setenv(f"PAYMENT_SERVICE_{name}", value)
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return execute


@pytest.fixture
def on_database(run: Run, database_url: str) -> Run:
    """Run commands over a fresh database."""

    def execute(*arguments: str, **settings: str) -> Ran:
        return run(*arguments, **({"DATABASE_URL": database_url} | settings))

    return execute


def _statement(path: Path, *, balance_minor: int = 10_000, account: str = "1132900001") -> Path:
    content = write_mt940(
        Statement(
            account=account,
            currency="VND",
            exponent=0,
            number="1",
            opening=Balance(amount_minor=0, currency="VND", on=OPENED_ON),
            closing=Balance(amount_minor=balance_minor, currency="VND", on=MONDAY),
            lines=(line(10_000, "tien phi", MONDAY, reference="FT1"),),
        )
    )
    path.write_bytes(content)
    return path


def test_bad_arguments_are_usage(run: Run) -> None:
    for arguments in USAGE:
        ended = run(*arguments.split())
        assert ended.status == COULD_NOT_RUN, arguments
        assert ended.errors.startswith("usage: payment-service"), arguments
        assert ended.output == "", arguments


def test_help_is_help(run: Run) -> None:
    for arguments in ("--help", "statement --help", "statement read --help", "demo --help"):
        assert run(*arguments.split()).status == DONE


def test_reading_says_what_a_file_holds(run: Run, tmp_path: Path) -> None:
    good = _statement(tmp_path / "good.sta")
    unbalanced = _statement(tmp_path / "unbalanced.sta", balance_minor=9_999)
    nothing = tmp_path / "nothing.sta"
    nothing.write_bytes(b"")
    ended = run("statement", "read", str(good))
    assert (ended.status, ended.errors) == (DONE, "")
    assert "1132900001 VND: 0 + 10000 − 0 → 10000 (1 entries)" in ended.output
    ended = run("statement", "read", "--json", str(good), str(unbalanced))
    assert ended.status == DONE
    found = [json.loads(row) for row in ended.output.splitlines()]
    assert [each["flags"] for each in found] == [[], ["unbalanced"]]
    assert [each["statements"][0]["balanced"] for each in found] == [True, False]
    ended = run("statement", "read", "--json", str(good), str(nothing))
    assert ended.status == REFUSED
    found = [json.loads(row) for row in ended.output.splitlines()]
    assert [each["ok"] for each in found] == [True, False]
    assert run("statement", "read", str(nothing)).status == REFUSED


def test_files_that_cannot_be_opened(run: Run, tmp_path: Path) -> None:
    for name in (tmp_path / "not-there.sta", tmp_path, tmp_path / ("x" * 300), "/proc/self/mem"):
        ended = run("statement", "read", str(name))
        assert ended.status == COULD_NOT_RUN, name
        assert re.fullmatch(r"payment-service: [^\n]+\n", ended.errors), name


def test_a_file_name_of_any_bytes(run: Run, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff[bold]\xc4\x91\n.sta")
    _statement(path)
    for options in ((), ("--json",)):
        ended = run("statement", "read", *options, str(path))
        assert ended.status == DONE
        assert "[bold]" in ended.output


def test_what_a_bank_wrote_is_printed_as_it_is(run: Run, tmp_path: Path) -> None:
    path = _statement(tmp_path / "a.sta", account="1:100::smile:[b]ệ")
    assert "1:100::smile:[b]ệ VND" in run("statement", "read", str(path)).output
    ended = run("statement", "read", "--json", str(path))
    assert ended.output.isascii()
    assert json.loads(ended.output)["statements"][0]["account"] == "1:100::smile:[b]ệ"


@pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the sample statements are not beside the checkout"
)
def test_samples_end_as_their_facts_say(run: Run) -> None:
    with (SAMPLES / "FACTS.csv").open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    wanted = {"parse": {DONE}, "flag-unbalanced": {DONE}, "reject": {REFUSED}}
    for fact in facts:
        path = next(SAMPLES.rglob(Path(next(iter(fact.values()))).name))
        ended = run("statement", "read", "--json", str(path))
        assert ended.status in wanted.get(fact["expect"], {DONE, REFUSED}), path
        [row] = ended.output.splitlines()
        assert json.loads(row)["ok"] is (ended.status == DONE), path


def test_what_is_configured_wrong_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for settings in (
        {"DATABSE_URL": "x"},
        {"PORT": "http"},
        {"DATABASE_URL": ""},
        {"DATABASE_URL": "mysql://localhost/x"},
        {"DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:9/x"},
        {"DATABASE_URL": f"postgresql+asyncpg://nobody@/x?host={tmp_path}"},
    ):
        for command in (["doctor"], ["nightly"], ["migrate"], ["clients", "issue", "x"]):
            with pytest.MonkeyPatch.context() as patch:
                for name, value in settings.items():
                    patch.setenv(f"PAYMENT_SERVICE_{name}", value)
                ended = run(*command)
            assert ended.status == COULD_NOT_RUN, (settings, command)
            assert re.fullmatch(r"payment-service: [^\n]+\n", ended.errors), (settings, command)


def test_a_data_folder_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/nowhere")):
        ended = run("doctor", DATA_FOLDER=str(folder))
        assert ended.status == COULD_NOT_RUN
        assert re.fullmatch(r"payment-service: [^\n]+\n", ended.errors), ended.errors


def test_a_unit_set_up_by_hand(on_database: Run, tmp_path: Path) -> None:
    """The commands of a first day, each also a second time by a hurried hand."""
    assert on_database("migrate") == Ran(DONE, "schema is current\n", "")
    people = ("lan:Nguyễn Thị Lan:031190000001", "minh:Trần Văn Minh:031190000002")
    assert on_database("users", "bootstrap", people[0], people[0]).status == REFUSED
    assert on_database("users", "bootstrap", "LAN:Lan:031190000001", people[1]).status == REFUSED
    ended = on_database("users", "bootstrap", *people)
    assert (ended.status, len(ended.output.splitlines())) == (DONE, 2)
    assert on_database("users", "bootstrap", *people).status == REFUSED
    assert on_database("clients", "issue", "Một cửa").status == DONE
    assert on_database("clients", "issue", "Một cửa").status == REFUSED
    key = tmp_path / "key"
    key.write_bytes(b"KMNPQRSTUVWXYZ23456789ABCDEFGHJK")
    nobody = "01a2063d-2440-76f7-a7f8-e9822426219e"
    add = ["endpoints", "add", "vnpay", "--account", nobody, "--merchant", "HP0001"]
    add += ["--algorithm", "hmac-sha512-hex", "--key-file"]
    assert on_database(*add, str(key)).status == REFUSED
    assert on_database(*add, str(tmp_path / "nothing")).status == COULD_NOT_RUN
    contract = ["contracts", "add", "vnpay", "--merchant", "HP0001", "--rate", "0.55"]
    contract += ["--vat", "8", "--citation", "HĐ 12/2026", "--from", "2026-07-01"]
    assert on_database(*contract).status == REFUSED
    good = _statement(tmp_path / "good.sta")
    assert on_database("statement", "import", str(good), "--person", "lan").status == REFUSED
    assert on_database("statement", "import", str(good), "--person", "ai").status == REFUSED
    assert on_database("statement", "import", str(good)).status == REFUSED
    assert on_database("statement", "import", str(tmp_path)).status == COULD_NOT_RUN
    assert on_database("reconcile", "--group", "99999").status == REFUSED
    assert on_database("reconcile", "--group", UNIT, "--dry-run").status == DONE
    assert on_database("explain", "HPFKHONGCO22").status == REFUSED
    assert on_database("explain", nobody).status == REFUSED
    assert on_database("nightly", "--date", "2999-01-01").status == REFUSED
    ended = on_database("nightly")
    assert ended.status == DONE
    assert json.loads(ended.output)["broken_invariants"] == {}
    ended = on_database("doctor")
    assert ended.status == DONE
    assert "wrong" not in ended.output
    assert BANK


def test_another_schema_could_not_run(run: Run, database_url: str) -> None:
    maintenance = re.sub(r"/test_[0-9a-f]+\?", "/template1?", database_url)
    for command in (["doctor"], ["nightly"], ["worker"]):
        ended = run(*command, DATABASE_URL=maintenance)
        assert ended.status == COULD_NOT_RUN
        assert re.fullmatch(r"payment-service: [^\n]*migrate[^\n]*\n", ended.errors)


def test_the_installed_command(tmp_path: Path) -> None:
    """The console script itself: its exit status, its lines, and a reader who goes away."""
    program = Path(sys.executable).with_name("payment-service")
    if not program.is_file():
        pytest.skip("the console script is not installed beside this Python")
    good = _statement(tmp_path / "good.sta")
    command = [str(program), "statement", "read", "--json", str(good), str(tmp_path / "gone")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ended.returncode == COULD_NOT_RUN
    assert [json.loads(line)["ok"] for line in ended.stdout.splitlines()] == [True, False]
    assert re.fullmatch(r"payment-service: [^\n]+gone\n", ended.stderr)
    command = [str(program), "statement", "read", str(good)]
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii"}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=ascii_only)
    assert (ended.returncode, ended.stderr) == (DONE, "")
    assert r"\u2192 10000" in ended.stdout
    many = [str(program), "statement", "read", *[str(good)] * 3_000]
    with subprocess.Popen(
        many, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
