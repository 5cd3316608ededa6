"""Mirrors payment_service/web/citizen."""
