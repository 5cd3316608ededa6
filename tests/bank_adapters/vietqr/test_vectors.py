"""Every published payload is read as its row says, or refused for the reason its row gives."""

import pytest

from bank_adapters.vietqr import Fault, Method, VietQr, VietQrError, decode
from tests.bank_adapters.published import vietqr_vectors

ROWS = 81

# Rows whose CRC is right and whose structure is not: the fault, the tags, the character.
MALFORMED = {
    "qr043": (Fault.SERVICE_NESTED, "38-01-02", 62),
    "qr044": (Fault.LENGTH, "38-01-01", 45),
    "qr045": (Fault.SERVICE_NESTED, "38-01-02", 62),
    "qr046": (Fault.SERVICE_NESTED, "38-01-02", 62),
    "qr047": (Fault.SERVICE_NESTED, "38-01-02", 62),
    "qr048": (Fault.SERVICE_NESTED, "38-01-02", 62),
    "qr049": (Fault.EMPTY_FIELD, "62", 95),
    "qr050": (Fault.SERVICE_NESTED, "38-01-02", 62),
    "qr051": (Fault.MISSING, "53", None),
    "qr052": (Fault.MISSING, "58", None),
    "qr053": (Fault.SERVICE_NESTED, "38-01-02", 64),
}


def _row(number: int, *, kind: str) -> dict[str, str]:
    name = f"qr{number:03}"
    row = next(row for row in vietqr_vectors() if row["id"] == name)
    assert row["kind"] == kind
    return row


def test_there_are_no_other_rows() -> None:
    assert [row["id"] for row in vietqr_vectors()] == [f"qr{n:03}" for n in range(1, ROWS + 1)]


@pytest.mark.parametrize("number", range(1, 43))
def test_a_valid_row_is_read_field_by_field(number: int) -> None:
    row = _row(number, kind="valid")
    assert decode(row["payload"]) == VietQr(
        method=Method(row["method"] or "unstated"),
        guid=row["guid"],
        bank_bin=row["bin"],
        account_number=row["account"],
        service=row["service"],
        amount_minor=int(row["amount"]) if row["amount"] else None,
        purpose=row["purpose_62_08"] or None,
        bill_number=row["bill_62_01"] or None,
    )


@pytest.mark.parametrize("number", range(43, 54))
def test_a_malformed_row_is_refused_at_its_place(number: int) -> None:
    row = _row(number, kind="crc-ok-malformed")
    with pytest.raises(VietQrError) as refused:
        decode(row["payload"])
    error = refused.value
    assert (error.fault, error.path, error.position) == MALFORMED[row["id"]]


@pytest.mark.parametrize("number", range(54, ROWS + 1))
def test_a_negative_row_is_refused_for_its_crc(number: int) -> None:
    row = _row(number, kind="negative")
    with pytest.raises(VietQrError) as refused:
        decode(row["payload"])
    error = refused.value
    # One row is a length of 05 before four digits, two a length of 02: no CRC field at all.
    has_form = "XXXX" not in row["payload"] and row["id"] not in {"qr070", "qr071", "qr072"}
    assert error.fault is (Fault.CRC_WRONG if has_form else Fault.CRC_FORM)
    assert error.path == "63"
    if has_form:
        assert f"the content has {row['crc_expected']}" in str(error)
