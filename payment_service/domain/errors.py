"""What can go wrong, as sentences; the stable code and the HTTP status stand beside each.

A 4xx status means that the sender must change something, a 5xx that it may send again later.
"""


class PaymentServiceError(Exception):
    """The request could not be done."""

    code = "error"
    status = 500

    def __init__(self, detail: str = "", **data: object) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().splitlines()[0]
        self.data = data
        super().__init__(self.detail)


class NotFound(PaymentServiceError):
    """There is nothing here, or nothing that you may see."""

    code = "not-found"
    status = 404


class Invalid(PaymentServiceError):
    """The content of the request is not acceptable."""

    code = "invalid-content"
    status = 422


class Malformed(PaymentServiceError):
    """The request is not well-formed."""

    code = "malformed-request"
    status = 400


class Unauthenticated(PaymentServiceError):
    """The caller did not prove who it is."""

    code = "unauthenticated"
    status = 401


class Forbidden(PaymentServiceError):
    """The caller may not do this."""

    code = "forbidden"
    status = 403


class IdempotencyKeyMissing(PaymentServiceError):
    """A request that moves money carries an Idempotency-Key."""

    code = "idempotency-key-missing"
    status = 400


class IdempotencyKeyReused(PaymentServiceError):
    """This Idempotency-Key was used with another body."""

    code = "idempotency-key-reused"
    status = 422


class RequestInFlight(PaymentServiceError):
    """The first request with this Idempotency-Key is still running."""

    code = "request-in-flight"
    status = 409


class AlreadyRequested(PaymentServiceError):
    """The same thing is already asked for."""

    code = "already-requested"
    status = 409


class StateConflict(PaymentServiceError):
    """The record is no longer in a state that allows this."""

    code = "state-conflict"
    status = 409


class SamePerson(PaymentServiceError):
    """The person who asked may not be the one who decides."""

    code = "same-person"
    status = 403


class TooManyRequests(PaymentServiceError):
    """Too many tries; wait and try again."""

    code = "too-many-requests"
    status = 429


class Unavailable(PaymentServiceError):
    """The service cannot answer now; try again later."""

    code = "unavailable"
    status = 503


class GatewayUnavailable(Unavailable):
    """The gateway does not answer now; try again later."""


class GatewaySilent(GatewayUnavailable):
    """The gateway may have done what it was asked, and did not say."""

    code = "gateway-silent"


class ConfigurationError(PaymentServiceError):
    """The service cannot start as it is configured."""

    code = "configuration"
    status = 500
