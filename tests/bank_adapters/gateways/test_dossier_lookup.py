"""The portal's question what is payable: three answers that nobody can confuse."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import NoticeUnreadable
from bank_adapters.gateways.dossier_lookup import (
    read_dossier_question,
    write_nothing_payable,
    write_payable,
    write_unknown_dossier,
)
from bank_adapters.gateways.receipt_block import receipt_block
from bank_adapters.outgoing import RequestRefused
from tests.bank_adapters.gateways.portal import ORDER
from tests.bank_adapters.keys import NOW


def test_the_three_answers_are_distinct() -> None:
    payable = json.loads(write_payable("HPG", ORDER, NOW))
    assert (payable["error_code"], type(payable["message"])) == (1, dict)
    assert write_nothing_payable() == b'{"error_code":0,"message":[]}'
    assert write_unknown_dossier() == b'{"error_code":-1,"message":[]}'


def test_what_is_payable_is_told_under_the_reference_that_will_be_notified() -> None:
    message = json.loads(write_payable("HPG", ORDER, NOW))["message"]
    assert message == receipt_block(ORDER) | {
        "transaction_id": "HPFX3F3CZ7GCF",
        "client_id": "HPG",
        "MaTraCuuTT": "H24.11-261122-000120261122163045",
        "NgayQD": "20261122",
    }


def test_an_incomplete_block_is_not_told() -> None:
    bare = replace(ORDER, beneficiary=replace(ORDER.beneficiary, account_number=""))
    with pytest.raises(RequestRefused, match="TKThuHuong"):
        write_payable("HPG", bare, NOW)


@given(st.from_regex(r"[A-Za-z0-9._/-]{1,60}", fullmatch=True))
def test_a_question_is_read(dossier_code: str) -> None:
    body = json.dumps({"MaHoSo": dossier_code, "x": 1}).encode()
    assert read_dossier_question(body) == dossier_code


@given(st.binary(max_size=99))
def test_random_questions_are_unreadable(body: bytes) -> None:
    with pytest.raises(NoticeUnreadable):
        read_dossier_question(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"MaHoSo":""}',
        b'{"MaHoSo":5}',
        b'{"MaHoSo":"a b"}',
        b'{"MaHoSo":"' + b"1" * 61 + b'"}',
        b'{"MaHoSo":"H24","MaHoSo":"H25"}',
        b'{"MaHoSo":"H24"}' + b" " * 65_536,
        b"[" * 60_000,
    ],
)
def test_questions_that_break_the_contract_are_unreadable(body: bytes) -> None:
    with pytest.raises(NoticeUnreadable):
        read_dossier_question(body)
