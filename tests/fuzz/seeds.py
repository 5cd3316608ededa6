"""Well-formed inputs to begin with: what the other sides write, and the forms that people meet."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from bank_adapters import vietqr
from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.banks import ASKED_BANKS
from bank_adapters.counterpart.gateway import GatewayBooks, TakenOrder
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.counterpart.settlement import write_settlement_report
from bank_adapters.counterpart.statements import write_camt053, write_csv, write_mt940, write_xlsx
from bank_adapters.gateways.viettelpay_confirmation import QUESTION_FIELDS
from bank_adapters.outgoing import Answer, OutgoingRequest, with_token
from bank_adapters.registry import (
    CHECKOUT_DIALECTS,
    DIALECTS,
    REFUND_DIALECTS,
    STATUS_DIALECTS,
    TOKEN_DIALECTS,
)
from bank_adapters.statements.bank_profiles import PROFILES
from bank_adapters.vocabulary import NoticeResult, SettlementLine, SettlementReport, Statement
from benchmarks.statements import statement_of
from tests.bank_adapters.channels import channel_keys
from tests.bank_adapters.statements.test_workbook import parts_of, workbook
from tests.fuzz.messages import (
    NOW,
    ORDER,
    QUESTION,
    REFERENCE,
    REFUND,
    genuine,
    sender_key,
    written,
)
from tests.fuzz.targets import WORKBOOK_PARTS, merchant_at

_DAY = date(2026, 11, 22)


def write_seeds(name: str, folder: Path) -> None:
    """Put the seeds of a target into its corpus."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds_of(name)):
        (folder / f"seed-{number}").write_bytes(seed)


def seeds_of(name: str) -> list[bytes]:
    """Return the seeds of a target."""
    kind, _, channel = name.partition("-")
    if channel:
        return list(_channel_seeds(kind, channel))
    statement = _statement()
    written_at = datetime.combine(_DAY, time(), UTC)
    mt, camt = write_mt940(statement), write_camt053(statement, written_at)
    tables = [write_csv(statement, profile) for profile in PROFILES]
    book = parts_of(workbook())
    books = (book, book | parts_of(write_xlsx(statement)))
    known = {
        "mt940": [mt, mt.replace(b"\r\n", b"\n"), _MT942],
        "camt": [camt, _as_camt054(camt), camt.replace(b"053.001.02", b"053.001.08")],
        "csv": tables,
        "xlsx": [b"\0".join(parts[name] for name in WORKBOOK_PARTS) for parts in books],
        "statement": [tables[0], write_xlsx(statement), mt, camt],
        "settlement": [_report()],
        "vietqr": [_qr().encode()],
        "memo": [
            f"MBVCB.1234567890.{REFERENCE}.CT tu 0123456789 NGUYEN VAN A".encode(),
            REFERENCE[:9].encode() + b" " + REFERENCE[9:].encode(),
        ],
        "fields": [written(request) for request in genuine("httpbank")],
        "key": list(_keys()),
        "dossier": [b'{"MaHoSo":"H24.11-261122-0001"}'],
        "confirmation": [b"\n\n" + b"&".join(b"%b=1" % each.encode() for each in QUESTION_FIELDS)],
    }
    return known[name]


def _statement() -> Statement:
    return statement_of("1132900001", _DAY - timedelta(days=1), _DAY, [REFERENCE] * 3, 10_000)


def _as_camt054(camt053: bytes) -> bytes:
    names = (
        (b"camt.053", b"camt.054"),
        (b"CstmrStmt", b"CstmrDbtCdtNtfctn"),
        (b"Stmt>", b"Ntfctn>"),
    )
    for of_053, of_054 in names:
        camt053 = camt053.replace(of_053, of_054)
    return camt053


def _qr() -> str:
    return vietqr.encode(
        bank_bin="970436",
        account_number="0011012345678",
        amount_minor=8_000,
        purpose=REFERENCE,
        bill_number="H24-0001",
    )


def _report() -> bytes:
    line = SettlementLine(
        position=1,
        provider_transaction="14422574",
        our_reference=ORDER.reference,
        kind="payment",
        gross_minor=8_000,
        fee_minor=1_100,
        vat_minor=88,
        paid_at=NOW.replace(microsecond=0),
    )
    return write_settlement_report(
        SettlementReport(
            merchant="HPG",
            batch="B1",
            settled_on=_DAY,
            currency="VND",
            lines=(line,),
            declared_count=1,
            declared_net_minor=6_812,
        )
    )


def _keys() -> Iterator[bytes]:
    for place, channel in enumerate(sorted(DIALECTS)):
        for key in channel_keys(channel):
            yield bytes([place, sorted(Algorithm).index(key.algorithm)]) + key.material


def _channel_seeds(kind: str, channel: str) -> Iterator[bytes]:
    if kind in {"verify", "read", "reply"}:
        yield from map(written, genuine(channel))
    else:
        yield from _answers(kind, channel)


def _answers(kind: str, channel: str) -> Iterator[bytes]:
    """Yield what the other side says when it is asked, of an order's state while open and paid."""
    asked = _QUESTIONS[kind](channel)
    books = GatewayBooks()
    if channel not in CHECKOUT_DIALECTS:
        books.orders[ORDER.reference] = TakenOrder(
            merchant=merchant_at(channel).code,
            our_reference=ORDER.reference,
            amount_minor=ORDER.amount_minor,
        )
    elif kind != "order":
        _told(channel, _ordered(channel), books)
    if kind != "refund":
        yield written(_told(channel, asked, books))
    for taken in books.orders.values():
        taken.result, taken.provider_transaction = NoticeResult.PAID, QUESTION.provider_transaction
        taken.paid_at = NOW
    if kind in {"status", "refund"}:
        yield written(_told(channel, asked, books))


def _told(channel: str, asked: OutgoingRequest, books: GatewayBooks) -> Answer:
    return _ASKED[channel].answer(asked, books, sender_key(channel), NOW)


def _ordered(channel: str) -> OutgoingRequest:
    placed = CHECKOUT_DIALECTS[channel].order(merchant_at(channel), ORDER)
    if isinstance(placed, OutgoingRequest):
        return placed
    return OutgoingRequest(method="GET", url=placed.url)


def _token_asked(channel: str) -> OutgoingRequest:
    return TOKEN_DIALECTS[channel].ask_token(merchant_at(channel))


def _status_asked(channel: str) -> OutgoingRequest:
    merchant = merchant_at(channel)
    asked = STATUS_DIALECTS[channel].ask(merchant, QUESTION)
    if channel not in TOKEN_DIALECTS:
        return asked
    told = _told(channel, _token_asked(channel), GatewayBooks())
    return with_token(asked, TOKEN_DIALECTS[channel].read_token(merchant, told))


def _refund_asked(channel: str) -> OutgoingRequest:
    return REFUND_DIALECTS[channel].refund(merchant_at(channel), REFUND)


_QUESTIONS: Mapping[str, Callable[[str], OutgoingRequest]] = {
    "order": _ordered,
    "token": _token_asked,
    "status": _status_asked,
    "refund": _refund_asked,
}


class _Answers(Protocol):
    def answer(
        self, request: OutgoingRequest, books: GatewayBooks, material: bytes, now: datetime
    ) -> Answer: ...


_ASKED: Mapping[str, _Answers] = {**COUNTERPARTS, **ASKED_BANKS}
_MT942 = (
    b":20:1\r\n:25:1132900001\r\n:28C:1\r\n:34F:VND0,\r\n:13D:2611220930+0700\r\n"
    b":61:2611221122C10000,00NTRFFT1//FT2\r\n:86:HPFX3F3CZ7GCF\r\n:90D:0VND0,00\r\n"
    b":90C:1VND10000,00\r\n-\r\n"
)
