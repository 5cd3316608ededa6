"""Offers `town` to the tests of this folder."""

from tests.payment_service.use_cases.towns import town

__all__ = ["town"]
