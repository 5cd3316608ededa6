"""Reads a payload strictly, by the identifier of its scheme, and says what is wrong with a bad one.

The CRC is checked first: a payload that was mistyped says nothing that could be believed.
"""

import re
from collections.abc import Mapping
from typing import Final

from bank_adapters.vietqr.faults import Fault, VietQrError
from bank_adapters.vietqr.fields import HEADER_LENGTH, Field, read_fields
from bank_adapters.vietqr.layout import (
    ACCOUNT,
    BIN,
    CRC_HEADER,
    DONG,
    METHOD_CODES,
    NAPAS_GUID,
    PAYLOAD_LENGTH_MAX,
    SERVICES,
    VERSION,
    VIETNAM,
    Method,
    VietQr,
    crc_of,
)

_AMOUNT: Final = re.compile(r"[1-9][0-9]{0,12}")
_UNPRINTABLE: Final = re.compile(r"[^ -~]")
_CRC_FIELD: Final = re.compile(f"(?={CRC_HEADER}([0-9A-Fa-f]{{4}}))")
_CRC_LENGTH: Final = 4
_METHODS: Final = {code: method for method, code in METHOD_CODES.items()}


def decode(payload: str) -> VietQr:
    """Read a payload; `VietQrError` names the field that is wrong, and where it stands.

    Tag 00 is the first and 63 the last, in either case of its digits; other tags may come in any
    order, and those we have no use for are skipped. Tags 38 and 62 hold nothing but fields, and so
    does every other template from 26 to 51. A purpose is read as long as it is: only writing is
    bound to 25 characters.
    """
    fields = read_fields(_without_crc(payload))
    _require_frame(fields)
    additional = fields["62"].read_template() if "62" in fields else {}
    guid, bank_bin, account_number, service = _read_account(fields)
    return VietQr(
        method=_read_method(fields.get("01")),
        guid=guid,
        bank_bin=bank_bin,
        account_number=account_number,
        service=service,
        amount_minor=_read_amount(fields.get("54")),
        purpose=additional["08"].value if "08" in additional else None,
        bill_number=additional["01"].value if "01" in additional else None,
    )


def _without_crc(payload: str) -> str:
    if not payload:
        raise VietQrError(Fault.EMPTY, "there is nothing to read")
    if len(payload) > PAYLOAD_LENGTH_MAX:
        raise VietQrError(Fault.TOO_LONG, f"more than {PAYLOAD_LENGTH_MAX} characters")
    foreign = _UNPRINTABLE.search(payload)
    if foreign:
        sentence = f"only printable ASCII can be read, found {foreign.group()!a}"
        raise VietQrError(Fault.NOT_ASCII, sentence, position=foreign.start() + 1)
    content, crc = payload[:-_CRC_LENGTH], payload[-_CRC_LENGTH:]
    if _CRC_FIELD.match(payload, len(content) - HEADER_LENGTH) and crc.upper() == crc_of(content):
        return content.removesuffix(CRC_HEADER)
    raise _wrong_crc(payload, content, crc)


def _wrong_crc(payload: str, content: str, crc: str) -> VietQrError:
    for match in _CRC_FIELD.finditer(payload):
        end = match.start() + HEADER_LENGTH + _CRC_LENGTH
        if match.group(1).upper() == crc_of(payload[: match.start() + HEADER_LENGTH]):
            sentence = f"{len(payload) - end} characters follow the CRC"
            return VietQrError(Fault.AFTER_CRC, sentence, path="63", position=end + 1)
    position = max(len(content) - HEADER_LENGTH, 0) + 1
    if not _CRC_FIELD.match(payload, position - 1):
        sentence = f"the end must be {CRC_HEADER} and four hexadecimal digits"
        return VietQrError(Fault.CRC_FORM, sentence, path="63", position=position)
    sentence = f"the CRC is {crc}, the content has {crc_of(content)}"
    return VietQrError(Fault.CRC_WRONG, sentence, path="63", position=position)


def _require_frame(fields: Mapping[str, Field]) -> None:
    if "63" in fields:
        raise fields["63"].fault(Fault.AFTER_CRC, "the CRC stands before the end")
    if next(iter(fields), "") != "00":
        raise VietQrError(Fault.NOT_FIRST, "tag 00 must be the first", path="00", position=1)
    for tag, expected, fault in (
        ("00", VERSION, Fault.VERSION),
        ("53", DONG, Fault.CURRENCY),
        ("58", VIETNAM, Fault.COUNTRY),
    ):
        field = _take(fields, tag)
        if field.value != expected:
            raise field.fault(fault, f"must be {expected}")


def _read_account(fields: Mapping[str, Field]) -> tuple[str, str, str, str]:
    templates = [field.read_template() for tag, field in fields.items() if "26" <= tag <= "51"]
    guids = [template["00"].value if "00" in template else "" for template in templates]
    if NAPAS_GUID not in guids:
        return next(iter(guids), ""), "", "", ""
    template = templates[guids.index(NAPAS_GUID)]
    guid = template["00"]
    if guids.count(NAPAS_GUID) > 1:
        raise guid.fault(Fault.TWO_ACCOUNTS, "another template names this scheme too")
    parent = guid.path.removesuffix("00")
    bank_bin, account_number = _read_beneficiary(_take(template, "01", parent))
    service = _take(template, "02", parent)
    if service.value not in SERVICES:
        raise service.fault(Fault.SERVICE, f"must be one of {', '.join(sorted(SERVICES))}")
    return guid.value, bank_bin, account_number, service.value


def _read_beneficiary(field: Field) -> tuple[str, str]:
    beneficiary = field.read_template()
    for tag, each in beneficiary.items():
        if tag not in {"00", "01"} and each.value in SERVICES:
            sentence = "the service stands inside the account, it belongs one level up"
            raise each.fault(Fault.SERVICE_NESTED, sentence)
        if tag not in {"00", "01"}:
            raise each.fault(Fault.UNEXPECTED, "only 00 and 01 belong here")
    bank_bin = _take(beneficiary, "00", f"{field.path}-")
    account = _take(beneficiary, "01", f"{field.path}-")
    if not BIN.fullmatch(bank_bin.value):
        raise bank_bin.fault(Fault.BIN, "the bank must be 6 digits")
    if not ACCOUNT.fullmatch(account.value):
        raise account.fault(Fault.ACCOUNT, "must be 1 to 19 letters and digits")
    return bank_bin.value, account.value


def _read_method(field: Field | None) -> Method:
    if field is None:
        return Method.UNSTATED
    if field.value not in _METHODS:
        raise field.fault(Fault.METHOD, "must be 11 or 12")
    return _METHODS[field.value]


def _read_amount(field: Field | None) -> int | None:
    if field is None:
        return None
    if not _AMOUNT.fullmatch(field.value):
        raise field.fault(Fault.AMOUNT, "must be 1 to 13 digits alone, without leading zero")
    return int(field.value)


def _take(fields: Mapping[str, Field], tag: str, parent: str = "") -> Field:
    if tag not in fields:
        raise VietQrError(Fault.MISSING, "this field must be there", path=parent + tag)
    return fields[tag]
