"""What handlers are given by the name of their parameter."""

from uuid import UUID

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation

from payment_service.context import Context

GivenContext = NamedDependency[SkipValidation[Context]]
"""The type of a handler's parameter `context`."""

GivenClient = NamedDependency[SkipValidation[UUID]]
"""The type of a handler's parameter `client_id`: who calls, behind `require_client`."""


def context_of(state: State) -> Context:
    """Return the context that the application was opened with."""
    context: Context = state.context
    return context


def client_of(request: Request[None, UUID, State]) -> UUID:
    """Return the client whose key the request carries."""
    return request.auth


CONTEXT = {"context": Provide(context_of, sync_to_thread=False)}
CLIENT = {"client_id": Provide(client_of, sync_to_thread=False)}
