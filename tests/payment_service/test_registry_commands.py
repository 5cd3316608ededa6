"""Keys of addresses at the command line: registered as they stand, listed and never shown."""

from argparse import Namespace
from codecs import BOM_UTF8
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bank_adapters.contract import Algorithm
from payment_service.commands import OUT, doctor
from payment_service.context import Context
from payment_service.db import endpoints
from payment_service.db.gateway_contracts import contracts_of
from payment_service.db.sealing import Sealer
from payment_service.domain.errors import ConfigurationError, Invalid
from payment_service.registry_commands import (
    contracts_add,
    endpoints_add,
    endpoints_list,
    endpoints_roll,
)
from payment_service.use_cases.register_endpoint import NewEndpoint, register_endpoint
from payment_service.use_cases.roll_endpoint_key import NewKey, roll_endpoint_key
from tests.bank_adapters.keys import ed25519_key, pem
from tests.builders import open_endpoint
from tests.postgres import MovableClock

pytestmark = pytest.mark.anyio
MERCHANT = "1132900001"
NEXT = b"NMPQRSTUVWXYZ23456789ABCDEFGHJKA"
RAW = b"\r" + bytes(range(200, 230)) + b"\n"
NAMED = b"keyid: bank-2026-11\n"
PUBLIC = pem(ed25519_key().public_key())


@pytest.mark.parametrize(
    ("algorithm", "written", "kept"),
    [
        ("http-hmac-sha256", RAW, RAW),
        ("http-hmac-sha256", NAMED + RAW, NAMED + RAW),
        ("http-hmac-sha256", BOM_UTF8 + RAW, BOM_UTF8 + RAW),
        ("http-ed25519", BOM_UTF8 + PUBLIC + b"\r\n", PUBLIC.strip()),
        ("http-ed25519", b"\n" + NAMED + PUBLIC + b"\n", NAMED + PUBLIC.strip()),
        ("standard-webhooks-hmac", RAW, RAW),
        ("standard-webhooks-hmac", b"whsec_" + b"QUJD" * 10 + b"\r\n", b"whsec_" + b"QUJD" * 10),
    ],
)
async def test_a_key_is_registered_as_it_stands_in_its_file(
    context: Context, clock: MovableClock, account: UUID, tmp_path: Path,
    algorithm: str, written: bytes, kept: bytes,
) -> None:  # fmt: skip
    file = tmp_path / "key"
    file.write_bytes(written)
    channel = "httpbank" if algorithm.startswith("http-") else "webhookbank"
    told = Namespace(
        channel=channel,
        account=account,
        merchant=MERCHANT,
        algorithm=algorithm,
        key_file=str(file),
        gateway_url="",
        overlap_hours=1,
    )
    assert await endpoints_add(context, told) == 0
    clock.advance(minutes=1)
    assert await endpoints_roll(context, told) == 0
    async with context.database.read_only() as connection:
        endpoint = await endpoints.find_endpoint_of_merchant(
            connection, context.sealer, channel, MERCHANT, clock()
        )
    assert endpoint is not None
    assert [key.material for key in endpoint.keys] == [kept, kept]


async def test_the_account_is_told_by_its_number(
    context: Context, account: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_bytes(RAW)
    told = Namespace(
        channel="webhookbank",
        account="113290000",
        merchant=MERCHANT,
        algorithm="standard-webhooks-hmac",
        key_file=str(file),
        gateway_url="",
    )
    with pytest.raises(Invalid):
        await endpoints_add(context, told)
    told.account = "1132900001"
    assert await endpoints_add(context, told) == 0
    async with context.database.read_only() as connection:
        [row] = await connection.exec_driver_sql("SELECT account_id FROM endpoint")
    assert row.account_id == account


async def test_addresses_are_listed_with_the_life_of_each_key_and_without_a_key(
    context: Context, clock: MovableClock, account: UUID, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(OUT, "width", 200)
    opened = await open_endpoint(context, account, "vnpay")
    clock.advance(hours=1)
    await roll_endpoint_key(
        context,
        NewKey(
            channel="vnpay",
            merchant=opened.merchant,
            algorithm=Algorithm.HMAC_SHA512_HEX,
            material=NEXT,
            overlap=timedelta(hours=2),
        ),
    )
    for hours, lives in ((0, ["yes", "yes"]), (2, ["no", "yes"])):
        clock.advance(hours=hours)
        assert await endpoints_list(context, Namespace()) == 0
        told = capsys.readouterr().out
        rows = [line.split() for line in told.splitlines() if opened.slug in line]
        cells = [[cell for cell in row if cell != "│"] for row in rows]
        assert [row[-1] for row in cells] == lives
        assert [row[:5] for row in cells] == [
            ["vnpay", opened.slug, "11329", opened.merchant, "hmac-sha512-hex"]
        ] * 2
        assert cells[0][5:9] == ["2026-11-23", "09:30+07:00", "2026-11-23", "12:30+07:00"]
        assert cells[1][5:8] == ["2026-11-23", "10:30+07:00", "–"]
        assert opened.secret.decode() not in told
        assert NEXT.decode() not in told


async def test_the_doctor_names_an_address_that_lives_with_a_published_key(
    context: Context, clock: MovableClock, account: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    lenient = replace(context, allow_test_keys=True)
    path = await register_endpoint(
        lenient,
        NewEndpoint(
            channel="momo",
            account_id=account,
            merchant="MOMO",
            algorithm=Algorithm.HMAC_SHA256_HEX,
            material=b"F8BBA842ECF85:K951B6PE1waDMi640xX08PD3vg6EkVlz",
        ),
    )
    await open_endpoint(context, account, "vnpay")
    assert await doctor(lenient, Namespace()) == 0
    assert "momo" not in capsys.readouterr().out
    assert await doctor(context, Namespace()) == 1
    told = capsys.readouterr().out
    assert f"momo MOMO: {path}" in told
    assert "test-keys    1 wrong" in told
    assert "K951B6PE1waDMi640xX08PD3vg6EkVlz" not in told
    assert "vnpay" not in told
    clock.advance(minutes=1)
    await roll_endpoint_key(
        context,
        NewKey(
            channel="momo",
            merchant="MOMO",
            algorithm=Algorithm.HMAC_SHA256_HEX,
            material=b"an-access-key:another-secret-of-ours",
            overlap=timedelta(0),
        ),
    )
    assert await doctor(context, Namespace()) == 0, "a key that ended does no harm"


async def test_the_doctor_says_when_the_master_key_is_another(
    context: Context, account: UUID
) -> None:
    await open_endpoint(context, account, "vnpay")
    with pytest.raises(ConfigurationError):
        await doctor(replace(context, sealer=Sealer(bytes(32))), Namespace())


async def test_a_contract_is_registered_from_a_day_on(context: Context, account: UUID) -> None:
    opened = await open_endpoint(context, account, "vnpay")
    told = Namespace(
        channel="vnpay", merchant=opened.merchant, kind="payment", rate=5_500, fixed=1_000, vat=80,
        rounding="half_up", citation="HĐ 12/2026", verified=True, valid_from=date(2026, 7, 1),
        valid_to=None,
    )  # fmt: skip
    assert await contracts_add(context, told) == 0
    async with context.database.read_only() as connection:
        endpoint = await endpoints.find_endpoint_of_merchant(
            connection, context.sealer, "vnpay", opened.merchant, context.clock()
        )
        assert endpoint is not None
        [kept] = await contracts_of(connection, endpoint.endpoint_id)
    assert kept.fee_and_vat(10_000) == (1_055, 84)
    assert kept.verified
