"""What somebody with the application's connection would try about answers and claims alone."""

from tests.payment_service.db.attacks_on_resolutions import (
    _APPROVAL,
    _DECIDED,
    _NEW,
    _RESOLUTION,
    _WAITING,
    CHECKED,
    _asked,
    _matched,
)

ANSWER_ATTACKS: dict[str, tuple[str, str]] = {
    "an answer beyond the band": (_asked("answer", 50_000_001) + _RESOLUTION, CHECKED),
    "a break answered by nobody": (
        "UPDATE break_case SET closed_at = now(), closed_reason = 'answered'",
        "a break is answered by two people",
    ),
    "a break that was answered from the beginning": (
        f"""INSERT INTO break_case SELECT (jsonb_populate_record(it, jsonb_build_object(
              'break_id', {_NEW}, 'closed_at', now(), 'closed_reason', 'answered'))).*
            FROM break_case AS it LIMIT 1""",
        "a break is answered by two people",
    ),
    "an answer about a line as well": (
        _asked("answer", 1)
        + _RESOLUTION
        + f"""INSERT INTO resolution_part (approval_id, position, break_id, line_id, line_version,
                amount_minor)
              SELECT {_APPROVAL}, 1, break_id, line_id, 1, 1 FROM break_case
              WHERE line_id IS NOT NULL LIMIT 1""",
        CHECKED,
    ),
    "a line of 0 đồng": (
        _asked("match_by_hand", 1)
        + _RESOLUTION
        + f"""INSERT INTO resolution_part (approval_id, position, line_id, line_version,
                amount_minor)
              SELECT {_APPROVAL}, 1, line_id, version, 0 FROM statement_line LIMIT 1""",
        CHECKED,
    ),
    "a match by hand that is called the settling of an item": (
        f"CREATE TEMP TABLE waits ON COMMIT DROP AS SELECT {_WAITING} AS approval_id;"
        + _matched("amount_minor", "(SELECT approval_id FROM waits)").replace(
            "'match_by_hand',", "'settle_item',", 1
        )
        + _DECIDED,
        "this is not what match_by_hand does",
    ),
}
