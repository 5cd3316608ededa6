"""How much each benchmark does: constants, so that two days of figures can be compared."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Counts of one run; `repeats` is how often a cheap measurement is taken for its median."""

    requests: int
    callbacks: int
    verified: int
    statement_entries: tuple[int, ...]
    reconciled_lines: tuple[int, ...]
    engine_payments: tuple[int, ...]
    other_plans_payments: tuple[int, ...]
    scaled_payments: tuple[int, ...]
    repeats: int
    connections: int = 16
    server_workers: int = 2


FULL = Sizes(
    requests=4_000,
    callbacks=3_000,
    verified=2_000,
    statement_entries=(10_000, 100_000, 1_000_000),
    reconciled_lines=(20_000, 100_000),
    engine_payments=(10_000, 100_000, 1_000_000),
    other_plans_payments=(2_000, 10_000, 100_000),
    scaled_payments=(100_000, 1_000_000),
    repeats=3,
)
QUICK = Sizes(
    requests=400,
    callbacks=200,
    verified=200,
    statement_entries=(5_000,),
    reconciled_lines=(2_000,),
    engine_payments=(2_000, 10_000),
    other_plans_payments=(1_000,),
    scaled_payments=(2_000,),
    repeats=1,
)
LARGE = replace(
    FULL,
    engine_payments=(*FULL.engine_payments, 10_000_000),
    scaled_payments=(*FULL.scaled_payments, 10_000_000),
)
