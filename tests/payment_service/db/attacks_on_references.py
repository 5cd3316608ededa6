"""Rows that refer to what is not there, or that take away what others refer to."""

REFERENCES = {
    "statement_line": ("statement_id", "account_id", "account_group_id"),
    "money": ("unit_id", "account_id", "request_id"),
    "application": ("money_id", "request_id", "line_id"),
    "match_group": ("account_group_id", "run_id"),
    "allocation": ("group_id", "line_id", "item_id", "money_id"),
}
REFERRED = {
    "statement": "statement_id",
    "collection_account": "account_id",
    "account_group": "account_group_id",
    "unit": "unit_id",
    "payment_request": "request_id",
    "money": "money_id",
    "request_line": "line_id",
    "run": "run_id",
    "match_group": "group_id",
    "statement_line": "line_id",
    "item": "item_id",
}
_NEW = "gen_random_uuid()"
_FRESH = {
    "statement_line": f"'line_id', {_NEW}, 'content_key', '\\x' || encode(sha256({_NEW}::text"
    "::bytea), 'hex'), 'residual_minor', amount_minor",
    "money": f"'money_id', {_NEW}, 'provider_transaction', {_NEW}, 'applied_minor', 0",
    "application": f"'application_id', {_NEW}",
    "match_group": f"'group_id', {_NEW}",
    "allocation": f"'allocation_id', {_NEW}",
}


def _among_others(child: str, key: str) -> str:
    """Copy a row that stands twice: once as it is, once referring to nothing."""
    return f"""
        INSERT INTO {child}
        SELECT (jsonb_populate_record(NULL::public.{child},
          to_jsonb(it) || jsonb_build_object({_FRESH[child]})
          || CASE WHEN is_wrong THEN jsonb_build_object('{key}', {_NEW}) ELSE '{{}}' END)).*
        FROM (SELECT * FROM {child} WHERE {key} IS NOT NULL LIMIT 1) AS it,
             (VALUES (false), (true)) AS twice (is_wrong)
    """


REFERENCE_ATTACKS: dict[str, tuple[str, str]] = {
    f"{child} refers to no {key}": (_among_others(child, key), "23503")
    for child, keys in REFERENCES.items()
    for key in keys
}
TAKEN_AWAY = (
    *(f"DELETE FROM {parent}" for parent in REFERRED),
    *(f"TRUNCATE {parent} CASCADE" for parent in REFERRED),
    *(f"UPDATE {parent} SET {key} = {_NEW}" for parent, key in REFERRED.items()),
    *(f"UPDATE {child} SET {key} = {_NEW}" for child, keys in REFERENCES.items() for key in keys),
)
