"""Tiny worlds in which a match nearly happens: each row differs in one thing from what would fit.

Every theme makes one to three lines and items of one kind of evidence in two neighbouring account
groups, so that whatever a pass requires is missing in some of them and nothing else is.
"""

import random
from datetime import timedelta
from typing import Any

from tests.reconciliation.tables import DAY, Row, item, line, reference

SELDOM = 0.12


def dense_world(rng: random.Random, number: int) -> tuple[list[Row], list[Row]]:
    """Return the lines and items of one world; its theme follows from its number."""
    return THEMES[number % len(THEMES)](rng, f"D{number:05}")


def _flip(rng: random.Random, row: Row, **values: Any) -> Row:
    """Give some columns, each seldom, one of other values."""
    for name, others in values.items():
        if rng.random() < SELDOM:
            row[name] = rng.choice(others)
    return row


def _line(rng: random.Random, group: str, place: int, **values: Any) -> Row:
    row = line(f"{group}-l{place}", 100, account_group=group, **values)
    row["booking_date"] = DAY - timedelta(days=rng.choice([3, 3, 3, 4, 2]))
    _flip(
        rng,
        row,
        account=["0022"],
        account_group=[f"{group}x"],
        amount_minor=[50],
        booking_date=[DAY - timedelta(days=days) for days in (0, 402, 403, 404)],
        currency=["USD"],
        direction=["debit", "credit"],
        is_reversal=[True],
    )
    row["residual_minor"] = rng.choice([row["amount_minor"]] * 8 + [20, 0])
    return row


def _item(rng: random.Random, group: str, place: int, kind: str, **values: Any) -> Row:
    row = item(f"{group}-i{place}", kind, 100, account_group=group, **values)
    row["opened_on"] = DAY - timedelta(days=rng.choice([3, 4, 5]))
    _flip(
        rng,
        row,
        account=["0022", "0011"],
        account_group=[f"{group}x"],
        amount_minor=[50],
        currency=["USD"],
        due_on=[DAY - timedelta(days=days) for days in (1, 4, 5)],
        opened_on=[DAY - timedelta(days=days) for days in (0, 1, 2)],
        state=["cancelled"],
    )
    row["residual_minor"] = rng.choice([row["amount_minor"]] * 8 + [20])
    if rng.random() < SELDOM:
        row |= {"residual_minor": 0, "state": "closed"}
    return row


def _notices(rng: random.Random, group: str) -> tuple[list[Row], list[Row]]:
    key = rng.choice([f"FT{group}"] * 3 + ["NONREF"])
    items = []
    for place in range(rng.choice([1, 1, 2])):
        kind = rng.choice(["bank_notice"] * 5 + ["due"])
        account = "0011" if kind == "bank_notice" else ""
        row = _item(rng, group, place, kind, provider_transaction=key, account=account)
        items.append(_flip(rng, row, provider_transaction=["FT2"]))
    lines = [
        _flip(rng, _line(rng, group, place, bank_reference=key), bank_reference=["FT2"])
        for place in range(rng.choice([1, 2, 2, 3]))
    ]
    return lines, items


def _batches(rng: random.Random, group: str) -> tuple[list[Row], list[Row]]:
    keys = [f"{group}-0001", f"{group}-0002"]
    if rng.random() < SELDOM:
        keys[0] = "LOT-9"
    items = []
    for place in range(rng.choice([1, 2])):
        kind = rng.choice(["payout", "payout", "refund", "cost_top_up", "due"])
        row = _item(rng, group, place, kind, reference=rng.choice([keys[0], keys[0], keys[1]]))
        if kind == "payout":
            row["direction"] = rng.choice(["credit", "credit", "debit"])
        items.append(row)
    lines = []
    for place in range(rng.choice([1, 2, 2, 3])):
        row = _line(rng, group, place, direction=items[0]["direction"])
        fields = ["batch_reference", "end_to_end_reference", "narrative"]
        for field in rng.sample(fields, rng.choice([1, 1, 2])):
            row[field] = rng.choice([keys[0], keys[0], keys[0], keys[1]])
        if rng.random() < SELDOM:
            row["narrative"] = f"{keys[0].replace('-', '')} tra {keys[0]}"
        lines.append(row)
    return lines, items


def split_world(rng: random.Random, group: str) -> tuple[list[Row], list[Row]]:
    """Return items that lines name one by one, several at once, or several lines each."""
    keys = [f"{group}-0001", f"{group}-0002"]
    kind = rng.choice(["payout", "payout", "refund", "cost_top_up", "unit_transfer"])
    items = [_item(rng, group, place, kind, reference=key) for place, key in enumerate(keys)]
    if rng.random() < SELDOM:
        items.append(_item(rng, group, 3, kind, reference=rng.choice(keys)))
    lines = []
    are_parts = rng.random() < 0.5
    for place in range(rng.choice([1, 2, 2, 3])):
        named = keys[:1] if are_parts else keys
        if rng.random() < SELDOM:
            named = rng.choice([keys[:1], keys[1:], keys])
        row = _line(rng, group, place, direction=items[0]["direction"])
        row |= {"narrative": " ".join(named), "amount_minor": 50 if are_parts else 200}
        if rng.random() < SELDOM:
            row |= {rng.choice(["batch_reference", "end_to_end_reference"]): named[-1]}
        row = _flip(rng, row, amount_minor=[100, 100, 150])
        row["residual_minor"] = rng.choice([row["amount_minor"]] * 8 + [50])
        lines.append(row)
    return lines, items


def _payers(rng: random.Random, group: str) -> tuple[list[Row], list[Row]]:
    texts = [reference(rng.randrange(10**9)) for _ in range(3)]
    slipped = [text[:7] + "0" + text[8:] for text in texts]
    items = []
    for place in range(rng.choice([1, 1, 2])):
        kind = rng.choice(["due"] * 6 + ["payout"])
        row = _item(rng, group, place, kind, payer_account="P1", reference=texts[place])
        items.append(_flip(rng, row, payer_account=["", "P2"], reference=[texts[0]]))
    memo = rng.choice(["nop phi", slipped[0]])
    others = ["nop phi", slipped[0], texts[0], texts[2], f"{slipped[0]} {slipped[1]}"]
    lines = []
    for place in range(rng.choice([1, 1, 2])):
        row = _line(rng, group, place, counterparty_account="P1", narrative=memo)
        lines.append(_flip(rng, row, counterparty_account=["", "P2"], narrative=others))
    return lines, items


def _returns(rng: random.Random, group: str) -> tuple[list[Row], list[Row]]:
    key = rng.choice([f"FT{group}"] * 3 + ["NONREF"])
    paid = [_line(rng, group, place, bank_reference=key) for place in range(rng.choice([1, 1, 2]))]
    back = []
    for place in range(rng.choice([1, 1, 2])):
        row = _line(rng, group, 5 + place, direction="debit")
        row |= rng.choice(
            [
                {"returned_reference": key},
                {"returned_reference": key, "bank_reference": key},
                {"is_reversal": True, "bank_reference": key},
            ]
        )
        back.append(_flip(rng, row, returned_reference=["FT2"]))
    return paid + back, []


def _names(rng: random.Random, group: str) -> tuple[list[Row], list[Row]]:
    text = rng.choice([reference(rng.randrange(10**9)), f"{group}-77"])
    items = [
        _flip(rng, _item(rng, group, place, "due", reference=text), reference=["", "HPF", "B-77"])
        for place in range(rng.choice([1, 1, 2]))
    ]
    items.append(_item(rng, group, 7, "refund", reference=rng.choice(["B-77", "B-77", text])))
    lines = []
    for place in range(rng.choice([1, 2])):
        row = _line(rng, group, place)
        field = rng.choice(["narrative", "end_to_end_reference"])
        row[field] = rng.choice([text, text, text[:11], text[:6]])
        lines.append(_flip(rng, row, batch_reference=["B-77", "NONREF"]))
    return lines, items


THEMES = (_notices, _batches, _payers, _payers, _returns, _names, _payers)
