"""Money that a gateway takes back or adjusts; it tells of that in its next settlement report.

Functions that return an act are words of the catalogue of scenarios.
"""

from payment_service.simulation.lives import Life
from payment_service.simulation.stage import Act, Stage


def take_back(kind: str) -> Act:
    """Let the gateway take the life's payment back: a `chargeback`, or a `refund` of its own."""

    async def act(stage: Stage, life: Life) -> None:
        order = life.orders[0]
        original = order.provider_transaction
        stage.gateway.change(life, stage.today, kind, -order.amount_minor, original=original)

    return act


def adjust(amount_minor: int) -> Act:
    """Let the gateway add an amount to its next payout, or keep it, and not say why."""

    async def act(stage: Stage, life: Life) -> None:
        stage.gateway.change(life, stage.today, "adjustment", amount_minor)

    return act


def refund_at_gateway() -> Act:
    """Let an officer ask to return the payment, another approve, and the gateway execute it."""

    async def act(stage: Stage, life: Life) -> None:
        order = await stage.officers.return_money(life.unit_code, life.asked.reference)
        life.names.add(order)
        amount_minor = life.orders[0].amount_minor
        stage.gateway.change(life, stage.today, "refund", -amount_minor, our_reference=order)

    return act
