"""What SePay says of a movement on an account: its direction is its result."""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeTable, meaning, unknown_code
from bank_adapters.vocabulary import NoticeResult

INCOMING: Final = "in"
OUTGOING: Final = "out"
NO_TRANSACTION: Final = "none"
"""Our own word for an answer that lists no such transaction."""
UNKNOWN_CODE: Final = unknown_code("SePay")

RESULT_CODES: Final[CodeTable] = MappingProxyType(
    {
        INCOMING: meaning(
            NoticeResult.PAID,
            "Tiền đã vào tài khoản.",
            "The money arrived on the account.",
        ),
        # The nearest true word: by this message nobody paid us anything.
        OUTGOING: meaning(
            NoticeResult.FAILED,
            "Tiền ra khỏi tài khoản; đây không phải khoản nộp.",
            "Money left the account; this is not a payment to us.",
        ),
        NO_TRANSACTION: meaning(
            NoticeResult.FAILED,
            "SePay không thấy giao dịch nào có mã tham chiếu này.",
            "SePay finds no transaction with this reference.",
        ),
    }
)
