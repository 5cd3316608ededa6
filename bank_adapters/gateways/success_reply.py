"""The reply `{"success": true}` that payOS and SePay wait for; any other status is sent again.

What is kept and would not change by being sent again is confirmed, so that a stranger's message
does not come back for hours.
"""

from typing import Final

from bank_adapters.contract import Acknowledgement, Outcome
from bank_adapters.fields import write_json

_STATUSES: Final = {
    Outcome.RECORDED: 200,
    Outcome.ALREADY_RECORDED: 200,
    Outcome.UNKNOWN_REFERENCE: 200,
    Outcome.AMOUNT_DIFFERS: 200,
    Outcome.ALREADY_COVERED: 200,
    Outcome.OTHER_MERCHANT: 200,
    Outcome.UNCONFIRMED: 422,
    Outcome.UNREADABLE: 422,
    Outcome.REJECTED: 401,
    Outcome.RETRY_LATER: 503,
}
_SUCCESS: Final = 200


def success_reply(outcome: Outcome) -> Acknowledgement:
    """Return the reply for an outcome."""
    status = _STATUSES[outcome]
    body = write_json({"success": status == _SUCCESS})
    return Acknowledgement(status=status, content_type="application/json", body=body)
