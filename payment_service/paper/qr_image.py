"""Draws a QR code as an image; what the code says is decided elsewhere."""

import io

import segno

SCALE_PIXELS = 8
QUIET_ZONE_MODULES = 4


def draw_qr_png(payload: str) -> bytes:
    """Return a black and white PNG with error correction M, as banks' apps expect it."""
    image = io.BytesIO()
    _code(payload).save(image, kind="png", scale=SCALE_PIXELS, border=QUIET_ZONE_MODULES)
    return image.getvalue()


def draw_qr_svg(payload: str) -> str:
    """Return the same as an SVG element of any size, to stand in a page that shows it once."""
    return str(_code(payload).svg_inline(border=QUIET_ZONE_MODULES, light="#fff", omitsize=True))


def _code(payload: str) -> segno.QRCode:
    return segno.make(payload, error="m", boost_error=False, micro=False)
