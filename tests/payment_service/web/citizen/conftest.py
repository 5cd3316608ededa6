"""Offers `counter` to the tests of this folder."""

from tests.payment_service.web.citizen.counters import counter

__all__ = ["counter"]
