"""Mirrors payment_service/paper."""
