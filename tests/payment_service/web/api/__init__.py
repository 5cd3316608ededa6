"""Mirrors payment_service/web/api."""
