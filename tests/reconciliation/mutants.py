"""One-token changes of the filters of every pass: each has to be noticed by the battery.

A mutation is the text as it stands once in the statement, and what stands there instead.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tests.reconciliation.batch_mutants import BATCHES, Mutations, without_each

_REVERSALS: Mutations = (
    ("WHERE returned_reference <> '' OR is_reversal", "WHERE returned_reference <> ''"),
    ("WHERE returned_reference <> '' OR is_reversal", "WHERE is_reversal"),
    ("WHERE NOT is_reversal AND returned_reference = ''", "WHERE returned_reference = ''"),
    ("WHERE NOT is_reversal AND returned_reference = ''", "WHERE NOT is_reversal"),
    (" AND is_key(bank_reference)", ""),
    ("ON o.account_group = r.account_group AND", "ON"),
    ("AND o.account = r.account\n", "\n"),
    ("AND o.currency = r.currency AND", "AND"),
    ("o.direction <> r.direction", "o.direction = r.direction"),
    ("o.direction <> r.direction", "TRUE"),
    ("AND o.amount_minor = r.amount_minor AND", "AND"),
    ("AND o.bank_reference = r.original_key", ""),
    ("o.booking_date <= r.booking_date", "o.booking_date < r.booking_date"),
    ("o.booking_date <= r.booking_date", "TRUE"),
    (">= r.booking_date - CAST", "> r.booking_date - CAST"),
    (">= r.booking_date - CAST", "<= r.booking_date - CAST"),
    *without_each("PARTITION BY ", "r.account_group, r.account, r.currency, r.direction", ","),
    ("r.amount_minor, r.original_key)", "r.original_key)"),
    ("r.amount_minor, r.original_key)", "r.amount_minor)"),
    ("originals = 0 OR (originals = 1 AND NOT is_in_time)", "(originals = 1 AND NOT is_in_time)"),
    ("originals = 0 OR (originals = 1 AND NOT is_in_time)", "originals = 0"),
    ("AND NOT is_in_time", "AND is_in_time"),
    (" OR left_minor < amount_minor", ""),
    ('WHEN originals > 1 OR "returns" > 1', "WHEN originals > 1"),
    ('WHEN originals > 1 OR "returns" > 1', 'WHEN "returns" > 1'),
    ("FROM counted WHERE left_minor > 0", "FROM counted"),
    (" AND opposite_left_minor < amount_minor", ""),
)
_NOTICES: Mutations = (
    ("WHERE kind = 'bank_notice' AND", "WHERE"),
    (" AND is_key(provider_transaction)", ""),
    *without_each(
        "same AS (PARTITION BY ", "account_group, currency, account, provider_transaction"
    ),
    *without_each("OVER (PARTITION BY ", "account_group, currency, account, provider_transaction"),
    ("i.account_group = l.account_group AND", ""),
    ("AND i.currency = l.currency\n", "\n"),
    ("AND i.provider_transaction = l.bank_reference", ""),
    ("AND i.account = l.account", ""),
    ("WHERE l.direction = 'credit' AND", "WHERE"),
    (" AND i.place = 1", ""),
    ("l.left_minor = l.amount_minor AND", ""),
    ("i.left_minor = i.amount_minor\n            AND", ""),
    ("AND l.amount_minor = i.amount_minor AS", "AS"),
    ("min(booking_date)", "max(booking_date)"),
    ("(PARTITION BY item_no, booking_date)", "(PARTITION BY item_no)"),
    ("booking_date = first_day", "booking_date <> first_day"),
    ("booking_date = first_day AND", ""),
    ("rivals = 1", "rivals >= 1"),
    ("twins = 1", "twins >= 1"),
    ("is_exact OR twins > 1", "is_exact"),
    ("is_exact OR twins > 1", "twins > 1"),
    ("item_no NOT IN", "item_no IN"),
)
_REFERENCES: Mutations = (
    ("FROM item\n    WHERE kind = 'due'", "FROM item"),
    ("FROM open_item\n", "FROM item\n"),
    ("WHERE kind = 'unit_transfer' AND", "WHERE"),
    (" AND direction = 'credit'\n", "\n"),
    ("w.account_group = l.account_group AND", ""),
    ("AND w.key = n.symbols", ""),
    ("WHERE l.direction = 'credit'", "WHERE TRUE"),
    ("count(*) = 1 AND", ""),
    ("AND bool_and(is_due)", ""),
    ("WHEN i.state = 'open'", "WHEN i.state <> 'open'"),
    ("(PARTITION BY s.item_no ORDER BY", "(ORDER BY"),
    ("ORDER BY l.line_no\n", "ORDER BY l.line_no DESC\n"),
    ("AND 1 PRECEDING", "AND CURRENT ROW"),
    ("s.is_sole AND", ""),
    ("i.currency = l.currency AND", ""),
    ("(i.account = l.account OR i.account = '')", "i.account = ''"),
    ("(i.account = l.account OR i.account = '')", "i.account = l.account"),
    ("(i.account = l.account OR i.account = '')", "TRUE"),
    ("greatest(due_minor", "least(due_minor"),
    ("least(left_minor", "greatest(left_minor"),
    ("WHEN left_minor <> left_before_minor", "WHEN left_minor = left_before_minor"),
    ("WHEN left_minor <= left_before_minor", "WHEN left_minor < left_before_minor"),
    ("WHEN state = 'cancelled'", "WHEN state <> 'cancelled'"),
    ("WHEN left_before_minor = 0", "WHEN left_before_minor > 0"),
    ("CASE pass_name WHEN 'exact_key'", "CASE pass_name WHEN 'reference_in_memo'"),
    ("settled_minor > 0", "settled_minor >= 0"),
    ("WHERE left_minor > settled_minor", "WHERE left_minor >= settled_minor"),
    ("WHERE NOT is_sole", "WHERE is_sole"),
)
_REPAIRED: Mutations = (
    ("(PARTITION BY line_no)", "(PARTITION BY line_no, item_no)"),
    ("(PARTITION BY item_no)", "(PARTITION BY line_no, item_no)"),
    ("a.dues = 1 AND", ""),
    ('AND a."lines" = 1', ""),
    ("AND l.left_minor = i.left_minor", ""),
    ("(i.account = l.account OR i.account = '')", "i.account = ''"),
    ("(i.account = l.account OR i.account = '')", "i.account = l.account"),
    ("(i.account = l.account OR i.account = '')", "TRUE"),
    ("i.payer_account <> '' AND", ""),
    ("AND i.payer_account = l.counterparty_account", ""),
    ("l.booking_date <= getvariable", "l.booking_date < getvariable"),
    ("AND l.booking_date <= getvariable('weak_until')", ""),
)
_PAIRS: Mutations = (
    ("WHERE direction = 'credit' AND", "WHERE"),
    ("AND counterparty_account <> ''", ""),
    ("AND line_no NOT IN (SELECT line_no FROM named)", ""),
    ("AND line_no NOT IN (SELECT line_no FROM repaired)", ""),
    *without_each(
        "GROUP BY ", "account_group, currency, left_minor, counterparty_account", " HAVING"
    ),
    *without_each("GROUP BY ", "account_group, currency, left_minor", " HAVING"),
    ("counterparty_account HAVING count(*) = 1", "counterparty_account HAVING count(*) >= 1"),
    ("left_minor HAVING count(*) = 1", "left_minor HAVING count(*) >= 1"),
    ("FROM open_item WHERE kind = 'due'", "FROM open_item"),
    ("ON l.account_group = i.account_group AND", "ON"),
    ("AND l.currency = i.currency\n", "\n"),
    ("AND l.left_minor = i.left_minor AND", "AND"),
    ("AND l.counterparty_account = i.payer_account", ""),
    ("JOIN sole_line USING (line_no)", ""),
    ("(i.account = l.account OR i.account = '')", "i.account = ''"),
    ("(i.account = l.account OR i.account = '')", "i.account = l.account"),
    ("(i.account = l.account OR i.account = '')", "TRUE"),
    ("i.opened_on <= l.booking_date", "i.opened_on < l.booking_date"),
    ("AND i.opened_on <= l.booking_date", ""),
    ("l.booking_date <= getvariable", "l.booking_date < getvariable"),
    ("AND l.booking_date <= getvariable('weak_until')", ""),
)
_BANK_RULES: Mutations = (
    ("r.direction = l.direction AND", ""),
    ("AND r.code = split_part(l.bank_code, '-', -1)", ""),
    ("split_part(l.bank_code, '-', -1)", "l.bank_code"),
    ("l.left_minor = l.amount_minor AND", ""),
    ("AND l.left_minor <= getvariable('bank_line_minor_max')", ""),
    ("<= getvariable", "< getvariable"),
    ("AND NOT is_key(l.batch_key)", ""),
    ("FROM named WHERE is_valid", "FROM named"),
    ("AND l.line_no NOT IN (SELECT line_no FROM named WHERE is_valid)", ""),
)
_SUSPENSE: Mutations = (
    ("WHERE l.direction = 'credit'\n", "\n"),
    ("WHERE kind = 'due' AND reference_key <> ''", "WHERE kind = 'due'"),
    ("WHERE kind = 'due' AND reference_key <> ''", "WHERE reference_key <> ''"),
    ("bool_or(d.currency <> l.currency)", "bool_and(d.currency <> l.currency)"),
    (
        "d.account_group = l.account_group AND d.reference_key = n.symbols",
        "d.reference_key = n.symbols",
    ),
    ("FROM named_by WHERE is_valid", "FROM named_by"),
    ("WHERE f.is_near_miss AND l.direction = 'credit'", "WHERE f.is_near_miss"),
    ("WHERE f.is_near_miss AND l.direction = 'credit'", "WHERE l.direction = 'credit'"),
    ("WHERE left_minor > 0 AND state = 'open'", "WHERE left_minor > 0"),
    (
        "kind = 'payout' AND reference_key <> '' AND state <> 'open'",
        "reference_key <> '' AND state <> 'open'",
    ),
    ("AND state <> 'open'", ""),
    ("WHEN l.direction = 'debit'", "WHEN l.direction = 'credit'"),
    ("WHEN is_key(l.batch_key)", "WHEN l.batch_key IS NOT NULL"),
    ("WHEN l.direction = 'credit' AND p.dues IS NOT NULL", "WHEN p.dues IS NOT NULL"),
    ("p.account_group = l.account_group AND p.currency", "p.currency"),
    ("AND p.currency = l.currency\n", "\n"),
    ("AND p.left_minor = l.left_minor", ""),
    (
        "d.account_group = l.account_group AND d.reference_key = l.batch_key",
        "d.reference_key = l.batch_key",
    ),
    ("WHERE effect = 'hold'", "WHERE effect <> 'hold'"),
)
_WAITING: Mutations = (
    (
        "greatest(i.opened_on, i.due_on) <= p.last_day",
        "greatest(i.opened_on, i.due_on) < p.last_day",
    ),
    ("greatest(i.opened_on, i.due_on) <= p.last_day", "least(i.opened_on, i.due_on) <= p.last_day"),
    ("greatest(i.opened_on, i.due_on) <= p.last_day", "i.opened_on <= p.last_day"),
    ("greatest(i.opened_on, i.due_on) <= p.last_day", "i.due_on <= p.last_day"),
    ("WHERE kind = 'due' AND left_minor < amount_minor", "WHERE kind = 'due'"),
    ("WHERE kind = 'due' AND left_minor < amount_minor", "WHERE left_minor < amount_minor"),
    ("WHERE v.effect = 'surplus'", "WHERE v.effect = 'settle'"),
)

MUTANTS: Mapping[str, Mutations] = MappingProxyType(
    {
        "reversals": _REVERSALS,
        "bank_notices": _NOTICES,
        "batches": BATCHES,
        "references": _REFERENCES,
        "repaired_references": _REPAIRED,
        "mutual_pairs": _PAIRS,
        "bank_rules": _BANK_RULES,
        "suspense": _SUSPENSE,
        "waiting": _WAITING,
    }
)
"""Mutations by the module of `reconciliation.passes` whose statement they change."""

EQUIVALENT: Mapping[tuple[str, str, str], str] = MappingProxyType(
    {
        ("batches", "'[A-Z0-9]{8,}'", "'[A-Z0-9]{6,}'"): (
            "shorter words are found, and dropped again for their length"
        ),
        ("batches", "AND line_no NOT IN (SELECT line_no FROM settled)", ""): (
            "what a settled line names is settled with it"
        ),
        ("suspense", "bool_or(d.currency <> l.currency)", "bool_and(d.currency <> l.currency)"): (
            "a line that names two dues of its group is held before it comes here"
        ),
        (
            "suspense",
            "WHERE f.is_near_miss AND l.direction = 'credit'",
            "WHERE f.is_near_miss",
        ): "a debit has its name before a broken reference is looked at",
    }
)
"""Changes that no input can tell from the original, and why."""
