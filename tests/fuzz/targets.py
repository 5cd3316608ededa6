"""One target for each parser and verifier: any bytes in, only the typed refusals may come out.

A target returns whether its input was accepted, so that a campaign can say how deep it went.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from itertools import zip_longest
from urllib.parse import parse_qsl

from bank_adapters import payment_reference, vietqr
from bank_adapters.banks import vietinbank, vietqr_vn
from bank_adapters.contract import (
    AdapterError,
    Algorithm,
    CallbackDialect,
    CallbackRejected,
    CallbackRequest,
    NoticeUnreadable,
    Outcome,
    SignedReply,
    StatementUnreadable,
    VerificationKey,
)
from bank_adapters.counterpart.statement_xlsx import pack
from bank_adapters.fields import read_json
from bank_adapters.gateways.dossier_lookup import read_dossier_question
from bank_adapters.gateways.settlement_report import read_settlement_report
from bank_adapters.gateways.viettelpay import CHECK_SUM
from bank_adapters.gateways.viettelpay_confirmation import read_confirmation
from bank_adapters.outgoing import Answer, AnswerUnreadable, Merchant, OutgoingRequest
from bank_adapters.registry import (
    CHECKOUT_DIALECTS,
    DIALECTS,
    REFUND_DIALECTS,
    SIGNED_REPLIES,
    STATUS_DIALECTS,
    TOKEN_DIALECTS,
    require_usable_key,
)
from bank_adapters.scheme import Weakness
from bank_adapters.signatures.http_messages import SIGNATURE, SIGNATURE_INPUT
from bank_adapters.signatures.signature_base import read_signature_input, signature_base
from bank_adapters.signatures.structured_fields import read_byte_sequences, read_lists
from bank_adapters.signing_keys import WeakKey
from bank_adapters.statements.camt import stream_camt
from bank_adapters.statements.detect import stream_statement_file
from bank_adapters.statements.mt940 import stream_mt940
from bank_adapters.statements.tabular_text import stream_csv
from bank_adapters.statements.tabular_workbook import stream_xlsx
from bank_adapters.vietqr.layout import crc_of
from bank_adapters.vocabulary import PaymentNotice
from tests.bank_adapters.channels import channel_keys
from tests.bank_adapters.statements.test_workbook import SHEET, parts_of, workbook
from tests.fuzz.messages import (
    NOW,
    ORDER,
    QUESTION,
    REFUND,
    answer_of,
    genuine,
    merchant_of,
    request_of,
)

Target = Callable[[bytes], bool]
WORKBOOK_PARTS = (SHEET, "xl/sharedStrings.xml", "xl/styles.xml")
"""The parts of a workbook that the target `xlsx` takes from its input, with a NUL between them."""
_CRC_LENGTH = 4
_CHUNK_BYTES = 97
"""Small and odd, so that every boundary falls inside something sooner or later."""


def _accepts(read: Callable[[bytes], object], *refusals: type[AdapterError], data: bytes) -> bool:
    """Say whether bytes are read; any exception but these refusals is a finding."""
    try:
        read(data)
    except refusals as error:
        if "\n" in str(error) or not str(error):
            raise AssertionError(f"not one line: {error!r}") from error
        return False
    return True


def _target(read: Callable[[bytes], object], *refusals: type[AdapterError]) -> Target:
    return lambda data: _accepts(read, *refusals, data=data)


def _stream(reader: Callable[[Iterator[bytes]], Iterator[object]]) -> Target:
    def read(data: bytes) -> None:
        chunks = (data[at : at + _CHUNK_BYTES] for at in range(0, len(data), _CHUNK_BYTES))
        for _ in reader(chunks):
            pass

    return _target(read, StatementUnreadable)


@lru_cache
def _workbook() -> dict[str, bytes]:
    return parts_of(workbook())


def _packed(chunks: Iterator[bytes]) -> Iterator[object]:
    """Read a workbook of these parts: whole archives hide their content from small changes."""
    texts = zip_longest(WORKBOOK_PARTS, b"".join(chunks).split(b"\0", 2), fillvalue=b"")
    return stream_xlsx(iter([pack({**_workbook(), **{str(name): text for name, text in texts}})]))


def _vietqr(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    with suppress(vietqr.VietQrError):
        vietqr.decode(text)
    # A changed code hides behind its check digits, so that these are written anew.
    content = text[:-_CRC_LENGTH]
    vietqr.decode(content + (crc_of(content) if content.isascii() else ""))


def _memo(data: bytes) -> bool:
    text = data.decode("utf-8", "surrogateescape")
    found = payment_reference.find(text)
    if not all(payment_reference.is_valid(reference) for reference in found):
        raise AssertionError(f"found what is no reference: {found}")
    payment_reference.near_misses(text)
    return bool(found)


def _signature_fields(data: bytes) -> None:
    request = request_of(DIALECTS["httpbank"], data)
    for text in read_lists(request, SIGNATURE_INPUT).values():
        signature_base(request, read_signature_input(text))
    read_byte_sequences(request, SIGNATURE)


def _key(data: bytes) -> None:
    """Take the first byte as the channel, the second as its algorithm, the rest as the key."""
    channels, algorithms = sorted(DIALECTS), sorted(Algorithm)
    channel, algorithm = (*data[:2], 0, 0)[:2]
    require_usable_key(
        channels[channel % len(channels)], algorithms[algorithm % len(algorithms)], data[2:]
    )


def _verify(dialect: CallbackDialect, keys: Sequence[VerificationKey], data: bytes) -> None:
    """Verify, and hold that nothing is told but what the channel itself has signed.

    Of a weak scheme only the transaction and its amount are held; where digits can move from one
    field into the next, only that the amount's digits stand together in what was signed.
    """
    request = request_of(dialect, data)
    dialect.verify(request, keys, NOW)
    told, scheme = _told(dialect, request), dialect.scheme
    if told is None:
        return
    known = _known(dialect.code)
    if Weakness.JOINED_FIELDS in scheme.weaknesses:
        amount = str(told.amount_minor).encode()
        is_known = any(amount in _joined(dialect.code, each) for each in genuine(dialect.code))
    elif scheme.is_weak:
        is_known = _money(told) in {_money(each) for each in known if each}
    else:
        is_known = told in known
    if not is_known:
        raise AssertionError(f"{dialect.code} believes a forgery: {told}")


@lru_cache
def _known(code: str) -> tuple[PaymentNotice | None, ...]:
    return tuple(_told(DIALECTS[code], each) for each in genuine(code))


def _told(dialect: CallbackDialect, request: CallbackRequest) -> PaymentNotice | None:
    with suppress(NoticeUnreadable):
        return dialect.read(request)
    return None


def _joined(code: str, request: CallbackRequest) -> bytes:
    """Return the text that a channel signs whose fields are joined without a mark."""
    if code == "viettelpay":
        fields = dict(parse_qsl(request.body, keep_blank_values=True))
        return b"".join(fields[name] for name in sorted(fields) if name != CHECK_SUM.encode())
    of_banks = {
        "vietinbank": vietinbank.signed_content, "vietqrvn": vietqr_vn.signed_content,
    }  # fmt: skip
    return of_banks[code](read_json(request.body, NoticeUnreadable))


def _money(notice: PaymentNotice) -> tuple[str, int]:
    return notice.provider_transaction, notice.amount_minor


def _reply(
    dialect: CallbackDialect, replies: SignedReply, keys: Sequence[VerificationKey], data: bytes
) -> bool:
    for outcome in (Outcome.RECORDED, Outcome.RETRY_LATER):
        replies.reply(request_of(dialect, data), outcome, keys)
    return True


def _channel_targets(code: str) -> Iterator[tuple[str, Target]]:
    dialect, keys = DIALECTS[code], channel_keys(code)
    yield f"verify-{code}", _target(partial(_verify, dialect, keys), CallbackRejected)
    read = partial(_read, dialect)
    yield f"read-{code}", _target(read, NoticeUnreadable)
    if code in SIGNED_REPLIES:
        yield f"reply-{code}", partial(_reply, dialect, SIGNED_REPLIES[code], keys)
    for what, read_answer in _answer_readers(code):
        yield f"{what}-{code}", _answer(read_answer)


def _read(dialect: CallbackDialect, data: bytes) -> None:
    dialect.read(request_of(dialect, data))


def _answer(read: Callable[[Answer], object]) -> Target:
    return _target(lambda data: read(answer_of(data)), AnswerUnreadable)


def _answer_readers(code: str) -> Iterator[tuple[str, Callable[[Answer], object]]]:
    """Yield what reads the answers to each thing that a channel can be asked."""
    merchant = merchant_at(code)
    if code in CHECKOUT_DIALECTS:
        dialect = CHECKOUT_DIALECTS[code]
        # Where the payer is sent on at once, nothing is asked and nothing answered.
        if isinstance(dialect.order(merchant, ORDER), OutgoingRequest):
            yield "order", partial(dialect.read_order, merchant, ORDER)
    if code in STATUS_DIALECTS:
        yield "status", partial(STATUS_DIALECTS[code].read_status, merchant, QUESTION)
    if code in REFUND_DIALECTS:
        yield "refund", partial(REFUND_DIALECTS[code].read_refund, merchant, REFUND)
    if code in TOKEN_DIALECTS:
        yield "token", partial(TOKEN_DIALECTS[code].read_token, merchant)


def merchant_at(code: str) -> Merchant:
    """Return us as a channel knows us."""
    key = channel_keys(code)[0]
    return Merchant(code=merchant_of(code), base_url="https://gateway.example", key=key)


TARGETS: Mapping[str, Target] = {
    "mt940": _stream(stream_mt940),
    "camt": _stream(stream_camt),
    "csv": _stream(stream_csv),
    "xlsx": _stream(_packed),
    "statement": _stream(stream_statement_file),
    "settlement": _target(read_settlement_report, StatementUnreadable),
    "vietqr": _target(_vietqr, vietqr.VietQrError),
    "memo": _memo,
    "fields": _target(_signature_fields, CallbackRejected),
    "key": _target(_key, WeakKey),
    "dossier": _target(read_dossier_question, NoticeUnreadable),
    "confirmation": _target(
        lambda data: read_confirmation(request_of(DIALECTS["viettelpay"], data)),
        NoticeUnreadable,
        CallbackRejected,
    ),
    **{name: target for code in DIALECTS for name, target in _channel_targets(code)},
}
