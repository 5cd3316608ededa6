"""The catalogue: every scenario by its name, in the order in which people read about them."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from payment_service.simulation.gateway_scenarios import GATEWAY_SCENARIOS
from payment_service.simulation.notice_scenarios import NOTICE_SCENARIOS, WEAK_NOTICE_SCENARIOS
from payment_service.simulation.refund_scenarios import REFUND_SCENARIOS
from payment_service.simulation.scenario import Scenario, Varies
from payment_service.simulation.settlement_scenarios import SETTLEMENT_SCENARIOS
from payment_service.simulation.transfer_scenarios import (
    MEMO_SCENARIOS,
    STATEMENT_SCENARIOS,
    TRANSFER_SCENARIOS,
)

SCENARIOS: Final[Mapping[str, Scenario]] = MappingProxyType(
    {
        scenario.name: scenario
        for scenario in (
            *(replace(each, varies=Varies.AT_GATEWAYS) for each in GATEWAY_SCENARIOS),
            *SETTLEMENT_SCENARIOS,
            *TRANSFER_SCENARIOS,
            *(replace(each, varies=Varies.TOLD_BY_BANKS) for each in NOTICE_SCENARIOS),
            *(replace(each, varies=Varies.TOLD_BY_BANKS) for each in WEAK_NOTICE_SCENARIOS),
            *REFUND_SCENARIOS,
            *MEMO_SCENARIOS,
            *STATEMENT_SCENARIOS,
        )
    }
)
"""One entry a name; names are what `simulate` takes."""
