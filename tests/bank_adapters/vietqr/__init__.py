"""VietQR payloads."""
