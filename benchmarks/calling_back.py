"""Signed callbacks as VNPAY and a bank send them, half and half."""

from dataclasses import dataclass

from sqlalchemy import text

from bank_adapters.contract import CallbackRequest, Outcome
from bank_adapters.counterpart.callbacks import sign_notice, write_credit_notice
from bank_adapters.counterpart.vnpay import sign_vnpay_ipn, vnpay_ipn_fields
from bank_adapters.registry import DIALECTS
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from benchmarks.asking import AMOUNT_MINOR
from benchmarks.load import prepare
from benchmarks.world import VNPAY_MERCHANT, VNPAY_SECRET, World
from payment_service.use_cases.act_on_callback import act_on_callback
from payment_service.use_cases.keep_callback import keep_callback

_ATTEMPTS = text("""
    INSERT INTO attempt (attempt_id, request_id, endpoint_id, merchant_reference, amount_minor,
      created_at)
    SELECT uuidv7(), request.request_id, endpoint.endpoint_id, request.reference || '001',
      request.amount_minor, request.created_at
    FROM payment_request AS request, endpoint
    WHERE endpoint.channel = 'vnpay'
    ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A signed callback with the path it is sent to."""

    channel: str
    path: str
    request: CallbackRequest

    def as_bytes(self) -> bytes:
        """Return it as it travels."""
        query = self.request.query.decode("ascii")
        return prepare(
            self.request.method,
            f"{self.path}?{query}" if query else self.path,
            host="127.0.0.1",
            headers=[(name, value.decode("latin-1")) for name, value in self.request.headers],
            body=self.request.body,
        )


async def attempts_for_all(world: World) -> None:
    """Let every request have an attempt at VNPAY, as a checkout makes it."""
    async with world.context.database.transaction() as connection:
        await connection.execute(_ATTEMPTS)


def vnpay_ipn(world: World, reference: str, number: int) -> Callback:
    """Return the notice that VNPAY took the money of a request."""
    fields = vnpay_ipn_fields(
        PaymentNotice(
            result=NoticeResult.PAID,
            result_code="00/00",
            merchant=VNPAY_MERCHANT,
            our_reference=f"{reference}001",
            provider_transaction=f"1{number:09d}",
            amount_minor=AMOUNT_MINOR,
            currency="VND",
            paid_at=world.context.clock(),
        )
    )
    query = sign_vnpay_ipn(fields, VNPAY_SECRET)
    request = CallbackRequest(method="GET", query=query, headers=(), body=b"")
    return Callback(channel="vnpay", path=world.vnpay_path, request=request)


def bank_notice(world: World, reference: str, number: int) -> Callback:
    """Return the bank's notice of a transfer that names a request."""
    body = write_credit_notice(
        PaymentNotice(
            result=NoticeResult.PAID,
            result_code="credit",
            merchant=world.account_number,
            our_reference=None,
            provider_transaction=f"FT{number:012d}",
            amount_minor=AMOUNT_MINOR,
            currency="VND",
            paid_at=world.context.clock(),
            memo=f"MBVCB.{number}.{reference}.CT tu 0123456789",
            account_number=world.account_number,
        )
    )
    headers = sign_notice(body, world.bank_key)
    request = CallbackRequest(method="POST", query=b"", headers=headers, body=body)
    return Callback(channel="rsabank", path=world.bank_path, request=request)


async def settle(world: World, callback: Callback) -> None:
    """Keep and act on a callback as the door does, without HTTP."""
    slug = callback.path.rpartition("/")[2]
    dialect = DIALECTS[callback.channel]
    kept = await keep_callback(world.context, dialect, slug, callback.request)
    outcome = await act_on_callback(world.context, kept.message_id)
    if outcome is not Outcome.RECORDED:
        raise RuntimeError(f"a callback was {outcome}")
