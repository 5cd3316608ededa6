"""Writing: what is written is read back, and what does not fit is refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.vietqr import (
    NAPAS_GUID,
    TO_ACCOUNT,
    Fault,
    Method,
    VietQr,
    VietQrError,
    decode,
    encode,
)

LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
CODES = st.builds(
    VietQr,
    method=st.sampled_from(Method),
    guid=st.just(NAPAS_GUID),
    bank_bin=st.text("0123456789", min_size=6, max_size=6),
    account_number=st.text(LETTERS_AND_DIGITS, min_size=1, max_size=19),
    service=st.just(TO_ACCOUNT),
    amount_minor=st.none() | st.integers(min_value=1, max_value=10**13 - 1),
    purpose=st.none() | st.text(PRINTABLE, min_size=1, max_size=25),
    bill_number=st.none() | st.text(LETTERS_AND_DIGITS + "-", min_size=1, max_size=25),
)


def written(code: VietQr) -> str:
    """Return the payload of a code."""
    return encode(
        bank_bin=code.bank_bin,
        account_number=code.account_number,
        amount_minor=code.amount_minor,
        purpose=code.purpose,
        bill_number=code.bill_number,
        method=code.method,
    )


@pytest.mark.parametrize(
    ("payload", "purpose", "bill_number", "amount_minor", "account"),
    [
        (
            (
                "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
                "530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E"
            ),
            "thanh toan don hang",
            "NPS6869",
            180_000,
            ("970403", "0011012345678"),
        ),
        (
            (
                "00020101021138590010A000000727012900069704180115V3CASLRPR13MT760208QRIBFTTA"
                "53037045802VN6304ABD7"
            ),
            None,
            None,
            None,
            ("970418", "V3CASLRPR13MT76"),
        ),
    ],
)
def test_published_payloads_are_written_to_the_same_bytes(
    payload: str,
    purpose: str | None,
    bill_number: str | None,
    amount_minor: int | None,
    account: tuple[str, str],
) -> None:
    bank_bin, account_number = account
    assert payload == encode(
        bank_bin=bank_bin,
        account_number=account_number,
        amount_minor=amount_minor,
        purpose=purpose,
        bill_number=bill_number,
    )


@given(CODES)
def test_what_is_written_is_read_back(code: VietQr) -> None:
    payload = written(code)
    assert payload.isascii()
    assert payload[-4:] == payload[-4:].upper()
    assert decode(payload) == code


@pytest.mark.parametrize(("amount_minor", "method"), [(None, "static"), (5000, "dynamic")])
def test_an_amount_makes_a_code_dynamic(amount_minor: int | None, method: str) -> None:
    payload = encode(
        bank_bin="970403", account_number="1", amount_minor=amount_minor, purpose="HPF"
    )
    assert decode(payload).method == method


def test_the_longest_values_fit_their_templates() -> None:
    payload = encode(
        bank_bin="970403",
        account_number="A" * 19,
        amount_minor=10**13 - 1,
        purpose="x" * 25,
        bill_number="y" * 25,
    )
    assert "3863" in payload
    assert "6258" in payload
    assert len(payload) == 6 + 6 + 67 + 7 + 17 + 6 + 62 + 8


@given(code=CODES, place=st.integers(min_value=0), byte=st.integers(0, 255))
def test_one_changed_byte_never_reads_as_another_payment(
    code: VietQr, place: int, byte: int
) -> None:
    payload = written(code).encode("ascii")
    place %= len(payload)
    changed = payload[:place] + bytes([byte]) + payload[place + 1 :]
    try:
        read = decode(changed.decode("latin-1"))
    except VietQrError:
        return
    assert read == code


@pytest.mark.parametrize(
    ("change", "fault", "path"),
    [
        ({"purpose": "x" * 26}, Fault.PURPOSE, "62-08"),
        ({"purpose": "nộp phí"}, Fault.PURPOSE, "62-08"),
        ({"purpose": "phi 🙂"}, Fault.PURPOSE, "62-08"),
        ({"purpose": "two\nlines"}, Fault.PURPOSE, "62-08"),
        ({"purpose": ""}, Fault.PURPOSE, "62-08"),
        ({"amount_minor": 0}, Fault.AMOUNT, "54"),
        ({"amount_minor": -1}, Fault.AMOUNT, "54"),
        ({"amount_minor": True}, Fault.AMOUNT, "54"),
        ({"amount_minor": 5000.0}, Fault.AMOUNT, "54"),
        ({"amount_minor": 10**13}, Fault.AMOUNT, "54"),
        ({"amount_minor": 10**5000}, Fault.AMOUNT, "54"),
        ({"bank_bin": "97043"}, Fault.BIN, "38-01-00"),
        ({"bank_bin": "9704031"}, Fault.BIN, "38-01-00"),
        ({"bank_bin": "97043６"}, Fault.BIN, "38-01-00"),
        ({"account_number": ""}, Fault.ACCOUNT, "38-01-01"),
        ({"account_number": "1" * 20}, Fault.ACCOUNT, "38-01-01"),
        ({"account_number": "12 34"}, Fault.ACCOUNT, "38-01-01"),
        ({"account_number": "12Đ4"}, Fault.ACCOUNT, "38-01-01"),
        ({"bill_number": ""}, Fault.BILL_NUMBER, "62-01"),
        ({"bill_number": "x" * 26}, Fault.BILL_NUMBER, "62-01"),
        ({"bill_number": "H24.11"}, Fault.BILL_NUMBER, "62-01"),
    ],
)
def test_values_that_do_not_fit_are_refused(
    change: dict[str, object], fault: Fault, path: str
) -> None:
    values: dict[str, object] = {
        "bank_bin": "970403",
        "account_number": "0011012345678",
        "amount_minor": 5000,
        "purpose": "HPF",
    }
    with pytest.raises(VietQrError) as refused:
        encode(**(values | change))  # type: ignore[arg-type]  # wrong values are the point
    assert (refused.value.fault, refused.value.path) == (fault, path)
