"""Orders and notices as the public service portal's gateways carry them; shared by their tests."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bank_adapters.fields import TIME_NOT_STATED
from bank_adapters.outgoing import (
    Answer,
    Beneficiary,
    FeeLine,
    Order,
    Payer,
    Question,
    RefundOrder,
)
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.keys import NOW

BENEFICIARY = Beneficiary(
    account_number="119000123456",
    account_name="UBND PHUONG HONG BANG",
    bank_code="VTB",
    unit_code="000.00.01.H24",
    unit_name="UBND phường Hồng Bàng",
    procedure_code="1.001193",
    procedure_name="Đăng ký khai sinh",
    dossier_code="H24.11-261122-0001",
    fee_lines=(
        FeeLine(code="P1", name="Phí bản sao", amount_minor=5_000),
        FeeLine(code="L1", name="Lệ phí hộ tịch", amount_minor=3_000, is_charge=True),
    ),
)
ORDER = Order(
    reference="HPFX3F3CZ7GCF",
    amount_minor=8_000,
    description="HPFX3F3CZ7GCF nop phi",
    created_at=NOW,
    expires_at=NOW + timedelta(minutes=15),
    return_url="https://thanhtoan.example.vn/pay/return",
    notify_url="https://thanhtoan.example.vn/callbacks",
    payer=Payer(full_name="Nguyễn Thị Mẫu", identity_number="001099000001", province="Hải Phòng"),
    beneficiary=BENEFICIARY,
)
QUESTION = Question(request_id="a1", our_reference="HPFX3F3CZ7GCF", ordered_at=NOW, asked_at=NOW)
REFUND = RefundOrder(
    request_id="r1",
    our_reference="HPFX3F3CZ7GCF",
    provider_transaction="HPFX3F3CZ7GCF",
    paid_at=NOW,
    paid_minor=8_000,
    amount_minor=8_000,
    reason="Nop hai lan",
    ordered_by="officer",
    ordered_at=NOW,
)

REFERENCES = st.from_regex(r"[A-Z0-9]{1,30}", fullmatch=True)
AMOUNTS = st.integers(min_value=1, max_value=10**15)
TEXTS = st.from_regex(r"[A-Za-z0-9 .,:-]{1,60}", fullmatch=True)
TIMES = st.datetimes(
    min_value=datetime(2001, 1, 1),  # noqa: DTZ001  hypothesis wants bounds without a zone
    max_value=datetime(2098, 1, 1),  # noqa: DTZ001  the same
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
ORDERS = st.builds(
    lambda reference, amount_minor, description, language: replace(
        ORDER,
        reference=reference,
        amount_minor=amount_minor,
        description=description.strip() or "phi",
        language=language,
        beneficiary=replace(BENEFICIARY, fee_lines=()),
    ),
    REFERENCES,
    AMOUNTS,
    TEXTS,
    st.sampled_from(["vi", "en"]),
)


def notice(**changes: object) -> PaymentNotice:
    """Return a paid notice about `ORDER`."""
    return replace(
        PaymentNotice(
            result=NoticeResult.PAID,
            result_code="00",
            merchant="HPG",
            our_reference="HPFX3F3CZ7GCF",
            provider_transaction="PG2611220000001",
            amount_minor=8_000,
            currency="VND",
            paid_at=TIME_NOT_STATED,
        ),
        **changes,  # type: ignore[arg-type]  # a test names the fields it changes
    )


def changed_answer(answer: Answer, **changes: object) -> Answer:
    """Return a JSON answer with some fields replaced; None takes one away."""
    fields: dict[str, Any] = json.loads(answer.body) | changes
    kept = {name: value for name, value in fields.items() if value is not None}
    return replace(answer, body=json.dumps(kept).encode())
