"""What the counterpart writes and signs, the dialects verify and read back as it was."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.banks.credit_notice import RESULT_CODE
from bank_adapters.banks.signed_notice import SignedNotice
from bank_adapters.banks.standard_webhooks import StandardWebhooksBank
from bank_adapters.contract import Algorithm
from bank_adapters.counterpart.callbacks import (
    sign_notice,
    sign_standard_webhook,
    write_credit_notice,
    write_webhook,
)
from bank_adapters.fields import TEXT_LENGTH_MAX
from bank_adapters.money import AMOUNT_MINOR_MAX
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.keys import NOW, WEBHOOK_SECRET, key, pem, post, rsa_key

# Made before the properties run: making an RSA key takes longer than one example may.
PRIVATE_KEY = rsa_key()
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=TEXT_LENGTH_MAX
)
ACCOUNTS = st.text("ABCXYZ0123456789", min_size=1, max_size=19)


@st.composite
def notices(draw: st.DrawFn) -> PaymentNotice:
    """Draw a credit notice of a bank."""
    account_number = draw(ACCOUNTS)
    return PaymentNotice(
        result=NoticeResult.PAID,
        result_code=RESULT_CODE,
        merchant=account_number,
        our_reference=None,
        provider_transaction=draw(st.text("FT0123456789/.-", min_size=1, max_size=30)),
        amount_minor=draw(st.integers(min_value=1, max_value=AMOUNT_MINOR_MAX)),
        currency=draw(st.sampled_from(["VND", "USD"])),
        paid_at=draw(
            st.datetimes(
                min_value=datetime(2001, 1, 1),  # noqa: DTZ001  hypothesis wants no zone here
                max_value=datetime(2098, 1, 1),  # noqa: DTZ001  the same
                timezones=st.just(UTC),
            )
        ),
        memo=draw(TEXTS),
        account_number=account_number,
        payer_account=draw(TEXTS),
        payer_name=draw(TEXTS),
    )


@given(notices())
def test_a_webhook_is_read_back(notice: PaymentNotice) -> None:
    body = write_webhook(notice, sent_at=NOW)
    headers = sign_standard_webhook(body, message_id="m", sent_at=NOW, keys=[WEBHOOK_SECRET])
    request = post(body, headers)
    bank = StandardWebhooksBank()
    bank.verify(request, [key(Algorithm.STANDARD_WEBHOOKS_HMAC, WEBHOOK_SECRET)], NOW)
    assert bank.read(request) == notice


@given(notices())
def test_a_signed_notice_is_read_back(notice: PaymentNotice) -> None:
    body = write_credit_notice(notice)
    request = post(body, sign_notice(body, PRIVATE_KEY))
    bank = SignedNotice()
    bank.verify(request, [key(Algorithm.RSA_SHA256, pem(PRIVATE_KEY.public_key()))], NOW)
    assert bank.read(request) == notice
