"""What every act of the play is given: the service, the day, bank, gateway and officers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bank_adapters.payment_reference import is_valid
from payment_service.simulation.bank import Bank
from payment_service.simulation.gateway import Gateway
from payment_service.simulation.gateway_server import GatewayServer
from payment_service.simulation.http_client import Answer, Transport
from payment_service.simulation.lives import Asked, Life
from payment_service.simulation.places import Place


class Surprise(Exception):
    """The service answered what its contract does not promise."""


class Staff(Protocol):
    """What officers do for a life."""

    async def return_money(self, unit_code: str, payment_reference: str) -> str:
        """Ask for and approve a return of money; give the order's reference to the bank."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """The outside world on one business day; `clock` is the service's own, moved or not."""

    transport: Transport
    api_key: str
    clock: Callable[[], datetime]
    bank: Bank
    gateway: Gateway
    gateway_server: GatewayServer
    officers: Staff
    today: date

    def place_of(self, life: Life) -> Place:
        """Return the account of a life's unit."""
        return self.bank.places[life.unit_code]


Act = Callable[[Stage, Life], Awaitable[None]]
"""One thing that somebody does in a life."""


def require(answer: Answer, status: int, what: str) -> Answer:
    """Return the answer when it has this status; raise `Surprise` otherwise."""
    if answer.status != status:
        raise Surprise(f"{what}: {answer.status} {_words(answer)}, expected {status}")
    return answer


def _words(answer: Answer) -> str:
    """Return what an answer says in one line: the detail of a problem, or the title of a page."""
    if "json" in answer.header("content-type"):
        return answer.body.decode(errors="replace")[:300]
    page = " ".join(answer.body.decode(errors="replace").split())
    return page.partition("<title>")[2].partition("</title>")[0] or page[:100]


def remember(life: Life, asked: Asked) -> None:
    """Add a request to a life."""
    if not is_valid(asked.reference):
        raise Surprise(f"the service printed an invalid reference: {asked.reference}")
    life.requests.append(asked)
    life.names.add(asked.request_id)
