"""One target for each parser and verifier: any bytes in, only the typed refusals may come out.

A target returns whether its input was accepted, so that a campaign can say how deep it went.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from bank_adapters import payment_reference, vietqr
from bank_adapters.contract import (
    AdapterError,
    CallbackDialect,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    StatementUnreadable,
    VerificationKey,
)
from bank_adapters.gateways.settlement_report import read_settlement_report
from bank_adapters.outgoing import (
    Answer,
    AnswerUnreadable,
    Beneficiary,
    Merchant,
    Order,
    Payer,
    Question,
    RefundOrder,
)
from bank_adapters.registry import (
    CHECKOUT_DIALECTS,
    DIALECTS,
    REFUND_DIALECTS,
    STATUS_DIALECTS,
)
from bank_adapters.statements.camt import stream_camt
from bank_adapters.statements.detect import stream_statement_file
from bank_adapters.statements.mt940 import stream_mt940
from tests.bank_adapters.channels import channel_keys

Target = Callable[[bytes], bool]
NOW = datetime(2026, 11, 22, 2, 30, 45, tzinfo=UTC)
_CHUNK_BYTES = 97
"""Small and odd, so that every boundary falls inside something sooner or later."""
_HEADERS_MAX = 12
ORDER = Order(
    reference="HPFX3F3CZ7GCF001",
    amount_minor=8_000,
    description="Nop phi HPFX3F3CZ7GCF",
    created_at=NOW,
    expires_at=NOW + timedelta(minutes=15),
    return_url="https://phi.example/pay/x",
    notify_url="https://phi.example/callbacks/x/y",
    payer=Payer(full_name="Nguyễn Văn A"),
    beneficiary=Beneficiary(
        account_number="1132900001",
        account_name="UBND PHUONG NGO QUYEN",
        bank_code="970436",
        unit_code="11329",
        unit_name="UBND phường Ngô Quyền",
        procedure_code="2.000815",
        procedure_name="Chứng thực bản sao từ bản chính",
        dossier_code="H24.11-261122-0001",
    ),
)
QUESTION = Question(
    request_id="a1",
    our_reference=ORDER.reference,
    provider_transaction="14422574",
    ordered_at=NOW,
    asked_at=NOW,
)
REFUND = RefundOrder(
    request_id="a2",
    our_reference=ORDER.reference,
    provider_transaction="14422574",
    paid_at=NOW,
    paid_minor=8_000,
    amount_minor=8_000,
    reason="Hoan phi",
    ordered_by="ketoan",
    ordered_at=NOW,
)


def _chunks(data: bytes) -> Iterator[bytes]:
    return (data[at : at + _CHUNK_BYTES] for at in range(0, len(data), _CHUNK_BYTES))


def _stream(reader: Callable[[Iterator[bytes]], Iterator[object]], data: bytes) -> bool:
    try:
        for _ in reader(_chunks(data)):
            pass
    except StatementUnreadable as error:
        _require_one_line(error)
        return False
    return True


def _require_one_line(error: AdapterError) -> None:
    if "\n" in str(error) or not str(error):
        raise AssertionError(f"not one line: {error!r}")


def _settlement(data: bytes) -> bool:
    try:
        read_settlement_report(data)
    except StatementUnreadable as error:
        _require_one_line(error)
        return False
    return True


def _vietqr(data: bytes) -> bool:
    try:
        vietqr.decode(data.decode("utf-8", "surrogateescape"))
    except vietqr.VietQrError:
        return False
    return True


def _memo(data: bytes) -> bool:
    text = data.decode("utf-8", "surrogateescape")
    found = payment_reference.find(text)
    if not all(payment_reference.is_valid(reference) for reference in found):
        raise AssertionError(f"found what is no reference: {found}")
    payment_reference.near_misses(text)
    return bool(found)


def _request(dialect: CallbackDialect, data: bytes) -> CallbackRequest:
    """Cut bytes into headers, one a line, and after an empty line a query or body."""
    head, _, rest = data.partition(b"\n\n")
    lines = (line.partition(b":") for line in head.split(b"\n", _HEADERS_MAX))
    is_query = dialect.method == "GET"
    return CallbackRequest(
        method=dialect.method,
        query=rest if is_query else b"",
        headers=tuple((name.decode("latin-1").lower(), value) for name, _, value in lines),
        body=b"" if is_query else rest,
        authority="phi.example",
        path="/callbacks/x/y",
    )


def _verify(dialect: CallbackDialect, keys: Sequence[VerificationKey], data: bytes) -> bool:
    try:
        dialect.verify(_request(dialect, data), keys, NOW)
    except CallbackRejected as error:
        _require_one_line(error)
        return False
    return True


def _read(dialect: CallbackDialect, data: bytes) -> bool:
    try:
        dialect.read(_request(dialect, data))
    except NoticeUnreadable as error:
        _require_one_line(error)
        return False
    return True


def _answer(read: Callable[[Answer], object], data: bytes) -> bool:
    try:
        read(Answer(status=200, body=data))
    except AnswerUnreadable as error:
        _require_one_line(error)
        return False
    return True


def _channel_targets() -> Iterator[tuple[str, Target]]:
    for code, dialect in DIALECTS.items():
        keys = channel_keys(code)
        yield f"verify-{code}", partial(_verify, dialect, keys)
        yield f"read-{code}", partial(_read, dialect)
        merchant = Merchant(code="HPG", base_url="https://gateway.example", key=keys[0])
        if code in CHECKOUT_DIALECTS:
            order = partial(CHECKOUT_DIALECTS[code].read_order, merchant, ORDER)
            yield f"order-{code}", partial(_answer, order)
        if code in STATUS_DIALECTS:
            status = partial(STATUS_DIALECTS[code].read_status, merchant, QUESTION)
            yield f"status-{code}", partial(_answer, status)
        if code in REFUND_DIALECTS:
            refund = partial(REFUND_DIALECTS[code].read_refund, merchant, REFUND)
            yield f"refund-{code}", partial(_answer, refund)


TARGETS: Mapping[str, Target] = {
    "mt940": partial(_stream, stream_mt940),
    "camt": partial(_stream, stream_camt),
    "statement": partial(_stream, stream_statement_file),
    "settlement": _settlement,
    "vietqr": _vietqr,
    "memo": _memo,
    **dict(_channel_targets()),
}
