"""What somebody with the application's connection would try to do without the second person."""

DENIED, RULE, CHECKED, DOUBLE = "42501", "23000", "23514", "23505"

_NEW = "gen_random_uuid()"
_LAN = "(SELECT person_id FROM person WHERE username = 'lan')"
_MINH = "(SELECT person_id FROM person WHERE username = 'minh')"
_WAITING = "(SELECT approval_id FROM approval WHERE act = 'match_by_hand' AND decision IS NULL)"
_USED = "(SELECT approval_id FROM approval WHERE act = 'match_by_hand' AND decision = 'approved')"
_GROUP = "'00000000-0000-0000-0000-0000000000aa'"
_APPROVAL = "'00000000-0000-0000-0000-0000000000bb'"


def _matched(amount_minor: str, approval: str = "") -> str:
    """Match the open line that waits for its approval with its due."""
    link = f"INSERT INTO resolved_group VALUES ({_GROUP}, {approval});" if approval else ""
    return f"""
        INSERT INTO match_group SELECT {_GROUP}, unit.account_group_id, NULL, 'match_by_hand',
          'E', NULL, '{{}}', sha256('{{}}'), NULL, now() FROM unit
          JOIN collection_account USING (unit_id) LIMIT 1;
        INSERT INTO allocation SELECT {_NEW}, {_GROUP}, line_id, item_id, NULL, {amount_minor},
          now() FROM resolution_part WHERE approval_id = {_WAITING};
        {link}
    """


def _asked(act: str, amount_minor: int) -> str:
    return f"""
        INSERT INTO approval VALUES ({_APPROVAL}, '{act}', {_NEW}, {amount_minor}, 'x', {_LAN},
          now());
    """


_RESOLUTION = f"""
    INSERT INTO resolution (approval_id, unit_id, reason_code, effect)
    SELECT {_APPROVAL}, unit_id, 'nobody_found', '[]' FROM collection_account LIMIT 1;
"""
_DECIDED = f"""
    UPDATE approval SET decision = 'approved', decided_by = {_MINH}, decided_at = now()
    WHERE approval_id = {_WAITING};
"""


def _ordered(kind: str) -> str:
    return f"""
        INSERT INTO item (item_id, kind, direction, unit_id, account_group_id, account_id,
          reference, amount_minor, residual_minor, opened_on, due_on)
        SELECT {_NEW}, '{kind}', 'debit', unit_id, account_group_id, account_id, 'X', 1, 1,
          '2026-11-23', '2026-11-23' FROM collection_account LIMIT 1
    """


_WAITS = "(SELECT approval_id FROM waits)"
_OTHER_GROUP = "'00000000-0000-0000-0000-0000000000cc'"
_OF_PAYMENT = "(SELECT subject_id FROM approval WHERE act = 'learn_payer')"


def _undone(amount_minor: str, approval: str) -> str:
    """Undo the match that a payer was learned from, under an approval."""
    return f"""
        INSERT INTO match_group SELECT {_GROUP}, account_group_id, NULL, 'unmatch_by_hand', 'E',
          NULL, '{{}}', sha256('{{}}'), group_id, now() FROM match_group
          WHERE group_id = {_OF_PAYMENT};
        INSERT INTO allocation SELECT {_NEW}, {_GROUP}, line_id, item_id, money_id, {amount_minor},
          now() FROM allocation WHERE group_id = {_OF_PAYMENT};
        INSERT INTO resolved_group VALUES ({_GROUP}, {approval});
    """


_UNMATCH_APPROVED = (
    _asked("unmatch", 1)
    + _RESOLUTION
    + f"""
        INSERT INTO resolution_part SELECT {_APPROVAL}, position, line_id, line_version, item_id,
          item_version, part.group_id, part.amount_minor
          FROM resolution_part AS part JOIN approval USING (approval_id) WHERE act = 'learn_payer';
        UPDATE approval SET decision = 'approved', decided_by = {_MINH}, decided_at = now()
          WHERE approval_id = {_APPROVAL};
    """
)


def _order_of(group: str, kept: str) -> str:
    """Order money away as what a match, or any match at all, makes."""
    return f"""
        INSERT INTO item (item_id, kind, direction, unit_id, account_group_id, account_id,
          reference, amount_minor, residual_minor, opened_on, due_on)
        SELECT {group}, 'refund', 'debit', unit_id, account_group_id, account_id, 'X',
          part.amount_minor, part.amount_minor, '2026-11-23', '2026-11-23'
        FROM resolution_part AS part, collection_account
        WHERE approval_id = {kept} LIMIT 1;
    """


def _refunded(groups: str) -> str:
    """Carry out the refund that waits."""
    kept = _WAITS
    return f"""
        CREATE TEMP TABLE waits ON COMMIT DROP AS SELECT approval_id FROM approval
          WHERE act = 'refund' AND decision IS NULL;
        UPDATE approval SET decision = 'approved', decided_by = {_MINH}, decided_at = now()
          WHERE approval_id = {kept};
        INSERT INTO match_group SELECT unnest(ARRAY[{groups}]::uuid[]), account_group_id, NULL,
          'refund_ordered', 'E', NULL, '{{}}', sha256('{{}}'), NULL, now()
          FROM (SELECT account_group_id FROM collection_account LIMIT 1) AS here;
        INSERT INTO allocation SELECT {_NEW}, {_GROUP}, line_id, item_id, NULL, amount_minor, now()
          FROM resolution_part WHERE approval_id = {kept};
        INSERT INTO resolved_group SELECT unnest(ARRAY[{groups}]::uuid[]), {kept};
        {_order_of(_GROUP, kept)}
    """


RESOLUTION_ATTACKS: dict[str, tuple[str, str]] = {
    "a match by people that names no approval": (
        _matched("amount_minor"),
        "a match by people names its approval",
    ),
    "a match by people before it is decided": (
        _matched("amount_minor", _WAITING),
        "a match by people needs the approval of a second person",
    ),
    "a match by people under an approval that was used": (
        _matched("amount_minor", _USED),
        "something else is matched than was approved",
    ),
    "less matched than was approved": (
        f"CREATE TEMP TABLE waits ON COMMIT DROP AS SELECT {_WAITING} AS approval_id;"
        + _matched("amount_minor - 1", _WAITS)
        + _DECIDED,
        "something else is matched than was approved",
    ),
    "an allocation added to an approved match": (
        f"""INSERT INTO allocation SELECT {_NEW}, group_id, line_id, NULL, NULL, 1, now()
            FROM resolved_group, statement_line WHERE residual_minor > 0 LIMIT 1""",
        "nothing is added to a match that people approved",
    ),
    "a part added to what waits": (
        f"""INSERT INTO resolution_part (approval_id, position, item_id, item_version,
              amount_minor)
            SELECT {_WAITING}, 9, item_id, version, 1 FROM item LIMIT 1""",
        "nothing is added to what was asked for",
    ),
    "an act that says nothing": (_asked("match_by_hand", 1), "an approval says what is to be done"),
    "an act without its parts": (
        _asked("match_by_hand", 1) + _RESOLUTION,
        "an approval says what is to be done",
    ),
    "a second meaning for what waits": (
        f"""INSERT INTO resolution (approval_id, unit_id, reason_code, effect)
            SELECT approval_id, unit_id, 'bank_advice', '[]' FROM resolution
            WHERE approval_id = {_WAITING}""",
        DOUBLE,
    ),
    "a meaning for what was decided": (
        f"""INSERT INTO resolution (approval_id, unit_id, reason_code, effect)
            SELECT approval_id, unit_id, 'bank_advice', '[]' FROM resolution
            WHERE approval_id = {_USED}""",
        "what is to be done is said before it is decided",
    ),
    "a write-off beyond the band": (_asked("write_off", 20_001) + _RESOLUTION, CHECKED),
    "a charge beyond the band": (_asked("book_as_charge", 2_000_001) + _RESOLUTION, CHECKED),
    "a wider band": ("UPDATE resolution_band SET amount_max_minor = 1000000", DENIED),
    "a band of its own": (
        """INSERT INTO resolution_band SELECT act, unit.unit_id, 1000000, budget_line, 'x', true,
           valid_from, NULL FROM resolution_band, unit LIMIT 1""",
        DENIED,
    ),
    "money taken off its request by nobody": (
        """INSERT INTO money_retraction SELECT money_id, group_id FROM money, resolved_group
           WHERE kind = 'bank_line' AND money_id NOT IN (SELECT money_id FROM money_retraction)
           LIMIT 1""",
        "money is taken off a request by undoing its match",
    ),
    "a refund that nobody ordered": (_ordered("refund"), "money is ordered away by two people"),
    "a transfer to a unit that nobody ordered": (
        _ordered("unit_transfer"),
        "money is ordered away by two people",
    ),
    "a refund ordered in a match without approval": (
        _matched("amount_minor").replace("'match_by_hand',", "'refund_ordered',", 1),
        "a match by people names its approval",
    ),
    "a refund asked for without saying what": (
        _asked("refund", 1),
        "an approval says what is to be done",
    ),
    "money handed over without saying what": (
        _asked("move_to_unit", 1) + _RESOLUTION,
        "an approval says what is to be done",
    ),
    "a refund asked for as before": (_asked("surplus_refund", 1), CHECKED),
    "more is undone than was approved": (
        _UNMATCH_APPROVED
        + _undone("-amount_minor", _APPROVAL)
        + f"""
            INSERT INTO match_group SELECT {_OTHER_GROUP}, account_group_id, NULL,
              'unmatch_by_hand', 'E', NULL, '{{}}', sha256('{{}}'), group_id, now()
              FROM match_group AS it WHERE reverses IS NULL AND NOT EXISTS (
                SELECT FROM match_group AS undoing WHERE undoing.reverses = it.group_id)
              AND pass_name = 'bank_notices' LIMIT 1;
            INSERT INTO allocation SELECT {_NEW}, {_OTHER_GROUP}, line_id, item_id, money_id,
              -allocation.amount_minor, now() FROM allocation JOIN match_group AS undoing
              ON undoing.reverses = allocation.group_id AND undoing.group_id = {_OTHER_GROUP};
            INSERT INTO resolved_group VALUES ({_OTHER_GROUP}, {_APPROVAL})""",
        "another match is undone than was approved",
    ),
    "a payer known by nobody's approval": (
        f"""INSERT INTO payer_mapping SELECT {_USED}, unit_id, '1', 'H24.11-1', '2026-11-23',
            '2026-11-24' FROM collection_account LIMIT 1""",
        "a payer is known by the approval of a second person",
    ),
    "a payer known for another dossier": (
        """INSERT INTO payer_mapping SELECT approval_id, unit_id, payer_account, 'H24.11-1',
           valid_from, valid_to FROM payer_mapping""",
        "a payer is known by the approval of a second person",
    ),
    "a payer known for ever": (
        """INSERT INTO payer_mapping SELECT approval_id, unit_id, payer_account, dossier_code,
           valid_from, '2099-01-01' FROM payer_mapping""",
        CHECKED,
    ),
    "a payer known again after it was taken back": (
        "DELETE FROM payer_mapping_revocation",
        DENIED,
    ),
    "a match undone because its payer was learned": (
        _undone("-amount_minor", "(SELECT approval_id FROM approval WHERE act = 'learn_payer')"),
        "this is not what learn_payer does",
    ),
    "a refund ordered by a match by hand": (
        f"CREATE TEMP TABLE waits ON COMMIT DROP AS SELECT {_WAITING} AS approval_id;"
        + _matched("amount_minor", _WAITS)
        + _DECIDED
        + _order_of(_GROUP, _WAITS),
        "money is ordered away by two people",
    ),
    "a write-off that is called a match by hand": (
        f"CREATE TEMP TABLE waits ON COMMIT DROP AS SELECT {_WAITING} AS approval_id;"
        + _matched("amount_minor", _WAITS).replace("'match_by_hand',", "'write_off',", 1)
        + _DECIDED,
        "this is not what match_by_hand does",
    ),
    "a refund ordered twice by one approval": (
        _refunded(f"{_GROUP}, {_OTHER_GROUP}") + _order_of(_OTHER_GROUP, _WAITS),
        "this is not what refund does",
    ),
    "less undone than was matched": (
        _UNMATCH_APPROVED + _undone("1 - amount_minor", _APPROVAL),
        "a match is undone by taking back what it took",
    ),
    "nothing undone": (
        _UNMATCH_APPROVED
        + _undone("-amount_minor", _APPROVAL).replace(
            "now() FROM allocation WHERE", "now() FROM allocation WHERE false AND"
        ),
        "a match is undone as a whole",
    ),
    "another line matched by what undoes": (
        f"""INSERT INTO match_group SELECT {_GROUP}, account_group_id, NULL, 'unmatch', 'A', NULL,
              '{{}}', sha256('{{}}'), group_id, now() FROM match_group
              WHERE group_id = {_OF_PAYMENT};
            INSERT INTO allocation SELECT {_NEW}, {_GROUP}, line_id, item_id, money_id,
              -amount_minor, now() FROM allocation WHERE group_id = {_OF_PAYMENT};
            INSERT INTO allocation SELECT {_NEW}, {_GROUP}, line_id, NULL, NULL, 1, now()
              FROM statement_line WHERE residual_minor > 0 LIMIT 1""",
        "a match is undone by taking back what it took",
    ),
    "two things waiting about one line": (
        f"""INSERT INTO approval SELECT {_NEW}, 'write_off', subject_id, 1, 'x', {_LAN}, now()
            FROM approval WHERE approval_id = {_WAITING}""",
        DOUBLE,
    ),
}
