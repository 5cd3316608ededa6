"""Payouts, refunds and top-ups: found by field or by word, and only with the exact amount."""

from tests.reconciliation.tables import details, item, line, line_breaks, moves, run

PAYOUT = item("p", "payout", 970, reference="VNP-20261116-01")


def test_batch_field_and_exact_amount_settle() -> None:
    result = run([line("l", 970, batch_reference="VNP-20261116-01")], [PAYOUT])
    assert moves(result) == [("batches", "A", "l", "p", None, "settle", 970)]


def test_batch_is_a_word_of_the_narrative_and_never_a_part_of_one() -> None:
    told = line("l", 970, narrative="VNPAY chuyen tien dot:vnp-20261116-01, 35 GD")
    assert [move[3] for move in moves(run([told], [PAYOUT]))] == ["p"]
    longer = line("l", 970, narrative="VNPAY chuyen tien VNP-20261116-012")
    assert moves(run([longer], [PAYOUT])) == []
    short = item("p", "payout", 970, reference="BATCH1")
    assert moves(run([line("l", 970, narrative="tra BATCH1")], [short])) == []


def test_another_amount_is_a_break() -> None:
    result = run([line("l", 960, batch_reference="VNP-20261116-01")], [PAYOUT])
    assert line_breaks(result) == {"l": "BATCH_AMOUNT"}
    assert details(result, "BATCH_AMOUNT")["expected_minor"] == 970


def test_a_negative_net_is_a_debit() -> None:
    owed = PAYOUT | {"direction": "debit"}
    lines = [
        line("in", 970, batch_reference="VNP-20261116-01"),
        line("out", 970, batch_reference="VNP-20261116-01", direction="debit"),
    ]
    result = run(lines, [owed])
    assert [move[2] for move in moves(result)] == ["out"]
    assert line_breaks(result) == {"in": "BANK_NO_BATCH"}


def test_refund_and_top_up_by_field_are_class_a_and_by_narrative_class_b() -> None:
    items = [
        item("r", "refund", 50, reference="HOAN26000001"),
        item("t", "cost_top_up", 30, reference="BUCP26000001"),
    ]
    lines = [
        line("out", 50, direction="debit", end_to_end_reference="HOAN26000001"),
        line("in", 30, narrative="UBND bu chi phi BUCP26000001"),
    ]
    found = {(move[1], move[2], move[3]) for move in moves(run(lines, items))}
    assert found == {("A", "out", "r"), ("B", "in", "t")}


def test_a_line_that_names_two_batches_waits_for_a_person_also_when_one_is_closed() -> None:
    other = item("q", "payout", 970, reference="VNP-20261117-01")
    told = line("l", 970, narrative="VNP-20261116-01 VNP-20261117-01")
    result = run([told], [PAYOUT, other])
    assert line_breaks(result) == {"l": "AMBIGUOUS_REFERENCE"}
    assert details(result, "AMBIGUOUS_REFERENCE")["references"] == [
        "VNP-20261116-01",
        "VNP-20261117-01",
    ]
    closed = other | {"residual_minor": 0, "state": "closed"}
    assert moves(run([told], [PAYOUT, closed])) == []


def test_a_batch_already_paid_is_named_as_the_nearest_miss() -> None:
    paid = PAYOUT | {"residual_minor": 0, "state": "closed"}
    result = run([line("l", 970, batch_reference="VNP-20261116-01")], [paid])
    assert line_breaks(result) == {"l": "BANK_NO_BATCH"}
    assert details(result, "BANK_NO_BATCH")["nearest_miss"] == [
        {"kind": "closed_item", "reference": "VNP-20261116-01"}
    ]


def test_two_lines_for_one_batch_wait_for_a_person() -> None:
    twins = [line(name, 970, batch_reference="VNP-20261116-01") for name in ("a", "b")]
    result = run(twins, [PAYOUT])
    assert moves(result) == []
    assert line_breaks(result) == {"a": "AMBIGUOUS_REFERENCE", "b": "AMBIGUOUS_REFERENCE"}
