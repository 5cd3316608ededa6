"""Writes the settlement report that a gateway would send; for simulations and tests."""

from typing import Final

from bank_adapters.fields import VIETNAM_TIME
from bank_adapters.gateways.settlement_report import SEPARATOR, VERSION
from bank_adapters.vocabulary import SettlementLine, SettlementReport

_PARTS: Final = ("\n", "\r", SEPARATOR)


def write_settlement_report(report: SettlementReport) -> bytes:
    """Return the report's bytes; a text that holds a separator or a line end is a `ValueError`."""
    header = ("H", VERSION, report.merchant, report.batch, f"{report.settled_on}", report.currency)
    trailer = (
        "T",
        report.declared_count,
        report.gross_minor,
        report.fee_minor,
        report.vat_minor,
        report.declared_net_minor,
    )
    records = [header, *(_detail(line) for line in report.lines), trailer]
    return "".join(_record(fields) for fields in records).encode()


def _detail(line: SettlementLine) -> tuple[str | int, ...]:
    if line.paid_at.microsecond:
        raise ValueError("the report carries whole seconds")
    return (
        "D",
        line.position,
        line.kind,
        line.provider_transaction,
        line.our_reference,
        line.paid_at.astimezone(VIETNAM_TIME).isoformat(),
        line.gross_minor,
        line.fee_minor,
        line.vat_minor,
        line.original_transaction,
    )


def _record(fields: tuple[str | int, ...]) -> str:
    texts = [str(field) for field in fields]
    if any(part in text for text in texts for part in _PARTS):
        raise ValueError("a field holds a separator or a line end")
    return SEPARATOR.join(texts) + "\n"
