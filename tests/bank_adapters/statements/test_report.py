"""The JSON object of one file, read or refused."""

import json
from dataclasses import replace

from bank_adapters.counterpart.statements import write_mt940
from bank_adapters.statements.report import describe
from tests.bank_adapters.statements.test_totality import STATEMENT


def test_a_file_that_is_read() -> None:
    found = describe("a.sta", [write_mt940(STATEMENT)])
    assert json.loads(json.dumps(found)) == {
        "path": "a.sta",
        "ok": True,
        "format": "MT940",
        "statements": [
            {
                "account": "0031000123456",
                "currency": "VND",
                "opening": "1000",
                "closing": "1500",
                "entries": 2,
                "credit": "500",
                "debit": "0",
                "balanced": True,
            }
        ],
        "flags": [],
    }


def test_a_file_with_flags() -> None:
    unbalanced = write_mt940(replace(STATEMENT, lines=STATEMENT.lines[:1]))
    assert describe("a.sta", [unbalanced])["flags"] == ["unbalanced"]


def test_a_file_that_is_refused() -> None:
    assert describe("a.sta", [b""]) == {"path": "a.sta", "ok": False, "error": "the file is empty"}
