"""The two legacy encodings of Vietnamese text as bytes in and text out; no guess is made here.

Windows-1258 writes tones as combining marks; they are joined to their letters (NFC). TCVN3 is the
encoding of the ABC fonts: TCVN 5712:1993, table VN3, checked against the table of X.Org's
`lcUniConv/tcvn.h`. It knows no capital letters with tones; the capital fonts draw the small ones.
"""

import codecs
import unicodedata
from typing import Final

_SMALL: Final = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB5, "àảãáạ"),
    (0xBB, "ằẳẵắ"),
    (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò"),
    (0xE1, "ỏõóọồổỗốộờởỡớợù"),
    (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
)
_OPEN: Final = "\ufffe"  # what `charmap_decode` takes for a byte without a character


def _tcvn3() -> str:
    table = [chr(code) if code < 0x80 else _OPEN for code in range(256)]  # noqa: PLR2004  ASCII
    for start, letters in _SMALL:
        table[start : start + len(letters)] = letters
    return "".join(table)


TCVN3: Final = _tcvn3()
"""The character of each byte; the bytes of controls and of bare tones have none."""


def decode_tcvn3(data: bytes) -> str:
    """Decode TCVN3 (ABC); a byte that it leaves open raises `UnicodeDecodeError`."""
    return codecs.charmap_decode(data, "strict", TCVN3)[0]


def decode_windows_1258(data: bytes) -> str:
    """Decode Windows-1258, tones joined to their letters; whole lines only."""
    return unicodedata.normalize("NFC", data.decode("cp1258"))
