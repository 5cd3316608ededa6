"""The payment platform's notices, and each defect of the public client that must not come back."""

import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.contract import Algorithm, CallbackRejected, NoticeUnreadable, Outcome
from bank_adapters.counterpart.npsp import NpspCounterpart
from bank_adapters.gateways import npsp
from bank_adapters.gateways.npsp import Npsp
from bank_adapters.scheme import Weakness
from bank_adapters.signatures import primitives
from bank_adapters.vocabulary import NoticeResult, PaymentNotice
from tests.bank_adapters.gateways.portal import AMOUNTS, REFERENCES, TEXTS, TIMES, notice
from tests.bank_adapters.keys import NOW, key, post
from tests.bank_adapters.published import gateway_vectors

NPSP = Npsp()
OTHER_SIDE = NpspCounterpart()
MATERIAL = b"a-secret-of-the-platform:a-token-of-the-sharing-platform"
KEYS = [key(Algorithm.SHA256_SECRET_LAST, MATERIAL)]
NOTICE = notice(paid_at=NOW, memo="HPFX3F3CZ7GCF nop phi")
BODY: dict[str, Any] = json.loads(OTHER_SIDE.notify(NOTICE, MATERIAL, NOW).body)
RESULTS = [NoticeResult.PAID, NoticeResult.FAILED, NoticeResult.UNKNOWN]


def _body(**changes: object) -> bytes:
    values = {name: value for name, value in (BODY | changes).items() if value is not None}
    return json.dumps(values).encode()


def _signed(**changes: object) -> bytes:
    return OTHER_SIDE.notify(notice(paid_at=NOW, **changes), MATERIAL, NOW).body


def test_the_published_notice_verifies_and_is_read() -> None:
    vectors = gateway_vectors(scheme="NPSP payment platform result notify")
    assert len(vectors) == 1
    for vector in vectors:
        live = [key(Algorithm.SHA256_SECRET_LAST, vector["secret"].encode())]
        request = post(json.dumps(vector["input"] | {"MaXacThuc": vector["expected"]}).encode())
        signed = f"{NPSP.verify(request, live, NOW).decode()}|{vector['secret']}"
        assert signed == vector["string_to_sign"]
        assert NPSP.read(request) == PaymentNotice(
            result=NoticeResult.PAID,
            result_code="00",
            merchant="HPG",
            our_reference="dvcH2411261122000120261122093015",
            provider_transaction="PG2611220000001",
            amount_minor=8_000,
            currency="VND",
            paid_at=datetime(2026, 11, 22, 2, 30, 45, tzinfo=UTC),
            memo="THANH TOAN HO SO H24.11-261122-0001",
        )


def test_the_scheme_says_how_weak_it_is() -> None:
    assert NPSP.scheme.weaknesses == (Weakness.UNKEYED_HASH, Weakness.BENEFICIARY_UNSIGNED)
    assert NPSP.scheme.is_weak


def test_a_failure_and_a_success_of_one_transaction_are_two_messages() -> None:
    paid, failed = post(_signed(result_code="00")), post(_signed(result_code="99"))
    assert NPSP.verify(paid, KEYS, NOW) != NPSP.verify(failed, KEYS, NOW)
    assert NPSP.read(paid).result is NoticeResult.PAID
    assert NPSP.read(failed).result is NoticeResult.FAILED
    flipped = json.loads(_signed(result_code="99")) | {"MaLoi": "00"}
    with pytest.raises(CallbackRejected):
        NPSP.verify(post(json.dumps(flipped).encode()), KEYS, NOW)


def test_the_beneficiary_of_a_notice_could_be_anyone() -> None:
    """Whose account it was is outside the hash, so nothing of it is read."""
    other = post(_body(ThongTinBienLai={"TKThuHuong": "666"}))
    assert NPSP.verify(other, KEYS, NOW) == NPSP.verify(post(_body()), KEYS, NOW)
    assert NPSP.read(other).account_number is None


def test_the_amount_is_text_or_a_number_and_comes_out_for_comparison() -> None:
    """The public client never compares the amount with its own order."""
    for amount in ("8000", 8000):
        request = post(_body(SoTien=amount))
        assert NPSP.verify(request, KEYS, NOW) == NPSP.verify(post(_body()), KEYS, NOW)
        assert NPSP.read(request).amount_minor == 8_000
    with pytest.raises(CallbackRejected):
        NPSP.verify(post(_body(SoTien="9000")), KEYS, NOW)


def test_two_payments_of_one_request_have_two_names() -> None:
    """The public client swallows a second success, and nobody sends the money back."""
    first, second = (NPSP.read(post(_signed(provider_transaction=name))) for name in ("PG1", "PG2"))
    assert first.our_reference == second.our_reference
    assert first.provider_transaction != second.provider_transaction


def test_a_later_failure_keeps_the_name_of_its_payment() -> None:
    """The public client lets it overwrite the success; by its name it is known as the same one."""
    names = {
        NPSP.read(post(_signed(result_code=code))).provider_transaction for code in ("00", "99")
    }
    assert names == {"PG2611220000001"}


def test_checksums_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The public client compares texts, which stops at the first difference."""
    compared: list[bytes] = []
    compare = hmac.compare_digest

    def watch(given_digits: bytes, expected: bytes) -> bool:
        compared.append(expected)
        return compare(given_digits, expected)

    monkeypatch.setattr(hmac, "compare_digest", watch)
    NPSP.verify(post(_body()), KEYS, NOW)
    assert compared == [BODY["MaXacThuc"].encode()]


def test_times_are_read_with_a_clock_of_twenty_four_hours() -> None:
    """The public client writes `hh`: half past three in the afternoon becomes the morning."""
    afternoon = NPSP.read(post(_body(ThoiGianGD="20261122153045"))).paid_at
    morning = NPSP.read(post(_body(ThoiGianGD="20261122033045"))).paid_at
    assert afternoon == datetime(2026, 11, 22, 8, 30, 45, tzinfo=UTC)
    assert (afternoon - morning).total_seconds() == 12 * 3600


@pytest.mark.parametrize(
    "changes",
    [
        {"MaXacThuc": None},
        {"MaXacThuc": ""},
        {"MaXacThuc": 5},
        {"MaXacThuc": "é" * 64},
        {"MaXacThuc": f"0x{BODY['MaXacThuc'][:62]}"},
        {"MaXacThuc": f"{BODY['MaXacThuc']} "},
        {"MaXacThuc": BODY["MaXacThuc"][:63]},
        {"MaXacThuc": f"{int(BODY['MaXacThuc'], 16) ^ 1:064x}"},
        {"MaLoi": "99"},
        {"MaDoiTac": "HPH"},
        {"MaThamChieu": "HPFX3F3CZ7GCG"},
        {"MaThamChieu": "HPFX3F3CZ7GCF|8000", "SoTien": "VND", "MaTienTe": "PG2611220000001"},
        {"MaGiaoDich": None},
        {"MaTienTe": "USD"},
        {"ThoiGianGD": "20261122153045"},
        {"ThongTinGiaoDich": "x"},
        {"ThongTinGiaoDich": ["x"]},
        {"LoaiBanTin": None},
        {"SoTien": 8000.0},
    ],
)
def test_spoiled_notices_are_rejected(changes: dict[str, object]) -> None:
    with pytest.raises(CallbackRejected):
        NPSP.verify(post(_body(**changes)), KEYS, NOW)


def test_capitals_pass_and_other_keys_do_not() -> None:
    NPSP.verify(post(_body(MaXacThuc=BODY["MaXacThuc"].upper())), KEYS, NOW)
    NPSP.verify(post(_body()), [key(Algorithm.SHA256_SECRET_LAST, MATERIAL.split(b":")[0])], NOW)
    for other in (
        key(Algorithm.SHA256_SECRET_LAST, b""),
        key(Algorithm.SHA256_SECRET_LAST, b":a-token-of-the-sharing-platform"),
        key(Algorithm.SHA256_SECRET_LAST, b"a-token-of-the-sharing-platform"),
        key(Algorithm.HMAC_SHA256_HEX, MATERIAL),
    ):
        with pytest.raises(CallbackRejected):
            NPSP.verify(post(_body()), [other], NOW)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SoTien", "0"),
        ("SoTien", "-8000"),
        ("SoTien", "8000.00"),
        ("SoTien", "８０００"),
        ("SoTien", True),
        ("SoTien", None),
        ("MaThamChieu", ""),
        ("MaThamChieu", "a|b"),
        ("MaDoiTac", None),
        ("MaGiaoDich", ""),
        ("MaGiaoDich", "PG 1"),
        ("MaGiaoDich", ["PG1"]),
        ("MaTienTe", "đồng"),
        ("MaLoi", None),
        ("MaLoi", "0 0"),
        ("ThoiGianGD", "2026112215304"),
        ("ThoiGianGD", "20261122253045"),
        ("ThongTinGiaoDich", 5),
    ],
)
def test_notices_that_break_the_contract_are_unreadable(name: str, value: object) -> None:
    with pytest.raises(NoticeUnreadable, match=name):
        NPSP.read(post(_body(**{name: value})))


def test_failures_without_a_number_stay_apart() -> None:
    first, second = (
        NPSP.read(post(_body(MaLoi="99", MaGiaoDich=None, ThoiGianGD=time)))
        for time in ("20261122153045", "20261122153046")
    )
    assert first.provider_transaction == "unnumbered:HPFX3F3CZ7GCF:20261122153045"
    assert first.provider_transaction != second.provider_transaction


def test_another_currency_is_read_as_it_is() -> None:
    assert NPSP.read(post(_body(MaTienTe="USD"))).currency == "USD"


@given(
    st.binary(max_size=300)
    | st.dictionaries(
        st.sampled_from(sorted(BODY)),
        st.none() | st.integers() | st.text(max_size=9) | st.lists(st.none(), max_size=2),
    ).map(lambda fields: json.dumps(fields).encode())
)
def test_random_bytes_raise_only_what_the_contract_names(body: bytes) -> None:
    with pytest.raises(CallbackRejected):
        NPSP.verify(post(body), KEYS, NOW)
    with pytest.raises(NoticeUnreadable):
        NPSP.read(post(body))
    assert json.loads(NPSP.reply(post(body), Outcome.UNREADABLE, KEYS).body)["MaLoi"] == "99"


def test_only_the_secret_of_a_key_signs() -> None:
    npsp.require_secret(
        b"x",
        primitives.sha256_secret_last_hex(b"x", b"s"),
        [key(Algorithm.SHA256_SECRET_LAST, b"s:token")],
    )


@given(
    reference=REFERENCES,
    amount_minor=AMOUNTS,
    memo=TEXTS,
    paid_at=TIMES,
    result=st.sampled_from(RESULTS),
    transaction=REFERENCES,
)
def test_what_the_counterpart_writes_is_read_back(
    reference: str,
    amount_minor: int,
    memo: str,
    paid_at: datetime,
    result: NoticeResult,
    transaction: str,
) -> None:
    written = notice(
        result=result,
        result_code=OTHER_SIDE.result_code(result),
        our_reference=reference,
        provider_transaction=transaction,
        amount_minor=amount_minor,
        memo=memo,
        paid_at=paid_at,
    )
    request = OTHER_SIDE.notify(written, MATERIAL, NOW)
    NPSP.verify(request, KEYS, NOW)
    assert NPSP.read(request) == written
