"""What holds for every gateway that takes orders, and for the other side of each."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import bank_adapters
from bank_adapters.counterpart.gateway import GatewayBooks
from bank_adapters.counterpart.gateways import COUNTERPARTS
from bank_adapters.money import AMOUNT_MINOR_MAX
from bank_adapters.outgoing import Checkout, Merchant, Order, OutgoingRequest, RequestRefused
from bank_adapters.registry import CHECKOUT_DIALECTS, SIGNED_BY_US
from bank_adapters.vocabulary import NoticeResult
from tests.bank_adapters.channels import channel_keys
from tests.bank_adapters.gateways.exchanges import order, pay
from tests.bank_adapters.gateways.portal import BENEFICIARY
from tests.bank_adapters.key_pairs import mirrored
from tests.bank_adapters.keys import NOW

ROOT = Path(bank_adapters.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))
PROOFS = (
    "sign(",
    "signature",
    "check_sum",
    "checksum",
    "secure_hash",
    "mac",
    "digest",
    "secret_part",
    "bearer",
)
"""What stands in a comparison of proofs; the texts of the source are in small letters."""


def _merchant(code: str) -> Merchant:
    return Merchant(code="2554", base_url="https://gateway.example", key=channel_keys(code)[0])


def _order(**changes: object) -> Order:
    account = replace(BENEFICIARY, bank_code="970415", fee_lines=())
    return order(beneficiary=account, payer=PAYER, **changes)


PAYER = replace(order().payer, full_name="Nguyễn Thị Mẫu")


@pytest.mark.parametrize("code", CHECKOUT_DIALECTS)
@pytest.mark.parametrize("amount_minor", [-50_000, 0, AMOUNT_MINOR_MAX + 1])
def test_an_amount_that_nobody_can_pay_is_not_asked_for(code: str, amount_minor: int) -> None:
    CHECKOUT_DIALECTS[code].order(_merchant(code), _order())
    with pytest.raises(RequestRefused):
        CHECKOUT_DIALECTS[code].order(_merchant(code), _order(amount_minor=amount_minor))


@pytest.mark.parametrize("code", ["momo", "zalopay", "payos", "onepay", "vnpay", "keypay"])
@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "https://x/\ud800"])
def test_the_payer_is_sent_back_to_a_web_address_only(code: str, address: str) -> None:
    with pytest.raises(RequestRefused):
        CHECKOUT_DIALECTS[code].order(_merchant(code), _order(return_url=address))


@pytest.mark.parametrize("code", sorted(set(CHECKOUT_DIALECTS) - {"sepay"}))
def test_an_order_that_is_opened_again_stays_paid(code: str) -> None:
    books, us = GatewayBooks(), _merchant(code)
    placed = CHECKOUT_DIALECTS[code].order(us, _order())
    if isinstance(placed, Checkout):
        placed = OutgoingRequest(method="GET", url=placed.url)
    held = mirrored() if code in SIGNED_BY_US else us.key.material
    COUNTERPARTS[code].answer(placed, books, held, NOW)
    pay(books)
    COUNTERPARTS[code].answer(placed, books, held, NOW)
    [taken] = books.orders.values()
    assert (taken.result, taken.provider_transaction) == (NoticeResult.PAID, "14422574")


def _open_comparisons(tree: ast.AST) -> list[int]:
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            continue
        sides = [node.left, *node.comparators]
        is_plain = (
            any(
                isinstance(side, ast.Constant)
                or ast.unparse(side).startswith("len(")
                or ast.unparse(side).endswith(".keys()")
                for side in sides
            )
            or ast.unparse(sides[-1]).isupper()
        )
        text = ast.unparse(node).lower()
        if not is_plain and any(proof in text for proof in PROOFS):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_proof_is_compared_by_equality(path: Path) -> None:
    assert _open_comparisons(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_a_comparison_of_proofs_by_equality_is_found() -> None:
    for text in ('a["signature"] != _sign(b, c)', "a.get(SECURE_HASH) == b", 'f"Bearer {a}" == b'):
        assert _open_comparisons(ast.parse(text)) == [1]
    for text in ("len(signature) != digits", "name != SECURE_HASH", 'mac == ""'):
        assert _open_comparisons(ast.parse(text)) == []
