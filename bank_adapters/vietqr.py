"""VietQR payloads (EMVCo merchant-presented, NAPAS 247): written in ASCII, read strictly.

It knows tags, lengths and the CRC; it knows nothing of banks, fees or images.
"""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bank_adapters.contract import AdapterError

NAPAS_GUID: Final = "A000000727"
TO_ACCOUNT: Final = "QRIBFTTA"
"""The NAPAS service of a transfer to an account; the only one we print."""
PURPOSE_LENGTH_MAX: Final = 25
BILL_NUMBER_LENGTH_MAX: Final = 25
AMOUNT_DIGITS_MAX: Final = 13
PAYLOAD_LENGTH_MAX: Final = 512

_SERVICES: Final = frozenset({TO_ACCOUNT, "QRIBFTTC", "QRPUSH", "QRCASH"})
_BIN: Final = re.compile(r"[0-9]{6}")
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9]{1,19}")
_AMOUNT: Final = re.compile(r"[1-9][0-9]{0,12}")
_PRINTABLE: Final = re.compile(r"[ -~]+")
_BILL_NUMBER: Final = re.compile(r"[A-Za-z0-9-]+")
_HEADER: Final = re.compile(r"[0-9]{4}")
_CRC: Final = re.compile(r"[0-9A-Fa-f]{4}")
_CRC_LENGTH: Final = 8


class VietQrError(AdapterError):
    """The payload, or a value to be put into one, breaks the VietQR layout; the text says where."""


class Method(StrEnum):
    """Whether a code is meant for one payment or for many (tag 01)."""

    STATIC = "static"
    """Reusable: printed once, paid often."""
    DYNAMIC = "dynamic"
    """One-time: printed for one payment."""
    UNSTATED = "unstated"
    """The payload does not say."""


_METHOD_CODES: Final = {Method.STATIC: "11", Method.DYNAMIC: "12"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VietQr:
    """What a payload says; amounts in whole đồng.

    `guid` names the scheme of the merchant account. BIN, account and service are empty unless it is
    NAPAS: VNPAY-QR and other schemes are read, but they name no bank account.
    """

    method: Method
    guid: str
    bank_bin: str
    account_number: str
    service: str
    amount_minor: int | None
    purpose: str | None
    bill_number: str | None


def encode(
    *,
    bank_bin: str,
    account_number: str,
    amount_minor: int | None,
    purpose: str,
    bill_number: str | None = None,
) -> str:
    """Return the payload of a transfer to an account; anything that does not fit raises.

    With an amount the code is dynamic, without one static. Nothing is shortened or folded here: a
    purpose beyond 25 characters or outside printable ASCII is a `VietQrError`.
    """
    _require(_BIN, bank_bin, "the BIN must be 6 digits")
    _require(_ACCOUNT, account_number, "the account must be 1 to 19 letters or digits")
    _require(_PRINTABLE, purpose, "the purpose must be printable ASCII and not empty")
    if len(purpose) > PURPOSE_LENGTH_MAX:
        raise VietQrError(f"the purpose has {len(purpose)} characters, {PURPOSE_LENGTH_MAX} fit")
    if bill_number is not None:
        _require(_BILL_NUMBER, bill_number, "the bill number must be letters, digits or hyphens")
        if len(bill_number) > BILL_NUMBER_LENGTH_MAX:
            raise VietQrError(f"the bill number has more than {BILL_NUMBER_LENGTH_MAX} characters")
    method = Method.STATIC if amount_minor is None else Method.DYNAMIC
    beneficiary = _field("00", bank_bin) + _field("01", account_number)
    account = _field("00", NAPAS_GUID) + _field("01", beneficiary) + _field("02", TO_ACCOUNT)
    bill = "" if bill_number is None else _field("01", bill_number)
    payload = (
        _field("00", "01")
        + _field("01", _METHOD_CODES[method])
        + _field("38", account)
        + _field("53", "704")
        + _amount_field(amount_minor)
        + _field("58", "VN")
        + _field("62", bill + _field("08", purpose))
        + "6304"
    )
    return payload + _crc(payload)


def decode(payload: str) -> VietQr:
    """Read a payload strictly; `VietQrError` names the tag that is wrong.

    A CRC in lower case is accepted. Lengths count ASCII characters; other text is refused because
    the libraries in use disagree on how to count it.
    """
    fields = _read_fields(_without_crc(payload), "payload")
    _require_value(fields, "00", "01")
    _require_value(fields, "53", "704")
    _require_value(fields, "58", "VN")
    if not payload.startswith("000201"):
        raise VietQrError("tag 00 is not the first")
    additional = _read_fields(fields["62"], "tag 62") if "62" in fields else {}
    guid, bank_bin, account_number, service = _read_account(fields)
    return VietQr(
        method=_read_method(fields.get("01")),
        guid=guid,
        bank_bin=bank_bin,
        account_number=account_number,
        service=service,
        amount_minor=_read_amount(fields.get("54")),
        purpose=additional.get("08"),
        bill_number=additional.get("01"),
    )


def _without_crc(payload: str) -> str:
    if len(payload) > PAYLOAD_LENGTH_MAX:
        raise VietQrError(f"the payload has more than {PAYLOAD_LENGTH_MAX} characters")
    _require(_PRINTABLE, payload, "the payload must be printable ASCII and not empty")
    content, crc = payload[:-4], payload[-4:]
    if not content.endswith("6304") or not _CRC.fullmatch(crc):
        raise VietQrError("tag 63: the payload does not end with 6304 and four hexadecimal digits")
    if crc.upper() != _crc(content):
        raise VietQrError(f"tag 63: the CRC is {crc}, the content has {_crc(content)}")
    return payload[:-_CRC_LENGTH]


def _read_account(fields: Mapping[str, str]) -> tuple[str, str, str, str]:
    templates = {
        tag: _read_fields(value, f"tag {tag}")
        for tag, value in fields.items()
        if "26" <= tag <= "51"
    }
    napas = [tag for tag, template in templates.items() if template.get("00") == NAPAS_GUID]
    if not napas:
        return next((template.get("00", "") for template in templates.values()), ""), "", "", ""
    if len(napas) > 1:
        raise VietQrError(f"tags {' and '.join(napas)} both name a NAPAS account")
    tag, template = napas[0], templates[napas[0]]
    if template.get("02") not in _SERVICES:
        raise VietQrError(f"tag {tag}.02: no known service, found {template.get('02')!r}")
    beneficiary = _read_fields(template.get("01", ""), f"tag {tag}.01")
    if set(beneficiary) != {"00", "01"}:
        raise VietQrError(f"tag {tag}.01: must hold 00 and 01 only, holds {sorted(beneficiary)}")
    _require(_BIN, beneficiary["00"], f"tag {tag}.01.00: the BIN must be 6 digits")
    _require(_ACCOUNT, beneficiary["01"], f"tag {tag}.01.01: not 1 to 19 letters or digits")
    return NAPAS_GUID, beneficiary["00"], beneficiary["01"], template["02"]


def _read_method(code: str | None) -> Method:
    if code is None:
        return Method.UNSTATED
    for method, known in _METHOD_CODES.items():
        if code == known:
            return method
    raise VietQrError(f"tag 01: must be 11 or 12, found {code!r}")


def _read_amount(text: str | None) -> int | None:
    if text is None:
        return None
    _require(_AMOUNT, text, "tag 54: must be 1 to 13 digits without separators, not zero")
    return int(text)


def _read_fields(text: str, where: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    position = 0
    while position < len(text):
        header = text[position : position + 4]
        _require(_HEADER, header, f"{where}: no tag and length at character {position + 1}")
        tag, length = header[:2], int(header[2:])
        value = text[position + 4 : position + 4 + length]
        if length == 0 or len(value) != length:
            raise VietQrError(f"{where}: tag {tag} says {length} characters, {len(value)} follow")
        if tag in fields:
            raise VietQrError(f"{where}: tag {tag} is given twice")
        fields[tag] = value
        position += 4 + length
    if not fields:
        raise VietQrError(f"{where}: empty")
    return fields


def _require(pattern: re.Pattern[str], value: str, sentence: str) -> None:
    if not pattern.fullmatch(value):
        raise VietQrError(f"{sentence}: {value[:40]!r}")


def _require_value(fields: Mapping[str, str], tag: str, expected: str) -> None:
    if fields.get(tag) != expected:
        raise VietQrError(f"tag {tag}: must be {expected}, found {fields.get(tag)!r}")


def _amount_field(amount_minor: int | None) -> str:
    if amount_minor is None:
        return ""
    if type(amount_minor) is not int or not 0 < amount_minor < 10**AMOUNT_DIGITS_MAX:
        raise VietQrError(f"the amount must be 1 to 13 digits and not zero: {amount_minor!r}")
    return _field("54", str(amount_minor))


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def _crc(content: str) -> str:
    """Compute CRC-16/CCITT-FALSE (polynomial 1021, start FFFF, not reflected)."""
    return f"{binascii.crc_hqx(content.encode('ascii'), 0xFFFF):04X}"
