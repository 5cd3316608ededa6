"""Draws a QR code as a PNG image; what the code says is decided elsewhere."""

import io

import segno

SCALE_PIXELS = 8
QUIET_ZONE_MODULES = 4


def draw_qr_png(payload: str) -> bytes:
    """Return a black and white PNG with error correction M, as banks' apps expect it."""
    image = io.BytesIO()
    segno.make(payload, error="m", boost_error=False, micro=False).save(
        image, kind="png", scale=SCALE_PIXELS, border=QUIET_ZONE_MODULES
    )
    return image.getvalue()
