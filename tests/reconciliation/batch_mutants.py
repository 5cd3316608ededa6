"""One-token changes of the filters of the pass of payouts, refunds and top-ups."""

Mutations = tuple[tuple[str, str], ...]


def without_each(before: str, names: str, after: str = "") -> Mutations:
    """Leave out one name of a list after another."""
    listed = names.split(", ")
    return tuple(
        (
            before + names + after,
            before + ", ".join(other for other in listed if other != name) + after,
        )
        for name in listed
    )


BATCHES: Mutations = (
    (
        "FROM open_item WHERE kind IN ('payout', 'refund', 'cost_top_up', 'unit_transfer')",
        "FROM open_item WHERE 1=1",
    ),
    ("FROM open_item WHERE kind IN ('payout',", "FROM open_item WHERE kind IN ("),
    ("'unit_transfer')\n        AND is_key", "'x')\n        AND is_key"),
    ("'unit_transfer') AND is_key", "'x') AND is_key"),
    *without_each("same AS (PARTITION BY ", "account_group, currency, direction, reference_key"),
    *without_each("OVER (PARTITION BY ", "account_group, currency, direction, reference_key", "\n"),
    (
        "SELECT DISTINCT account_group, reference_key FROM item\n    WHERE",
        "SELECT DISTINCT account_group, reference_key FROM open_item\n    WHERE",
    ),
    ("'[A-Z0-9]{8,}'", "'[A-Z0-9]{6,}'"),
    ("'[A-Z0-9][A-Z0-9._/-]{7,}'", "'[A-Z0-9]{8,}'"),
    ("WHERE length(key) >= 8", "WHERE length(key) > 12"),
    ("w.account_group = s.account_group AND", ""),
    ("AND w.reference_key = s.key", ""),
    ("count(DISTINCT key)", "count(key)"),
    ("l.left_minor = l.amount_minor AND", ""),
    ("AND i.left_minor = i.amount_minor AS", "AS"),
    ("is_whole AND l.amount_minor", "l.amount_minor"),
    ("AND l.amount_minor = i.amount_minor AS", "AS"),
    ("ON i.account_group = l.account_group AND", "ON"),
    ("AND i.currency = l.currency\n", "\n"),
    ("i.direction = l.direction AND", ""),
    (" AND i.reference_key = k.key", ""),
    ("(i.account = l.account OR i.account = '')", "i.account = ''"),
    ("(i.account = l.account OR i.account = '')", "i.account = l.account"),
    ("(i.account = l.account OR i.account = '')", "TRUE"),
    ("i.place = 1 AND", ""),
    ("(k.field <> 'batch_reference' OR i.kind = 'payout')", "i.kind = 'payout'"),
    ("(k.field <> 'batch_reference' OR i.kind = 'payout')", "TRUE"),
    ("ORDER BY k.field = 'narrative', k.field", "ORDER BY k.field <> 'narrative', k.field"),
    ("min(booking_date)", "max(booking_date)"),
    ("(PARTITION BY item_no, booking_date)", "(PARTITION BY item_no)"),
    ("booking_date = first_day", "booking_date <> first_day"),
    ("booking_date = first_day AND", ""),
    ("rivals = 1", "rivals >= 1"),
    ("keys = 1 AND twins", "twins"),
    ("keys = 1 AND twins = 1", "keys = 1"),
    ("is_exact OR twins > 1 OR", "is_exact OR"),
    ("is_exact OR twins > 1 OR", "twins > 1 OR"),
    (" OR (keys > 1 AND NOT is_first)", ""),
    ("keys > 1 AND NOT is_first", "keys > 1"),
    ("keys > 1 AND NOT is_first", "NOT is_first"),
    ("of_line AS (PARTITION BY line_no)", "of_line AS ()"),
    ("(PARTITION BY item_no ORDER BY booking_date)", "(PARTITION BY item_no)"),
    ("(PARTITION BY item_no ORDER BY booking_date)", "(ORDER BY booking_date)"),
    ("fits = keys AND bool_and", "bool_and"),
    ("bool_and(is_whole AND twins", "bool_and(twins"),
    ('twins = 1 AND "lines" = 1)', '"lines" = 1)'),
    ('twins = 1 AND "lines" = 1)', "twins = 1)"),
    ("OVER (PARTITION BY line_no)", "OVER (PARTITION BY line_no, item_no)"),
    ('"lines" > 1 AND', ""),
    ("keys_until = 1 AND", ""),
    ("is_whole_until AND", ""),
    ("AND twins = 1\n        AND came", "AND came"),
    ("AND came_minor = expected_minor", ""),
    ("keys > 1 AND is_first AND", "is_first AND"),
    ("keys > 1 AND is_first AND", "keys > 1 AND"),
    ("AND named_minor = left_minor", ""),
    ("c.item_no = j.item_no AND", ""),
    ("AND j.booking_date <= c.complete_on", ""),
    ("PARTITION BY j.item_no", "PARTITION BY j.line_no"),
    (" AND item_no NOT IN (SELECT item_no FROM together)", ""),
    ("max(CASE", "min(CASE"),
    ("field = 'narrative' AND kind", "kind"),
    ("AND kind <> 'payout' THEN", "THEN"),
    ("least(left_minor, expected_minor)", "left_minor"),
    ("WHERE item_no NOT IN", "WHERE item_no IN"),
    ("AND line_no NOT IN (SELECT line_no FROM settled)", ""),
)
