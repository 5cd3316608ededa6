"""What somebody with the application's connection would try with what runs propose and rest on."""

DENIED, RULE, CHECKED = "42501", "23000", "23514"


def _proposed(**changes: str) -> str:
    """Propose once more what a run proposed, at another rank and with some columns changed."""
    values = {"rank": "9", **changes}
    changed = ", ".join(f"'{column}', {value}" for column, value in values.items())
    return f"""
        INSERT INTO suggestion SELECT (jsonb_populate_record(NULL::public.suggestion,
          to_jsonb(it) || jsonb_build_object({changed}))).* FROM suggestion AS it LIMIT 1
    """


_DUE_OF_ANOTHER_UNIT = """
    INSERT INTO item SELECT gen_random_uuid(), kind, direction,
      (SELECT unit_id FROM unit AS other WHERE other.unit_id <> item.unit_id LIMIT 1),
      account_group_id, NULL, NULL, NULL, NULL, NULL, 'X', '', 1, 1, false, opened_on, due_on, 1
    FROM item WHERE kind = 'due' LIMIT 1;
"""
_FOREIGN_RUN = """
    INSERT INTO run SELECT '00000000-0000-0000-0000-0000000000cc',
      (SELECT account_group_id FROM account_group AS other
       WHERE other.account_group_id <> run.account_group_id LIMIT 1),
      business_date, sha256('x'), ruleset_sha256, totals, 0, 0, result_sha256, made_at
    FROM run LIMIT 1;
"""

RUN_ATTACKS: dict[str, tuple[str, str]] = {
    "a due of another unit is proposed": (
        _DUE_OF_ANOTHER_UNIT
        + _proposed(item_id="(SELECT item_id FROM item WHERE reference = 'X')"),
        RULE,
    ),
    "an item that is no due is proposed": (
        _proposed(item_id="(SELECT item_id FROM item WHERE kind = 'surplus' LIMIT 1)"),
        RULE,
    ),
    "an item that does not exist is proposed": (_proposed(item_id="gen_random_uuid()"), RULE),
    "something is proposed for another line's break": (
        _proposed(
            break_id="(SELECT break_id FROM break_case WHERE break_id NOT IN"
            " (SELECT break_id FROM suggestion) LIMIT 1)"
        ),
        RULE,
    ),
    "a run of another account group proposes": (
        _FOREIGN_RUN + _proposed(run_id="'00000000-0000-0000-0000-0000000000cc'"),
        RULE,
    ),
    "strong evidence is only proposed": (_proposed(evidence_class="'A'"), CHECKED),
    "what is proposed becomes more": ("UPDATE suggestion SET amount_minor = 9", DENIED),
    "a rule set under another's hash": (
        """INSERT INTO rule_set SELECT sha256('x'), version, body, created_at FROM rule_set
           LIMIT 1""",
        CHECKED,
    ),
    "a rule set under another version's name": (
        """INSERT INTO rule_set SELECT
             sha256(convert_to(canonical_json(body || '{"pair_days": 1}'), 'UTF8')), 'newer',
             body || '{"pair_days": 1}', created_at FROM rule_set LIMIT 1""",
        CHECKED,
    ),
    "a rule set is taken away": ("DELETE FROM rule_set", DENIED),
}
