"""The daily settlement report, as agreed with each gateway; their own layouts are not public.

The contract, UTF-8 text (a byte order mark is accepted), fields parted by `|`, lines ended by LF or
CRLF:

    H|2|merchant|batch|settled on, YYYY-MM-DD|currency
    D|position|kind|transaction|our reference|paid at|gross|fee|VAT|original
    T|count|gross|fee|VAT|net

Version is 2. Kinds are payment, refund, chargeback and adjustment. Positions count from 1 without a
gap. `paid at` is `YYYY-MM-DDThh:mm:ss+07:00`.
Amounts are digits with a leading `-` when negative, no other sign, no leading zeros. Every line
carries a transaction number of its own; refunds and chargebacks have a negative gross. `original`
is the number of the payment that they take back, or of the line that an adjustment is about, as far
as there is one. `our reference` of a refund that we ordered is that of the order. A report is read
whole or refused.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from bank_adapters.contract import Algorithm, StatementUnreadable, VerificationKey
from bank_adapters.signatures.primitives import (
    hmac_hex,
    require_hmac,
    require_rsa,
    rsa_base64,
)
from bank_adapters.signing_keys import load_rsa_private_key, split_key_pair
from bank_adapters.vocabulary import SettlementLine, SettlementReport

SEPARATOR: Final = "|"
VERSION: Final = "2"
REPORT_BYTES_MAX: Final = 64 * 1024 * 1024

_RSA: Final = frozenset({Algorithm.RSA_SHA1, Algorithm.RSA_SHA256})
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
_TOKEN: Final = re.compile(r"[!-{}~]{1,100}")
_TOKEN_OR_EMPTY: Final = re.compile(r"[!-{}~]{0,100}")
_DATE: Final = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(r"20[0-9]{2}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}\+07:00")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_RECORDS_MIN: Final = 2


def read_settlement_report(data: bytes) -> SettlementReport:
    """Read a whole report; `StatementUnreadable` names the line that is wrong.

    The trailer's count and every declared sum are checked; a transaction listed twice under the
    same kind is refused.
    """
    records = _split(data)
    header = _fields(records, 0, "H", 6)
    trailer = _fields(records, len(records) - 1, "T", 6)
    if header[1] != VERSION:
        raise StatementUnreadable(f"line 1: version {header[1][:8]!r}, only {VERSION} is known")
    lines = tuple(_read_line(records, index) for index in range(1, len(records) - 1))
    _refuse_doubles(lines)
    declared = [_integer(text, len(records)) for text in trailer[1:]]
    try:
        report = SettlementReport(
            merchant=_match(_TOKEN, header[2], 1, "merchant"),
            batch=_match(_TOKEN, header[3], 1, "batch"),
            settled_on=_read_date(header[4]),
            currency=_match(_CURRENCY, header[5], 1, "currency"),
            lines=lines,
            declared_count=declared[0],
            declared_net_minor=declared[4],
        )
    except ValueError as error:
        raise StatementUnreadable(f"line {len(records)}: {error}") from error
    if declared[1:4] != [report.gross_minor, report.fee_minor, report.vat_minor]:
        raise StatementUnreadable(f"line {len(records)}: the declared sums are not the lines' sums")
    return report


def sign_settlement(content: bytes, material: bytes) -> bytes:
    """Return the detached signature of a report.

    Hex HMAC-SHA512 with all that was registered; of a sender with an RSA key base64 RSA-SHA256.
    """
    if split_key_pair(material)[1]:
        own = load_rsa_private_key(material)
        return rsa_base64(Algorithm.RSA_SHA256, content, own).encode("ascii")
    return hmac_hex(Algorithm.HMAC_SHA512_HEX, content, material).encode("ascii")


def require_settlement_signature(
    content: bytes, signature: bytes | None, keys: Sequence[VerificationKey]
) -> None:
    """Raise `CallbackRejected` unless one live key signed the report's bytes.

    The agreement is one for all gateways, whatever digest their notices use; who signs notices
    with RSA, weakly or not, signs reports with RSA-SHA256.
    """
    is_rsa = any(key.algorithm in _RSA for key in keys)
    algorithm = Algorithm.RSA_SHA256 if is_rsa else Algorithm.HMAC_SHA512_HEX
    require = require_rsa if is_rsa else require_hmac
    require(algorithm, content, signature, [replace(key, algorithm=algorithm) for key in keys])


def _split(data: bytes) -> list[str]:
    if len(data) > REPORT_BYTES_MAX:
        raise StatementUnreadable(f"the report has more than {REPORT_BYTES_MAX} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise StatementUnreadable(f"line {line}: not UTF-8") from error
    records = [record.removesuffix("\r") for record in text.removesuffix("\n").split("\n")]
    if len(records) < _RECORDS_MIN:
        raise StatementUnreadable("line 1: the report has no header or no trailer")
    return records


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(_match(_DATE, text, 1, "date"))
    except ValueError as error:
        raise StatementUnreadable(f"line 1: no such day: {text!r}") from error


def _read_line(records: Sequence[str], index: int) -> SettlementLine:
    fields = _fields(records, index, "D", 10)
    number = index + 1
    position = _integer(fields[1], number)
    if position != index:
        raise StatementUnreadable(f"line {number}: position {position}, expected {index}")
    instant = _match(_INSTANT, fields[5], number, "paid at")
    try:
        return SettlementLine(
            position=position,
            kind=fields[2],
            provider_transaction=_match(_TOKEN, fields[3], number, "transaction"),
            our_reference=_match(_TOKEN_OR_EMPTY, fields[4], number, "reference"),
            paid_at=datetime.fromisoformat(instant).astimezone(UTC),
            gross_minor=_integer(fields[6], number),
            fee_minor=_integer(fields[7], number),
            vat_minor=_integer(fields[8], number),
            original_transaction=_match(_TOKEN_OR_EMPTY, fields[9], number, "original"),
        )
    except ValueError as error:
        raise StatementUnreadable(f"line {number}: {error}") from error


def _refuse_doubles(lines: Sequence[SettlementLine]) -> None:
    first_seen: dict[tuple[str, str], int] = {}
    for line in lines:
        earlier = first_seen.setdefault((line.kind, line.provider_transaction), line.position)
        if earlier != line.position:
            raise StatementUnreadable(
                f"line {line.position + 1}: {line.kind} {line.provider_transaction} is already on "
                f"line {earlier + 1}"
            )


def _fields(records: Sequence[str], index: int, kind: str, count: int) -> list[str]:
    fields = records[index].split(SEPARATOR)
    if fields[0] != kind or len(fields) != count:
        raise StatementUnreadable(f"line {index + 1}: not a {kind} record of {count} fields")
    return fields


def _integer(text: str, number: int) -> int:
    return int(_match(_INTEGER, text, number, "amount"))


def _match(pattern: re.Pattern[str], text: str, number: int, what: str) -> str:
    if not pattern.fullmatch(text):
        raise StatementUnreadable(f"line {number}: no valid {what}: {text[:40]!r}")
    return text
