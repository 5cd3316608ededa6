"""VietQR: published payloads are read as published, ours are read back as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.vietqr import NAPAS_GUID, TO_ACCOUNT, Method, VietQr, VietQrError, decode, encode
from tests.bank_adapters.published import vietqr_vectors

SAMPLE = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
    "530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E"
)
ASCII_LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


def test_the_napas_sample_is_read_and_written_to_the_same_bytes() -> None:
    read = decode(SAMPLE)
    assert read == VietQr(
        method=Method.DYNAMIC,
        guid=NAPAS_GUID,
        bank_bin="970403",
        account_number="0011012345678",
        service=TO_ACCOUNT,
        amount_minor=180_000,
        purpose="thanh toan don hang",
        bill_number="NPS6869",
    )
    written = encode(
        bank_bin="970403",
        account_number="0011012345678",
        amount_minor=180_000,
        purpose="thanh toan don hang",
        bill_number="NPS6869",
    )
    assert written == SAMPLE


def test_an_alphanumeric_virtual_account_is_read() -> None:
    payload = "00020101021138590010A000000727012900069704180115V3CASLRPR13MT760208QRIBFTTA"
    read = decode(payload + "53037045802VN6304ABD7")
    assert (read.account_number, read.method, read.amount_minor) == (
        "V3CASLRPR13MT76",
        Method.STATIC,
        None,
    )


def test_another_scheme_is_read_by_its_guid_and_names_no_account() -> None:
    read = decode(
        "00020101021126280010A0000007750110010531314453037045408210900005802VN5910CELLPHONES"
        "62600312CPSHN ONLINE0517021908061613127850705ONLHN0810CellphoneS63047685"
    )
    assert (read.guid, read.bank_bin, read.account_number) == ("A000000775", "", "")


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (
            (
                "00020101021138570010A00000072701390006970422011301234567890200208QRIBFTTA"
                "53037045802VN6304a3cf"
            ),
            "tag 38.02",
        ),
        (
            (
                "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA"
                "53037045802VN6304F4E5"
            ),
            "tag 38.01",
        ),
        (SAMPLE[:-1] + "F", "the CRC is 2E2F, the content has 2E2E"),
        (SAMPLE[:-4], "tag 63"),
        (SAMPLE.replace("thanh", "thành"), "printable ASCII"),
        ("", "printable ASCII"),
        (SAMPLE * 4, "512"),
    ],
)
def test_wrong_payloads_say_what_is_wrong(payload: str, sentence: str) -> None:
    with pytest.raises(VietQrError, match=sentence):
        decode(payload)


def test_every_published_vector() -> None:
    rows = vietqr_vectors()
    assert {row["kind"] for row in rows} == {"valid", "crc-ok-malformed", "negative"}
    for row in rows:
        if row["kind"] != "valid":
            with pytest.raises(VietQrError):
                decode(row["payload"])
            continue
        assert decode(row["payload"]) == VietQr(
            method=Method(row["method"] or "unstated"),
            guid=row["guid"],
            bank_bin=row["bin"],
            account_number=row["account"],
            service=row["service"],
            amount_minor=int(row["amount"]) if row["amount"] else None,
            purpose=row["purpose_62_08"] or None,
            bill_number=row["bill_62_01"] or None,
        ), row["id"]


@given(
    bank_bin=st.text("0123456789", min_size=6, max_size=6),
    account_number=st.text(ASCII_LETTERS_AND_DIGITS, min_size=1, max_size=19),
    amount_minor=st.none() | st.integers(min_value=1, max_value=10**13 - 1),
    purpose=st.text(PRINTABLE, min_size=1, max_size=25),
    bill_number=st.none() | st.text(ASCII_LETTERS_AND_DIGITS + "-", min_size=1, max_size=25),
)
def test_what_is_written_is_read_back(
    bank_bin: str,
    account_number: str,
    amount_minor: int | None,
    purpose: str,
    bill_number: str | None,
) -> None:
    payload = encode(
        bank_bin=bank_bin,
        account_number=account_number,
        amount_minor=amount_minor,
        purpose=purpose,
        bill_number=bill_number,
    )
    assert payload.isascii()
    assert payload[-4:] == payload[-4:].upper()
    assert decode(payload) == VietQr(
        method=Method.STATIC if amount_minor is None else Method.DYNAMIC,
        guid=NAPAS_GUID,
        bank_bin=bank_bin,
        account_number=account_number,
        service=TO_ACCOUNT,
        amount_minor=amount_minor,
        purpose=purpose,
        bill_number=bill_number,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "x" * 26},
        {"purpose": "nộp phí"},
        {"purpose": "phi 🙂"},
        {"purpose": ""},
        {"amount_minor": 0},
        {"amount_minor": -1},
        {"amount_minor": True},
        {"amount_minor": 10**13},
        {"bank_bin": "97043"},
        {"bank_bin": "97043６"},
        {"account_number": ""},
        {"account_number": "1" * 20},
        {"account_number": "12 34"},
        {"bill_number": ""},
        {"bill_number": "x" * 26},
    ],
)
def test_values_that_do_not_fit_are_refused(change: dict[str, str | int]) -> None:
    values: dict[str, str | int] = {
        "bank_bin": "970403",
        "account_number": "0011012345678",
        "amount_minor": 5000,
        "purpose": "HPF",
    }
    with pytest.raises(VietQrError):
        encode(**(values | change))  # type: ignore[arg-type]  # wrong values are the point


@given(st.text(max_size=120))
def test_no_text_ends_in_another_error(text: str) -> None:
    with pytest.raises(VietQrError):
        decode(text)


@given(st.integers(min_value=0, max_value=len(SAMPLE) - 1), PRINTABLE)
def test_one_changed_character_never_passes(position: int, character: str) -> None:
    changed = SAMPLE[:position] + character + SAMPLE[position + 1 :]
    if changed.upper() != SAMPLE.upper():
        with pytest.raises(VietQrError):
            decode(changed)
