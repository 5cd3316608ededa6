"""The payment platform's replies and codes, exact to the byte and in both languages."""

import json

import pytest

from bank_adapters.contract import Outcome
from bank_adapters.gateways.npsp_codes import (
    ERROR_CODES,
    TRANSACTION_STATUSES,
    UNKNOWN_CODE,
    explain,
)
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.gateways.test_npsp import BODY, KEYS, NPSP, OTHER_SIDE, RESULTS
from tests.bank_adapters.keys import post


@pytest.mark.parametrize(
    ("outcome", "code", "text"),
    [
        (Outcome.RECORDED, "00", "Thành công"),
        (Outcome.ALREADY_RECORDED, "00", "Thành công"),
        (Outcome.ALREADY_COVERED, "00", "Thành công"),
        (Outcome.AMOUNT_DIFFERS, "00", "Thành công"),
        (Outcome.UNKNOWN_REFERENCE, "99", "Các lỗi khác"),
        (Outcome.OTHER_MERCHANT, "99", "Các lỗi khác"),
        (Outcome.UNCONFIRMED, "99", "Các lỗi khác"),
        (Outcome.REJECTED, "99", "Các lỗi khác"),
        (Outcome.UNREADABLE, "99", "Các lỗi khác"),
        (Outcome.RETRY_LATER, "99", "Các lỗi khác"),
    ],
)
def test_replies_are_exact(outcome: Outcome, code: str, text: str) -> None:
    reply = NPSP.reply(post(json.dumps(BODY).encode()), outcome, KEYS)
    assert (reply.status, reply.content_type) == (200, "application/json")
    assert list(json.loads(reply.body).items()) == [
        ("MaLoi", code),
        ("MoTaLoi", text),
        ("MaDoiTac", "HPG"),
        ("MaThamChieu", "HPFX3F3CZ7GCF"),
        ("ThoiGianGD", "20261122163045"),
        ("MaXacThuc", BODY["MaXacThuc"]),
    ]
    bare = json.loads(NPSP.acknowledge(outcome).body)
    assert bare == dict.fromkeys(bare, "") | {"MaLoi": code, "MoTaLoi": text}


def test_every_code_has_two_sentences_and_unknown_ones_are_unknown() -> None:
    for row in (*ERROR_CODES.values(), *TRANSACTION_STATUSES.values(), UNKNOWN_CODE):
        assert row.vietnamese.endswith(".")
        assert not row.vietnamese.isascii()
        assert row.english.endswith(".")
    for result in RESULTS:
        assert explain(OTHER_SIDE.result_code(result)).result is result
    with pytest.raises(ValueError, match="pending"):
        OTHER_SIDE.result_code(NoticeResult.PENDING)


@pytest.mark.parametrize(
    ("result_code", "result"),
    [
        ("00", NoticeResult.PAID),
        ("99", NoticeResult.FAILED),
        ("77", NoticeResult.UNKNOWN),
        ("00/1", NoticeResult.PAID),
        ("00/3", NoticeResult.PENDING),
        ("00/4", NoticeResult.FAILED),
        ("00/2", NoticeResult.UNKNOWN),
        ("00/", NoticeResult.UNKNOWN),
        ("99/1", NoticeResult.UNKNOWN),
        ("99/4", NoticeResult.UNKNOWN),
    ],
)
def test_what_the_codes_mean(result_code: str, result: NoticeResult) -> None:
    assert explain(result_code).result is result
