"""The Arrow schemas of lines, items, decisions and breaks: the package's whole interface.

Identifiers are UUID texts and never order anything; `content_key` (hex) and `order_key` come from
content, so that the same facts give the same result whatever the order of arrival.
Amounts are int64 minor units, positive; `direction` is `credit` or `debit` seen from our account.
"""

import pyarrow as pa

LINES = pa.schema(
    [
        pa.field("line_id", pa.string(), nullable=False),
        pa.field("account_group", pa.string(), nullable=False),
        pa.field("account", pa.string(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("direction", pa.string(), nullable=False),
        pa.field("booking_date", pa.date32(), nullable=False),
        pa.field("amount_minor", pa.int64(), nullable=False),
        pa.field("residual_minor", pa.int64(), nullable=False),
        pa.field("is_reversal", pa.bool_(), nullable=False),
        pa.field("bank_reference", pa.string(), nullable=False),
        pa.field("end_to_end_reference", pa.string(), nullable=False),
        pa.field("returned_reference", pa.string(), nullable=False),
        pa.field("batch_reference", pa.string(), nullable=False),
        pa.field("counterparty_account", pa.string(), nullable=False),
        pa.field("counterparty_name", pa.string(), nullable=False),
        pa.field("bank_code", pa.string(), nullable=False),
        pa.field("narrative", pa.string(), nullable=False),
        pa.field("content_key", pa.string(), nullable=False),
        pa.field("occurrence", pa.int32(), nullable=False),
    ]
)
"""Bank lines: open ones (`residual_minor` > 0) and, within the look-back, closed ones.

`bank_code` is what the bank calls the kind of movement (`NCHG` in MT940). Empty text: not told.
"""

ITEMS = pa.schema(
    [
        pa.field("item_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("account_group", pa.string(), nullable=False),
        pa.field("account", pa.string(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("direction", pa.string(), nullable=False),
        pa.field("amount_minor", pa.int64(), nullable=False),
        pa.field("residual_minor", pa.int64(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("reference", pa.string(), nullable=False),
        pa.field("provider_transaction", pa.string(), nullable=False),
        pa.field("payer_account", pa.string(), nullable=False),
        pa.field("opened_on", pa.date32(), nullable=False),
        pa.field("due_on", pa.date32(), nullable=False),
        pa.field("order_key", pa.string(), nullable=False),
    ]
)
"""What we expect on a statement.

`kind` is `due`, `bank_notice`, `payout`, `cost_top_up`, `refund` or `unit_transfer` (either way).
`reference` is the payment reference of a due, the batch of a payout, the reference printed for a
refund, top-up or transfer;
`provider_transaction` the bank's own reference of a notice, and the payment reference that the
money of a transfer was handed over for, or empty. `account` may be empty (any account of
the group). `payer_account` is the account from which money for this very due came before, or empty.
`state` is `open`, `closed` (residual 0) or `cancelled`; a late due stays `open`.
"""

DECISIONS = pa.schema(
    [
        pa.field("group_key", pa.string(), nullable=False),
        pa.field("account_group", pa.string(), nullable=False),
        pa.field("pass_name", pa.string(), nullable=False),
        pa.field("evidence_class", pa.string(), nullable=False),
        pa.field("line_id", pa.string(), nullable=False),
        pa.field("item_id", pa.string(), nullable=True),
        pa.field("opposite_line_id", pa.string(), nullable=True),
        pa.field("effect", pa.string(), nullable=False),
        pa.field("amount_minor", pa.int64(), nullable=False),
        pa.field("sequence", pa.int32(), nullable=False),
        pa.field("evidence", pa.string(), nullable=False),
    ]
)
"""What to do with lines, in the order to do it (`sequence`, unique within an account group).

`effect`: `settle` takes `amount_minor` of the line to the item (for a due, also when it does not
reach the whole residual: the item stays open); `surplus` keeps `amount_minor` of the line as money
to return, `item_id` naming the due it was meant for; `pair` closes the line against
`opposite_line_id` (both for `amount_minor`); `book` takes the whole line as the bank's
own, a charge (debit) or interest (credit), without an item; `unmatch` first reverses every live
match of `opposite_line_id` (a later `pair` row of the same group closes the two lines).
A `settle` of one line that pays several items has one row for each item; one that names an
`opposite_line_id` settles an item together with that line, in that line's group: all or none.
Rows of one `group_key` are one match group of their account group. `evidence` is canonical JSON:
sorted keys, no spaces.
"""

BREAKS = pa.schema(
    [
        pa.field("account_group", pa.string(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("line_id", pa.string(), nullable=True),
        pa.field("item_id", pa.string(), nullable=True),
        pa.field("details", pa.string(), nullable=False),
    ]
)
"""What is left unexplained: exactly one row for each line still open after the passes, and one for
each overdue item. `details` is canonical JSON: the values of the sentence, the nearest miss under
`nearest_miss` and the first criterion that failed under `failed_criterion`.
"""

SUGGESTIONS = pa.schema(
    [
        pa.field("account_group", pa.string(), nullable=False),
        pa.field("line_id", pa.string(), nullable=False),
        pa.field("rank", pa.int32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("evidence_class", pa.string(), nullable=False),
        pa.field("item_id", pa.string(), nullable=False),
        pa.field("amount_minor", pa.int64(), nullable=False),
        pa.field("criteria", pa.string(), nullable=False),
    ]
)
"""What a person may look at first for an open line; nobody acts on it alone.

Rows of one line and `rank` (from 1) belong together: `amount_minor` of the line for each item.
`kind` is `named_split` (the memo names these requests and their rests add up to the line),
`repaired_reference`, `mutual_pair` (no other line or due of this amount nearby) or `lump_sum` (the
only combination of open dues that makes the amount). `criteria` is canonical JSON: `amount` (with
`sum_minor`, what all items of the rank add up to), `days`, `payer` and `reference`, each with both
sides and whether it `passed`.
"""
