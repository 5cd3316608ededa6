"""The tables that nobody rewrites: append-only for all, kept as they are for the application."""

APPEND_ONLY = (
    "journal_entry", "posting", "inbound_message", "message_outcome", "application", "match_group",
    "allocation", "audit_event", "statement_file", "statement_file_answer", "attempt",
    "attempt_answer", "declaration", "declared_application", "idempotency", "status_answer",
    "resolution", "resolution_part", "resolved_group", "money_retraction", "rule_set",
    "payer_mapping", "payer_mapping_revocation",
)  # fmt: skip
KEPT = (
    *APPEND_ONLY, "money", "request_line", "settlement_report", "settlement_report_line",
    "resolution_band", "gateway_contract",
)  # fmt: skip
