"""Mirrors payment_service/web/staff."""
