"""Documents: QR images."""
