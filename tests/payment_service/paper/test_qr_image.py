"""QR images are whole PNG files, square, and say what they were given."""

import struct
import zlib

import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from payment_service.paper.qr_image import QUIET_ZONE_MODULES, SCALE_PIXELS, draw_qr_png


def _modules(png: bytes) -> list[list[bool]]:
    """Return the dark modules of a one-bit greyscale or palette PNG, by its own chunks."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, position = {}, 8
    while position < len(png):
        (length,) = struct.unpack(">I", png[position : position + 4])
        kind = png[position + 4 : position + 8]
        chunks[kind] = png[position + 8 : position + 8 + length]
        position += 12 + length
    width, height, depth = struct.unpack(">IIB", chunks[b"IHDR"][:9])
    assert (width, depth) == (height, 1)
    row_bytes = 1 + (width + 7) // 8
    raw = zlib.decompress(chunks[b"IDAT"])
    rows = []
    for y in range(0, height, SCALE_PIXELS):
        row = raw[y * row_bytes + 1 : (y + 1) * row_bytes]
        rows.append([not row[x // 8] >> (7 - x % 8) & 1 for x in range(0, width, SCALE_PIXELS)])
    return rows


@settings(max_examples=10)
@given(st.text(alphabet="0123456789ABCDEF.-", min_size=20, max_size=160))
def test_the_image_shows_the_modules_of_its_payload(payload: str) -> None:
    shown = _modules(draw_qr_png(payload))
    quiet = QUIET_ZONE_MODULES
    expected = segno.make(payload, error="m", boost_error=False, micro=False).matrix
    inner = [row[quiet:-quiet] for row in shown[quiet:-quiet]]
    assert inner == [[bool(module) for module in row] for row in expected]
    assert not any(map(any, shown[:quiet]))
    assert not any(any(row[:quiet]) or any(row[-quiet:]) for row in shown)
