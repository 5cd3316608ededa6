"""The texts that ZaloPay v2 signs: raw values joined by `|`, and the `data` of a callback.

What is registered for ZaloPay is `key1:key2`: our requests are signed with the first, its
callbacks with the second.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bank_adapters.contract import Algorithm
from bank_adapters.fields import VIETNAM_TIME
from bank_adapters.signatures.primitives import hmac_hex, secret_part

ALGORITHM: Final = Algorithm.HMAC_SHA256_HEX
KEY_1, KEY_2 = 0, 1
"""Where the two stand in the registered material."""
MAC: Final = "mac"

ORDER: Final = (
    "app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item",
)  # fmt: skip
REFUND: Final = ("app_id", "zp_trans_id", "amount", "description", "timestamp")

_DATED: Final = re.compile(r"[0-9]{6}_(.+)", re.DOTALL)


def app_trans_id(ordered_at: datetime, reference: str) -> str:
    """Return ZaloPay's name of our order: it begins with the day in Vietnam, `yymmdd_`."""
    if ordered_at.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {ordered_at.isoformat()}")
    return f"{ordered_at.astimezone(VIETNAM_TIME):%y%m%d}_{reference}"


def reference_of(name: str) -> str:
    """Return our reference inside such a name; any other text is returned as it is."""
    dated = _DATED.fullmatch(name)
    return dated[1] if dated else name


def joined(names: Sequence[str], values: Mapping[str, object]) -> bytes:
    """Return the text of a request: values in this order."""
    return "|".join(str(values[name]) for name in names).encode()


def query_content(app_id: str, name: str, material: bytes) -> bytes:
    """Return the text of a query, in which the key itself stands last."""
    return b"|".join((app_id.encode(), name.encode(), secret_part(material, KEY_1)))


def sign(content: bytes, material: bytes, part: int) -> str:
    """Return the `mac` of a text with one of the two keys."""
    return hmac_hex(ALGORITHM, content, secret_part(material, part))
