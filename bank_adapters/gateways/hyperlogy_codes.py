"""What Hyperlogy's `status` means for people: 0 is assumed to mean paid, no other is documented."""

from types import MappingProxyType
from typing import Final

from bank_adapters.gateways.codes import CodeTable, meaning, unknown_code
from bank_adapters.gateways.hyperlogy import SUCCESS
from bank_adapters.vocabulary import NoticeResult

UNKNOWN_CODE: Final = unknown_code("Hyperlogy")

STATUSES: Final[CodeTable] = MappingProxyType(
    {
        SUCCESS: meaning(
            NoticeResult.PAID,
            "Tiền đã vào tài khoản ảo.",
            "The money arrived on the virtual account.",
        )
    }
)
