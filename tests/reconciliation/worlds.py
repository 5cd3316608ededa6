"""Small random worlds in which everything that can go wrong with lines and items does."""

import random
from datetime import timedelta

from tests.reconciliation.tables import DAY, Row, item, line, reference

AMOUNTS = (50, 100, 150)


def world(rng: random.Random, group: str) -> tuple[list[Row], list[Row]]:
    """Return up to ten lines and up to nine items of one group, full of coincidences."""
    references = [reference(rng.randrange(10**9)) for _ in range(4)]
    items = [*_dues(rng, group, references), *_announced(rng, group)]
    lines = [_line(rng, f"{group}-l{number}", group, references) for number in range(10)]
    return lines[: rng.randrange(11)], items


def _dues(rng: random.Random, group: str, references: list[str]) -> list[Row]:
    dues = []
    for number, text in enumerate(references[: rng.randrange(4)]):
        amount_minor = rng.choice(AMOUNTS)
        residual_minor, state = rng.choice(
            [(amount_minor, "open"), (amount_minor, "open"), (20, "open"), (0, "closed")]
        )
        values = {
            "account": rng.choice(["", "", "0011"]),
            "currency": rng.choice(["VND"] * 5 + ["USD"]),
        }
        due = item(f"{group}-d{number}", "due", amount_minor, reference=text, **values)
        due |= {"residual_minor": residual_minor, "state": rng.choice([state] * 5 + ["cancelled"])}
        dues.append(due | {"account_group": group})
    return dues


def _announced(rng: random.Random, group: str) -> list[Row]:
    items = []
    for number in range(rng.randrange(6)):
        kind = rng.choice(["bank_notice", "payout", "refund", "cost_top_up"])
        key = rng.choice(["BATCH-0001", "BATCH-0002", "BATCH-0003"])
        announced = item(f"{group}-a{number}", kind, rng.choice(AMOUNTS), reference=key)
        announced["provider_transaction"] = rng.choice(["FT1", "FT2", "FT3"])
        announced["opened_on"] = announced["due_on"] = DAY - timedelta(days=rng.randrange(9))
        if kind == "payout":
            announced["direction"] = rng.choice(["credit", "credit", "debit"])
        items.append(announced | {"account_group": group})
    return items


def _line(rng: random.Random, name: str, group: str, references: list[str]) -> Row:
    words = rng.choices(
        [*references, "BATCH-0001", "batch-0002", "nộp phí"], k=rng.choice([0, 1, 1, 2])
    )
    values: Row = {
        "account_group": group,
        "account": rng.choice(["0011", "0011", "0022"]),
        "direction": rng.choice(["credit", "credit", "credit", "debit"]),
        "booking_date": DAY - timedelta(days=rng.randrange(3)),
        "bank_reference": rng.choice(["", "NONREF", "FT1", "FT2", "FT3", "FT4"]),
        "narrative": " ".join(words),
        "is_reversal": rng.random() < 0.2,
    }
    rare = rng.random()
    if rare < 0.2:
        values["end_to_end_reference"] = rng.choice([*references, "BATCH-0003"])
    elif rare < 0.3:
        values["batch_reference"] = rng.choice(["BATCH-0001", "BATCH-0009"])
    elif rare < 0.4:
        values["returned_reference"] = rng.choice(["FT1", "FT2", "FT3"])
    made = line(name, rng.choice(AMOUNTS), **values)
    made["residual_minor"] = rng.choice([made["amount_minor"]] * 5 + [0, 0, 20])
    return made
