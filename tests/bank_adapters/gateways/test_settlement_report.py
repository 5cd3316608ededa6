"""The settlement report is read whole or refused with the number of the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import (
    Algorithm,
    CallbackRejected,
    StatementUnreadable,
    VerificationKey,
)
from bank_adapters.counterpart.settlement import write_settlement_report
from bank_adapters.gateways.settlement_report import (
    read_settlement_report,
    require_settlement_signature,
    sign_settlement,
)
from bank_adapters.signatures.primitives import hmac_hex
from tests.bank_adapters.channels import channel_keys
from tests.bank_adapters.key_pairs import mirrored, registered

REPORT = b"""\
H|2|HAIPHONG|20261122-1|2026-11-22|VND
D|1|payment|14422574|HPFX3F3CZ7GCF|2026-11-21T09:18:06+07:00|50000|550|55|
D|2|payment|14422575||2026-11-21T09:19:00+07:00|20000|220|22|
D|3|refund|14422580|HPFX3F3CZ7GCF|2026-11-21T17:00:00+07:00|-10000|0|0|14422574
D|4|chargeback|14422590||2026-11-21T18:00:00+07:00|-20000|1100|110|14422575
D|5|adjustment|14422591||2026-11-21T19:00:00+07:00|300|0|0|
T|5|40300|1870|187|38243
"""


def test_a_report_is_read_and_written_to_the_same_bytes() -> None:
    report = read_settlement_report(REPORT)
    assert (report.merchant, report.batch, report.currency) == ("HAIPHONG", "20261122-1", "VND")
    assert [line.gross_minor for line in report.lines] == [50_000, 20_000, -10_000, -20_000, 300]
    assert (report.declared_count, report.net_minor) == (5, 38_243)
    assert report.lines[0].paid_at.isoformat() == "2026-11-21T02:18:06+00:00"
    assert write_settlement_report(report) == REPORT


def test_line_ends_a_byte_order_mark_and_a_missing_last_line_end_do_not_matter() -> None:
    report = read_settlement_report(REPORT)
    assert read_settlement_report(b"\xef\xbb\xbf" + REPORT.replace(b"\n", b"\r\n")) == report
    assert read_settlement_report(REPORT.rstrip(b"\n")) == report


def test_an_empty_day_is_a_report() -> None:
    assert read_settlement_report(b"H|2|M|B|2026-11-22|VND\nT|0|0|0|0|0\n").lines == ()


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (REPORT, b"", "line 1"),
        (REPORT, b"<html><body>502</body></html>", "line 1"),
        (b"H|2", b"H|1", "line 1"),
        (b"|VND", b"|vnd", "line 1"),
        (b"|2026-11-22|", b"|2026-02-30|", "line 1"),
        (b"|2026-11-22|", b"|22/11/2026|", "line 1"),
        (b"HAIPHONG", "HẢI".encode(), "line 1"),
        (b"D|2|", b"D|3|", "line 3"),
        (b"D|2|", b"X|2|", "line 3"),
        (b"|20000|", b"|20000.0|", "line 3"),
        (b"|20000|", b"|+20000|", "line 3"),
        (b"|20000|", b"|020000|", "line 3"),
        (b"|20000|", b"|2_0000|", "line 3"),
        (b"|20000|", b"|-20000|", "line 3"),
        (b"|20000|", b"|0|", "line 3"),
        (b"|20000|", b"||", "line 3"),
        (b"|20000|", "|２0000|".encode(), "line 3"),
        (b"|20000|", b"|" + b"9" * 5000 + b"|", "line 3"),
        (b"|20000|", b"|20000|1|", "line 3"),
        (b"|220|22", b"|-220|22", "line 3"),
        (b"09:19:00+07:00", b"09:19:00+00:00", "line 3"),
        (b"09:19:00", b"09:61:00", "line 3"),
        (b"09:19:00", b"09:19", "line 3"),
        (b"14422575", b"14422574", "line 3: payment 14422574 is already on line 2"),
        (b"14422575", b"1442\xff", "line 3: not UTF-8"),
        (b"|refund|", b"|payment|", "line 4"),
        (b"|refund|", b"|reversal|", "line 4: unknown kind"),
        (b"|-20000|", b"|20000|", "line 5"),
        (b"|300|", b"|0|", "line 6"),
        (b"|220|22|", b"|220|22|14422574", "line 3: a payment takes nothing back"),
        (b"|14422575\nD|5", b"|1442 2575\nD|5", "line 5: no valid original"),
        (b"T|5|", b"T|4|", "line 7: declared 4 lines, found 5"),
        (b"|38243", b"|38242", "line 7: declared a net of 38242"),
        (b"|1870|", b"|1869|", "line 7: the declared sums"),
        (b"T|5|40300|1870|187|38243\n", b"", "line 6"),
        (b"|187|38243\n", b"", "line 7"),
        (b"|38243\n", b"|38243\n\n", "line 8"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(before: bytes, after: bytes, line: str) -> None:
    assert before in REPORT
    with pytest.raises(StatementUnreadable, match=line):
        read_settlement_report(REPORT.replace(before, after, 1))


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_else(data: bytes) -> None:
    with pytest.raises(StatementUnreadable):
        read_settlement_report(data)


@given(st.integers(min_value=0, max_value=len(REPORT) - 2))
def test_a_report_cut_short_anywhere_is_refused(length: int) -> None:
    with pytest.raises(StatementUnreadable):
        read_settlement_report(REPORT[:length])


@pytest.mark.parametrize("code", ["vnpay", "onepay", "npsp", "baokim"])
def test_a_report_is_signed_with_the_key_of_its_gateway(code: str) -> None:
    keys = channel_keys(code)
    held = mirrored() if code == "baokim" else keys[0].material
    signature = sign_settlement(REPORT, held)
    require_settlement_signature(REPORT, signature, keys)
    for content, sent in (
        (REPORT + b"\n", signature), (REPORT, signature[:-1]), (REPORT, b""), (REPORT, None),
    ):  # fmt: skip
        with pytest.raises(CallbackRejected):
            require_settlement_signature(content, sent, keys)


def test_a_report_of_an_rsa_sender_is_not_signed_by_a_shared_text() -> None:
    """What the service holds of such a sender is no secret between the two."""
    key = VerificationKey(key_id="k", algorithm=Algorithm.RSA_SHA1, material=registered())
    for text in (b"a-secret-of-sixteen-or-more", registered(), registered().split(b"-----B")[1]):
        made = hmac_hex(Algorithm.HMAC_SHA512_HEX, REPORT, text).encode()
        with pytest.raises(CallbackRejected):
            require_settlement_signature(REPORT, made, [key])
