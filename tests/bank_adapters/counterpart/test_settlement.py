"""What the counterpart writes as a settlement report is read back as it was."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.counterpart.settlement import write_settlement_report
from bank_adapters.gateways.settlement_report import read_settlement_report
from bank_adapters.vocabulary import SettlementLine, SettlementReport

TOKENS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="|"), min_size=1
)


def _report(lines: tuple[SettlementLine, ...], *, batch: str = "B1") -> SettlementReport:
    return SettlementReport(
        merchant="HAIPHONG",
        batch=batch,
        settled_on=date(2026, 11, 22),
        currency="VND",
        lines=lines,
        declared_count=len(lines),
        declared_net_minor=sum(
            line.gross_minor - line.fee_minor - line.vat_minor for line in lines
        ),
    )


def _line(position: int, transaction: str, gross_minor: int, fee_minor: int) -> SettlementLine:
    return SettlementLine(
        position=position,
        provider_transaction=transaction,
        our_reference="",
        kind="payment" if gross_minor > 0 else "refund",
        gross_minor=gross_minor,
        fee_minor=fee_minor,
        vat_minor=fee_minor // 10,
        paid_at=datetime(2026, 11, 21, 17, 0, 1, tzinfo=UTC),
    )


@given(
    st.lists(
        st.tuples(
            TOKENS.filter(lambda token: len(token) <= 100),
            st.integers(min_value=-(10**12), max_value=10**12).filter(bool),
            st.integers(min_value=0, max_value=10**9),
        ),
        max_size=8,
        unique_by=lambda row: row[0],
    )
)
def test_what_is_written_is_read_back(rows: list[tuple[str, int, int]]) -> None:
    report = _report(tuple(_line(number, *row) for number, row in enumerate(rows, start=1)))
    assert read_settlement_report(write_settlement_report(report)) == report


@pytest.mark.parametrize("batch", ["a|b", "a\nb", "a\rb"])
def test_a_text_that_would_break_the_layout_is_not_written(batch: str) -> None:
    with pytest.raises(ValueError, match="separator"):
        write_settlement_report(_report((), batch=batch))


def test_fractions_of_a_second_are_not_written() -> None:
    line = SettlementLine(
        position=1,
        provider_transaction="1",
        our_reference="",
        kind="payment",
        gross_minor=1,
        fee_minor=0,
        vat_minor=0,
        paid_at=datetime(2026, 11, 21, 17, 0, 1, 5, tzinfo=UTC),
    )
    with pytest.raises(ValueError, match="whole seconds"):
        write_settlement_report(_report((line,)))
