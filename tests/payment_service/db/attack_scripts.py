"""What somebody with the application's connection would try, with the refusal that is due."""

from tests.payment_service.db.attacks_on_keys import KEY_ATTACKS
from tests.payment_service.db.attacks_on_references import REFERENCE_ATTACKS
from tests.payment_service.db.attacks_on_resolutions import RESOLUTION_ATTACKS
from tests.payment_service.db.attacks_on_runs import RUN_ATTACKS
from tests.payment_service.db.kept_tables import KEPT

DENIED, RULE, CHECKED = "42501", "23000", "23514"
DOUBLE, OVERLAP, UNKNOWN = "23505", "23P01", "23503"


def _entry(postings: str, written_by: str = "pg_current_xact_id()") -> str:
    return f"""
        INSERT INTO business_day (book, day) VALUES ('x', '2026-11-23') ON CONFLICT DO NOTHING;
        INSERT INTO journal_entry (entry_id, rule, source, book, business_date, event_at,
          recorded_at, written_by)
        VALUES ('{"0" * 31}1', 'attack', 'x', 'x', '2026-11-23', now(), now(), {written_by});
        {postings}
    """


def _postings(*sides: tuple[str, int], first: int = 1, unit: int = 0) -> str:
    rows = ", ".join(
        f"('{'0' * 31}1', {position}, 'bank', (SELECT unit_id FROM unit ORDER BY code "
        f"OFFSET {unit} LIMIT 1), 'x', '{side}', {amount_minor})"
        for position, (side, amount_minor) in enumerate(sides, first)
    )
    return (
        "INSERT INTO posting (entry_id, position, account, unit_id, detail, side, amount_minor)"
        f" VALUES {rows};"
    )


def _copied(table: str, changes: str, where: str = "true") -> str:
    """Insert a copy of a row with some columns changed (JSON)."""
    return f"""
        INSERT INTO {table} SELECT (jsonb_populate_record(NULL::public.{table},
          to_jsonb(it) || jsonb_build_object({changes}))).* FROM {table} AS it WHERE {where} LIMIT 1
    """


_NEW = "gen_random_uuid()"
_OPEN_APPROVAL = "WHERE decision IS NULL"
_LAN = "(SELECT person_id FROM person WHERE username = 'lan')"
_MINH = "(SELECT person_id FROM person WHERE username = 'minh')"
_GROUP = "(SELECT group_id FROM match_group WHERE run_id IS NOT NULL LIMIT 1)"
_WAITING = "WHERE verdict = 'waiting'"

ATTACKS: dict[str, tuple[str, str]] = {
    **KEY_ATTACKS, **REFERENCE_ATTACKS,
    **RESOLUTION_ATTACKS,
    **RUN_ATTACKS,
    "an entry that does not balance": (_entry(_postings(("D", 5), ("C", 4))), RULE),
    "an entry with one posting": (_entry(_postings(("D", 5))), RULE),
    "an entry without postings": (_entry(""), RULE),
    "an entry that balances over two units only": (
        _entry(_postings(("D", 5)) + _postings(("C", 5), first=2, unit=1)),
        RULE,
    ),
    "a posting of nothing": (_entry(_postings(("D", 0), ("C", 0))), CHECKED),
    "a negative posting": (_entry(_postings(("D", -5), ("C", -5))), CHECKED),
    "a posting added once the balance was checked": (
        _entry(_postings(("D", 5), ("C", 5)))
        + "SET CONSTRAINTS ALL IMMEDIATE;"
        + _postings(("D", 9), first=3),
        RULE,
    ),
    "a posting added to an entry of before": (
        """INSERT INTO posting SELECT entry_id, 90 + position, account, unit_id, detail, side,
           amount_minor FROM posting WHERE entry_id = (SELECT entry_id FROM journal_entry
           ORDER BY recorded_at LIMIT 1)""",
        RULE,
    ),
    "an entry that claims another transaction": (
        _entry(
            _postings(("D", 5), ("C", 5)), "(pg_current_xact_id()::text::bigint + 1)::text::xid8"
        ),
        RULE,
    ),
    "an entry into a day that is not there": (
        """INSERT INTO journal_entry (entry_id, rule, source, book, business_date, event_at,
           recorded_at) VALUES (gen_random_uuid(), 'x', 'x', 'nowhere', '2026-11-23', now(),
           now())""",
        RULE,
    ),
    "one rule posts one fact twice": (
        _copied("journal_entry", f"'entry_id', {_NEW}, 'written_by', '0'"),
        DOUBLE,
    ),
    "a day that starts closed": (
        "INSERT INTO business_day (book, day, state) VALUES ('x', '2026-11-23', 'closed')",
        DENIED,
    ),
    "a day is closed": ("UPDATE business_day SET state = 'closed'", DENIED),
    "an approval that was never asked for": (
        f"""INSERT INTO approval VALUES ({_NEW}, 'surplus_refund', {_NEW}, 1, 'x', {_LAN}, now(),
            'approved', {_MINH}, now())""",
        RULE,
    ),
    "the requester approves": (
        f"""UPDATE approval SET decision = 'approved', decided_by = requested_by,
            decided_at = now() {_OPEN_APPROVAL}""",
        CHECKED,
    ),
    "a decision without a decider": (
        f"UPDATE approval SET decision = 'approved' {_OPEN_APPROVAL}",
        CHECKED,
    ),
    "an approval decided again": (
        "UPDATE approval SET decision = 'declined' WHERE decision = 'approved'",
        RULE,
    ),
    "an approval undecided again": (
        """UPDATE approval SET decision = NULL, decided_by = NULL, decided_at = NULL
           WHERE decision IS NOT NULL""",
        RULE,
    ),
    "another amount than was asked": ("UPDATE approval SET amount_minor = 9", DENIED),
    "two open requests for one act": (
        _copied("approval", f"'approval_id', {_NEW}", "decision IS NULL"),
        DOUBLE,
    ),
    "an account that starts live": (
        _copied("collection_account", f"'account_id', {_NEW}, 'account_number', '999999'"),
        RULE,
    ),
    "an account goes live without approval": (
        _copied(
            "collection_account",
            f"'account_id', {_NEW}, 'account_number', '999999', 'state', 'proposed'",
        )
        + ";UPDATE collection_account SET state = 'live' WHERE account_number = '999999'",
        RULE,
    ),
    "an old approval opens a closed account again": (
        """UPDATE collection_account SET state = 'closed';
           UPDATE collection_account SET state = 'proposed';
           UPDATE collection_account SET state = 'live'""",
        RULE,
    ),
    "an account number is edited": (
        "UPDATE collection_account SET account_number = '888888'",
        DENIED,
    ),
    "one account number twice": (
        _copied("collection_account", f"'account_id', {_NEW}, 'state', 'proposed'"),
        DOUBLE,
    ),
    "an unsigned statement that starts admitted": (
        f"""INSERT INTO statement (statement_id, file_id, account_id, number, opening_minor,
            opening_on, closing_minor, closing_on, line_count, basis, verdict, details,
            confirmed_by, confirmed_at, admitted_at)
            SELECT {_NEW}, file_id, account_id, '99', 0, opening_on, 9, closing_on, 0, basis,
            'admitted', '{{}}', {_MINH}, now(), now() FROM statement {_WAITING}""",
        RULE,
    ),
    "an unsigned statement admitted by nobody": (
        f"UPDATE statement SET verdict = 'admitted', admitted_at = now() {_WAITING}",
        RULE,
    ),
    "an unsigned statement admitted by its importer": (
        f"""UPDATE statement SET verdict = 'admitted', admitted_at = now(),
            confirmed_by = {_LAN} {_WAITING}""",
        RULE,
    ),
    "a verdict changed": (
        "UPDATE statement SET verdict = 'waiting', admitted_at = NULL WHERE verdict = 'admitted'",
        RULE,
    ),
    "a balance edited": ("UPDATE statement SET closing_minor = 0", DENIED),
    "a line's residual edited": ("UPDATE statement_line SET residual_minor = 0", DENIED),
    "an item's residual edited": ("UPDATE item SET residual_minor = 0", DENIED),
    "a line that starts half open": (
        _copied("statement_line", f"'line_id', {_NEW}, 'occurrence', 9, 'residual_minor', 0"),
        RULE,
    ),
    "an item that starts closed": (
        _copied("item", f"'item_id', {_NEW}, 'residual_minor', 0", "kind = 'surplus'"),
        RULE,
    ),
    "money that starts applied": (
        _copied("money", f"'money_id', {_NEW}, 'provider_transaction', 'x', 'applied_minor', 1"),
        RULE,
    ),
    "a request line that starts paid": (
        _copied("request_line", f"'line_id', {_NEW}, 'position', 9, 'applied_minor', 1"),
        RULE,
    ),
    "an asked amount edited": ("UPDATE payment_request SET amount_minor = 0", DENIED),
    "more applied than a line asks": (
        f"""INSERT INTO application SELECT {_NEW}, money_id, it.request_id, line_id,
            it.amount_minor - it.applied_minor + 1, NULL, now()
            FROM money, request_line AS it
            WHERE money.applied_minor < money.amount_minor LIMIT 1""",
        CHECKED,
    ),
    "more applied than the money": (
        f"""INSERT INTO application SELECT {_NEW}, money_id, request_line.request_id, line_id, 1,
            NULL, now() FROM money JOIN request_line USING (request_id)
            WHERE money.applied_minor = money.amount_minor LIMIT 1""",
        CHECKED,
    ),
    "an application of nothing": (
        f"""INSERT INTO application SELECT {_NEW}, money_id, request_id, line_id, 0, NULL, now()
            FROM application LIMIT 1""",
        CHECKED,
    ),
    "an application taken back without naming it": (
        f"""INSERT INTO application SELECT {_NEW}, money_id, request_id, line_id, -1, NULL, now()
            FROM application LIMIT 1""",
        CHECKED,
    ),
    "more allocated than a line has": (
        f"""INSERT INTO allocation SELECT {_NEW}, {_GROUP}, line_id, NULL, NULL,
            residual_minor + 1, now() FROM statement_line LIMIT 1""",
        CHECKED,
    ),
    "more given back than a line had": (
        f"""INSERT INTO allocation SELECT {_NEW}, {_GROUP}, line_id, NULL, NULL,
            residual_minor - amount_minor - 1, now() FROM statement_line LIMIT 1""",
        CHECKED,
    ),
    "more allocated than an item has": (
        f"""INSERT INTO allocation SELECT {_NEW}, {_GROUP}, NULL, item_id, NULL,
            residual_minor + 1, now() FROM item WHERE kind = 'surplus' LIMIT 1""",
        CHECKED,
    ),
    "an allocation of nothing": (
        f"INSERT INTO allocation VALUES ({_NEW}, {_GROUP}, NULL, NULL, NULL, 1, now())",
        CHECKED,
    ),
    "evidence that does not hash": (
        _copied("match_group", f"'group_id', {_NEW}, 'evidence', 'forged'"),
        CHECKED,
    ),
    "two open breaks for one line": (
        _copied("break_case", f"'break_id', {_NEW}", "closed_at IS NULL AND line_id IS NOT NULL"),
        DOUBLE,
    ),
    "two open breaks for one item": (
        _copied("break_case", f"'break_id', {_NEW}", "closed_at IS NULL AND item_id IS NOT NULL"),
        DOUBLE,
    ),
    "a break on nothing": (
        _copied(
            "break_case",
            f"'break_id', {_NEW}, 'line_id', NULL",
            "closed_at IS NULL AND line_id IS NOT NULL",
        ),
        CHECKED,
    ),
    "a break closed without a reason": (
        "UPDATE break_case SET closed_at = now() WHERE closed_at IS NULL",
        CHECKED,
    ),
    "the same message again": (_copied("inbound_message", f"'message_id', {_NEW}"), DOUBLE),
    "a second outcome": (_copied("message_outcome", "'outcome', 'rejected'"), DOUBLE),
    "the same money again": (_copied("money", f"'money_id', {_NEW}, 'applied_minor', 0"), DOUBLE),
    "two fee rules at once": (_copied("fee_rule", "'code', 'x'"), OVERLAP),
    "two retention rates at once": (_copied("fee_retention", "'retained_permille', 1"), OVERLAP),
    "two units under one code": (_copied("unit_alias", "'valid_to', NULL"), OVERLAP),
    "two people with one identity number": (
        _copied("person", f"'person_id', {_NEW}, 'username', 'hai'"),
        DOUBLE,
    ),
    "another password for an approver": ("UPDATE person SET password_hash = 'x'", DENIED),
    "another role for an officer": ("UPDATE person SET role = 'approver'", DENIED),
    "another key for an address": ("UPDATE endpoint_key SET material_sealed = ''", DENIED),
    "a fee made cheaper": ("UPDATE fee_rule SET unit_amount_minor = 0", DENIED),
    "the schema says it is newer": ("INSERT INTO alembic_version VALUES ('9')", DENIED),
    "a trigger switched off": ("ALTER TABLE posting DISABLE TRIGGER ALL", DENIED),
    "a constraint dropped": ("ALTER TABLE posting DROP CONSTRAINT posting_pkey", DENIED),
    "a trigger dropped": ("DROP TRIGGER never_changes ON posting", DENIED),
    "a table dropped": ("DROP TABLE posting", DENIED),
    "a function replaced": (
        """CREATE OR REPLACE FUNCTION never_changes() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN RETURN NEW; END'""",
        DENIED,
    ),
    "a function of its own": ("CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'", DENIED),
    "replication's blindness": ("SET LOCAL session_replication_role = 'replica'", DENIED),
    "a table taken": ("ALTER TABLE posting OWNER TO payment_service_application", DENIED),
    "the owner's hand through a temporary table": (
        """CREATE TEMP TABLE bait (line_id uuid, item_id uuid, amount_minor bigint);
           CREATE TRIGGER bait AFTER INSERT ON bait REFERENCING NEW TABLE AS added
           FOR EACH STATEMENT EXECUTE FUNCTION allocation_moves_residuals();
           INSERT INTO bait SELECT line_id, NULL, residual_minor FROM statement_line""",
        DENIED,
    ),
    "a file of the server": ("COPY posting TO '/srv/x'", DENIED),
} | {
    f"{verb} {table}": (statement.format(table), DENIED)
    for table in KEPT
    for verb, statement in (
        ("delete", "DELETE FROM {}"),
        ("truncate", "TRUNCATE {} CASCADE"),
        ("lock", "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE"),
    )
}  # fmt: skip
