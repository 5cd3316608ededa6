"""Every published payload is read as its row says, or refused for the reason its row gives."""

import json

import pytest

from bank_adapters.vietqr import Fault, Method, VietQr, VietQrError, decode
from bank_adapters.vietqr.fields import Field, read_fields
from bank_adapters.vietqr.layout import METHOD_CODES, crc_of
from tests.bank_adapters.published import vietqr_vectors

ROWS = 81
CRC_FIELD_LENGTH = 8

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
# What else than a nested service is wrong with a row once it has the CRC that the row asks for.
STILL_WRONG = {
    "qr063": Fault.CURRENCY,
    "qr064": Fault.COUNTRY,
    "qr070": Fault.CRC_FORM,
    "qr071": Fault.CRC_FORM,
    "qr072": Fault.CRC_FORM,
}
# Where the column `other_fields` finds its names; `merchant_id` depends on the scheme's tag.
OTHER_FIELDS = {
    "mcc": "52",
    "tip": "55",
    "fee_fixed": "56",
    "fee_pct": "57",
    "name": "59",
    "city": "60",
    "mobile": "62-02",
    "store": "62-03",
    "loyalty": "62-04",
    "reference": "62-05",
    "customer": "62-06",
    "terminal": "62-07",
    "62-09": "62-09",
}
# The rows have no column for the version, the country, the post code and what stands from 64 on:
# the second language and what everyone may use as they like.
WITHOUT_COLUMN = {"00", "58", "61", *map(str, range(64, 100))}


def _row(number: int, *, kind: str) -> dict[str, str]:
    name = f"qr{number:03}"
    row = next(row for row in vietqr_vectors() if row["id"] == name)
    assert row["kind"] == kind
    return row


def _code_of(row: dict[str, str]) -> VietQr:
    return VietQr(
        method=Method(row["method"] or "unstated"),
        guid=row["guid"],
        bank_bin=row["bin"],
        account_number=row["account"],
        service=row["service"],
        amount_minor=int(row["amount"]) if row["amount"] else None,
        purpose=row["purpose_62_08"] or None,
        bill_number=row["bill_62_01"] or None,
    )


def _columns_of(row: dict[str, str]) -> dict[str, str]:
    other = json.loads(row["other_fields"] or "{}")
    account = other.pop("mai_tag", "")
    columns = {
        "01": METHOD_CODES[Method(row["method"])] if row["method"] else "",
        f"{account}-00": row["guid"],
        f"{account}-01": other.pop("merchant_id", ""),
        f"{account}-01-00": row["bin"],
        f"{account}-01-01": row["account"],
        f"{account}-02": row["service"],
        "53": row["currency"],
        "54": row["amount"],
        "62-01": row["bill_62_01"],
        "62-08": row["purpose_62_08"],
    }
    columns |= {OTHER_FIELDS[name]: value for name, value in other.items()}
    return {path: value for path, value in columns.items() if value}


def _leaves_of(field: Field) -> dict[str, str]:
    is_template = field.path in {"26", "38", "38-01", "62"}
    if not is_template:
        return {field.path: field.value}
    return {
        path: value
        for inner in field.read_template().values()
        for path, value in _leaves_of(inner).items()
    }


def _fields_of(payload: str) -> dict[str, str]:
    return {
        path: value
        for tag, field in read_fields(payload[:-CRC_FIELD_LENGTH]).items()
        for path, value in _leaves_of(field).items()
        if tag not in WITHOUT_COLUMN
    }


def test_there_are_no_other_rows() -> None:
    assert [row["id"] for row in vietqr_vectors()] == [f"qr{n:03}" for n in range(1, ROWS + 1)]


def test_every_row_has_the_crc_of_its_content() -> None:
    for row in vietqr_vectors():
        assert crc_of(row["payload"][:-4]) == row["crc_expected"]


@pytest.mark.parametrize("number", range(1, 43))
def test_a_valid_row_is_read_field_by_field(number: int) -> None:
    row = _row(number, kind="valid")
    assert decode(row["payload"]) == _code_of(row)
    assert _fields_of(row["payload"]) == _columns_of(row)
    assert not row["notes"].replace("62-09 present", "")


@pytest.mark.parametrize("number", range(43, 54))
def test_a_malformed_row_is_refused_at_its_place(number: int) -> None:
    row = _row(number, kind="crc-ok-malformed")
    with pytest.raises(VietQrError) as refused:
        decode(row["payload"])
    error = refused.value
    assert (error.fault, error.path, error.position) == MALFORMED[row["id"]]
    if error.fault in {Fault.SERVICE_NESTED, Fault.MISSING}:
        fields = _fields_of(row["payload"])
        assert (error.fault is Fault.SERVICE_NESTED) == ("38-01-02" in fields)
        fields.pop("38-01-02", None)
        assert fields == _columns_of(row)


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


@pytest.mark.parametrize("number", range(54, ROWS + 1))
def test_a_negative_row_with_its_right_crc_says_what_its_row_says(number: int) -> None:
    row = _row(number, kind="negative")
    payload = row["payload"][:-4] + row["crc_expected"]
    if "malformed" not in row["notes"]:
        assert decode(payload) == _code_of(row)
        assert _fields_of(payload) == _columns_of(row)
        return
    with pytest.raises(VietQrError) as refused:
        decode(payload)
    assert refused.value.fault is STILL_WRONG.get(row["id"], Fault.SERVICE_NESTED)
