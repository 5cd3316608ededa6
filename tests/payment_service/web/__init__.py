"""Mirrors payment_service/web."""
