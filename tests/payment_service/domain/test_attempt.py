"""Which attempt a payer goes on with."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from payment_service.domain.attempt import ANSWER_WAIT, ATTEMPT_DURATION, LIMIT_MARGIN, Attempt

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("answered", "expires_at", "lives"),
    [
        ("", None, ANSWER_WAIT),
        ("refused", AT + ATTEMPT_DURATION, timedelta(0)),
        ("placed", AT + ATTEMPT_DURATION, ATTEMPT_DURATION - LIMIT_MARGIN),
        ("placed", None, timedelta(days=400)),
    ],
)
def test_an_attempt_lives_while_its_amount_is_open_and_its_time_lasts(
    answered: str, expires_at: datetime | None, lives: timedelta
) -> None:
    attempt = Attempt(
        channel="baokim",
        endpoint_id=UUID(int=1),
        reference="HP001",
        amount_minor=10_000,
        created_at=AT,
        is_answered=bool(answered),
        qr_text="x" if answered == "placed" else "",
        expires_at=expires_at,
    )
    assert attempt.is_live(AT + lives - MOMENT, 10_000) is bool(lives)
    assert not attempt.is_live(AT, 9_999)
    if not answered or expires_at:
        assert not attempt.is_live(AT + lives, 10_000)
