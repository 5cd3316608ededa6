"""The national portal's question what is payable for a dossier, and our three answers to it.

`dptracuuthanhtoanhs` in the public client VietOpenCPS/opencps-v2; neither side signs anything, so
an answer goes only to a caller whom the service knows otherwise, and nothing is booked by it.
"""

import re
from datetime import datetime
from typing import Final

from bank_adapters.contract import CALLBACK_BODY_BYTES_MAX, NoticeUnreadable
from bank_adapters.fields import compact_vietnam_time, read_json, write_json
from bank_adapters.gateways.receipt_block import receipt_block
from bank_adapters.outgoing import Order

PAYABLE: Final = 1
NOTHING_PAYABLE: Final = 0
UNKNOWN_DOSSIER: Final = -1
DECISION_DATE: Final = "NgayQD"

_DOSSIER: Final = re.compile(r"[A-Za-z0-9._/-]{1,60}")


def read_dossier_question(body: bytes) -> str:
    """Return the dossier code that is asked for; `NoticeUnreadable` when there is none."""
    if len(body) > CALLBACK_BODY_BYTES_MAX:
        raise NoticeUnreadable(f"more than {CALLBACK_BODY_BYTES_MAX} bytes")
    return read_json(body, NoticeUnreadable).text("MaHoSo", _DOSSIER)


def write_payable(client_id: str, order: Order, asked_at: datetime) -> bytes:
    """Write what is payable, under the reference by which the payment will be notified.

    `MaTraCuuTT` is the dossier code with the time of asking. Raises `RequestRefused` for an order
    whose receipt block is incomplete.
    """
    time = compact_vietnam_time(asked_at)
    block = receipt_block(order)
    message = {
        "transaction_id": order.reference,
        "client_id": client_id,
        "MaTraCuuTT": order.beneficiary.dossier_code + time,
        **block,
        DECISION_DATE: time[:8],
    }
    return write_json({"error_code": PAYABLE, "message": message})


def write_nothing_payable() -> bytes:
    """Write that the dossier is known and nothing is open: paid, or no fee was asked."""
    return write_json({"error_code": NOTHING_PAYABLE, "message": []})


def write_unknown_dossier() -> bytes:
    """Write that no such dossier is known here, or that the question could not be read."""
    return write_json({"error_code": UNKNOWN_DOSSIER, "message": []})
