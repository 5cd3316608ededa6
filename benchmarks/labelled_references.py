"""Valid payment references by the million, as SQL over a serial number; none comes twice."""

from typing import Final

from bank_adapters.payment_reference import ALPHABET, BODY_LENGTH, LENGTH, PREFIX, WEIGHTS

# Without T none begins with what a bank's own number may look like (`payment_reference.FOREIGN`).
_FIRST: Final = ALPHABET.replace("T", "")
_BODIES: Final = len(_FIRST) * len(ALPHABET) ** (BODY_LENGTH - 1)
_STEP: Final = 15_485_863_000_019
"""Has no factor in common with the number of bodies, so that every serial has its own body."""

_SYMBOLS: Final = [
    *(f"'{symbol}'" for symbol in PREFIX),
    f"substr('{_FIRST}', 1 + CAST(body % {len(_FIRST)} AS INTEGER), 1)",
    *(
        f"substr('{ALPHABET}', 1 + CAST(body // {len(_FIRST) * len(ALPHABET) ** place}"
        f" % {len(ALPHABET)} AS INTEGER), 1)"
        for place in range(BODY_LENGTH - 1)
    ),
]
# The check symbol weighs -1, so it equals the sum of all the others.
_CHECK: Final = " + ".join(
    f"{WEIGHTS[place]} * (strpos('{ALPHABET}', substr(stem, {place + 1}, 1)) - 1)"
    for place in range(LENGTH - 1)
)

REFERENCES: Final = (
    f"""
    CREATE MACRO body_of(serial, shift) AS
        CAST((CAST(serial AS HUGEINT) * {_STEP} + shift) % {_BODIES} AS BIGINT)
    """,
    f"CREATE MACRO stem_of(body) AS {' || '.join(_SYMBOLS)}",
    f"""
    CREATE MACRO checked(stem) AS
        stem || substr('{ALPHABET}', 1 + CAST(({_CHECK}) % {len(ALPHABET)} AS INTEGER), 1)
    """,
)
"""Macros: `body_of` a serial, the `stem_of` a body, and the stem `checked`: the reference."""
