"""No bytes of any kind end in anything but a value or a refusal of one line."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bank_adapters.counterpart.statements import write_camt053, write_csv, write_mt940
from bank_adapters.statements.report import describe
from bank_adapters.vocabulary import Balance, Direction, Statement, StatementLine

STATEMENT = Statement(
    account="0031000123456",
    currency="VND",
    exponent=0,
    number="305",
    opening=Balance(amount_minor=1000, currency="VND", on=date(2026, 11, 1)),
    closing=Balance(amount_minor=1500, currency="VND", on=date(2026, 11, 2)),
    lines=tuple(
        StatementLine(
            position=position,
            source_line=1,
            booking_date=date(2026, 11, 2),
            value_date=date(2026, 11, 2),
            amount_minor=250,
            direction=Direction.CREDIT,
            narrative="HP7K2M9QX nop phi " * 6 + "x",
            bank_reference=f"FT{position}",
        )
        for position in (1, 2)
    ),
)
SEEDS = (
    write_mt940(STATEMENT),
    write_camt053(STATEMENT, datetime(2026, 11, 2, tzinfo=UTC)),
    write_csv(STATEMENT),
    b":20:X\n:25:1\n:34F:VND0,\n:61:260102C5,NTRFA\n:90C:1VND5,\n-\n",
)
SPLICES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [b":61:", b":62F:", b"\n-\n", b"<Ntry>", b"</Ntry>", b"\0", b";", b'"', b"{1:", b"9" * 40]
    ),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 30)))
        data = data[:start] + draw(SPLICES) + data[end:]
    return data


def assert_total(data: bytes) -> None:
    found = describe("file", [data])
    if not found["ok"]:
        error = str(found["error"])
        assert error.isprintable(), error
        assert len(error) < 300


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_bytes(data: bytes) -> None:
    assert_total(data)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_random_text(text: str) -> None:
    for head in ("", ":20:", "<", "Ngày GD;"):
        assert_total((head + text).encode("utf-8", "replace"))


@given(mutated())
@settings(max_examples=1500, deadline=None)
def test_mutated_statements(data: bytes) -> None:
    assert_total(data)
