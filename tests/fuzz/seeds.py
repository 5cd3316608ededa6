"""Well-formed inputs to begin with: what the other sides write, and the forms that people meet."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bank_adapters import payment_reference, vietqr
from bank_adapters.contract import CallbackRequest
from bank_adapters.counterpart.banks import BANKS
from bank_adapters.counterpart.baokim import BaokimCounterpart
from bank_adapters.counterpart.callbacks import write_credit_notice, write_webhook
from bank_adapters.counterpart.gateway import GatewayBooks, GatewayCounterpart
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.counterpart.settlement import write_settlement_report
from bank_adapters.counterpart.statements import write_camt053, write_csv, write_mt940, write_xlsx
from bank_adapters.outgoing import Merchant, OutgoingRequest
from bank_adapters.registry import (
    CHECKOUT_DIALECTS,
    REFUND_DIALECTS,
    SIGNED_BY_US,
    STATUS_DIALECTS,
)
from bank_adapters.vocabulary import (
    NoticeResult,
    PaymentNotice,
    SettlementLine,
    SettlementReport,
    Statement,
)
from benchmarks.statements import statement_of
from tests.bank_adapters.channels import channel_keys
from tests.bank_adapters.key_pairs import mirrored
from tests.fuzz.targets import NOW, ORDER, QUESTION, REFUND

_REFERENCE = payment_reference.make(bytes(range(16)))
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
    known = {
        "mt940": [mt, mt.replace(b"\r\n", b"\n"), _MT942],
        "camt": [camt, camt.replace(b"053", b"054"), camt.replace(b"053.001.02", b"053.001.08")],
        "statement": [write_csv(statement), write_xlsx(statement), mt, camt],
        "settlement": [_report()],
        "vietqr": [_qr().encode()],
        "memo": [
            f"MBVCB.1234567890.{_REFERENCE}.CT tu 0123456789 NGUYEN VAN A".encode(),
            _REFERENCE[:9].encode() + b" " + _REFERENCE[9:].encode(),
        ],
    }
    return known[name]


def _statement() -> Statement:
    return statement_of("1132900001", _DAY - timedelta(days=1), _DAY, [_REFERENCE] * 3, 10_000)


def _qr() -> str:
    return vietqr.encode(
        bank_bin="970436",
        account_number="0011012345678",
        amount_minor=8_000,
        purpose=_REFERENCE,
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


def _notice(merchant: str, result_code: str) -> PaymentNotice:
    return PaymentNotice(
        result=NoticeResult.PAID,
        result_code=result_code,
        merchant=merchant,
        our_reference=ORDER.reference,
        provider_transaction=QUESTION.provider_transaction,
        amount_minor=8_000,
        currency="VND",
        paid_at=NOW.replace(microsecond=0),
        memo=_REFERENCE,
        account_number="1132900001",
        virtual_account="900300000000",
    )


def _channel_seeds(kind: str, channel: str) -> Iterator[bytes]:
    if kind in {"verify", "read"}:
        yield _written(_signed(channel))
    elif channel in COUNTERPARTS:
        yield from _answers(kind, channel, COUNTERPARTS[channel])
    else:
        yield b'{"ResponseCode":200,"code":"00","message":"ok","data":{}}'


def _answers(kind: str, channel: str, counterpart: GatewayCounterpart) -> Iterator[bytes]:
    key = channel_keys(channel)[0]
    merchant = Merchant(code=_merchant(channel), base_url="https://gateway.example", key=key)
    books = GatewayBooks()
    placed = CHECKOUT_DIALECTS[channel].order(merchant, ORDER)
    if not isinstance(placed, OutgoingRequest):
        placed = OutgoingRequest(method="GET", url=placed.url)
    if placed.url:
        yield counterpart.answer(placed, books, key.material, NOW).body
    for reference, order in books.orders.items():
        books.orders[reference] = replace(
            order, result=NoticeResult.PAID, provider_transaction="14422574", paid_at=NOW
        )
    if kind == "status":
        asked = STATUS_DIALECTS[channel].ask(merchant, QUESTION)
        yield counterpart.answer(asked, books, key.material, NOW).body
    if kind == "refund":
        asked = REFUND_DIALECTS[channel].refund(merchant, REFUND)
        yield counterpart.answer(asked, books, key.material, NOW).body


def _merchant(channel: str) -> str:
    return "2554" if channel == "zalopay" else "HPG"


def _signed(channel: str) -> CallbackRequest:
    notice = _notice(_merchant(channel), "credit")
    material = channel_keys(channel)[0].material
    if channel in SIGNED_BY_US:
        material = mirrored()
    if channel in {"vietinbank", "vietqrvn", "hyperlogy"}:
        bank = BANKS[channel]
        return bank.notify(replace(notice, result_code=bank.credit_code), material, NOW, "")
    counterpart = BaokimCounterpart() if channel == "baokim" else COUNTERPARTS.get(channel)
    if counterpart is not None:
        told = replace(notice, result_code=counterpart.result_code(NoticeResult.PAID))
        return counterpart.notify(told, material, NOW)
    is_webhook = channel == "webhookbank"
    body = write_webhook(notice, sent_at=NOW) if is_webhook else write_credit_notice(notice)
    return CallbackRequest(method="POST", query=b"", headers=(), body=body)


def _written(request: CallbackRequest) -> bytes:
    head = b"\n".join(name.encode() + b":" + value for name, value in request.headers)
    return head + b"\n\n" + (request.query or request.body)


_MT942 = (
    b":20:1\r\n:25:1132900001\r\n:28C:1\r\n:34F:VND0,\r\n:13D:2611220930+0700\r\n"
    b":61:2611221122C10000,00NTRFFT1//FT2\r\n:86:HPFX3F3CZ7GCF\r\n:90D:0VND0,00\r\n"
    b":90C:1VND10000,00\r\n-\r\n"
)
