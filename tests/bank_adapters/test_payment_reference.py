"""The payment reference: every single mistake is caught, every true one is found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_adapters.payment_reference import (
    ALPHABET,
    LENGTH,
    PREFIX,
    WEIGHTS,
    find,
    is_valid,
    make,
    near_misses,
    normalise,
    normalise_all,
)

REFERENCES = st.binary(min_size=16, max_size=32).map(make)
ONE = make(bytes(range(16)))
OTHER = make(bytes(range(100, 116)))


def test_the_alphabet_has_31_symbols_that_nobody_confuses() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 31
    assert not set("ILO01") & set(ALPHABET)
    assert set(PREFIX) <= set(ALPHABET)


def test_weights_are_distinct_and_none_is_zero_modulo_31() -> None:
    residues = {weight % 31 for weight in WEIGHTS}
    assert len(residues) == LENGTH == len(WEIGHTS)
    assert 0 not in residues


def test_the_printed_form_never_changes() -> None:
    # Printed references live for years: these literals must hold for ever.
    assert [make(bytes(16)), ONE, make(bytes([255] * 16))] == [
        "HPFAAAAAAAAAS",
        "HPFX3F3CZ7GCF",
        "HPFHRWB267J46",
    ]


@given(st.binary(min_size=16, max_size=32))
def test_made_references_are_valid(random_bytes: bytes) -> None:
    reference = make(random_bytes)
    assert is_valid(reference)
    assert len(reference) == LENGTH
    assert (
        sum(
            weight * ALPHABET.index(symbol)
            for weight, symbol in zip(WEIGHTS, reference, strict=True)
        )
        % 31
        == 0
    )


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="16 random bytes"):
        make(bytes(15))


@given(REFERENCES)
def test_every_single_substitution_is_caught(reference: str) -> None:
    for position, right in enumerate(reference):
        for wrong in ALPHABET.replace(right, "") + "01ILO":
            assert not is_valid(reference[:position] + wrong + reference[position + 1 :])


@given(REFERENCES)
def test_every_swap_of_two_symbols_is_caught(reference: str) -> None:
    for left in range(LENGTH):
        for right in range(left + 1, LENGTH):
            symbols = list(reference)
            symbols[left], symbols[right] = symbols[right], symbols[left]
            if symbols[left] != symbols[right]:
                assert not is_valid("".join(symbols))


@pytest.mark.parametrize(
    "text", ["", "HPF", ONE.lower(), ONE + "A", ONE[:-1], f" {ONE}", ONE + "\n"]
)
def test_only_the_exact_form_is_valid(text: str) -> None:
    assert not is_valid(text)


def test_normalise_folds_vietnamese() -> None:
    assert normalise("Nộp phí Đăng ký đất-đai, số 5") == "NOPPHIDANGKYDATDAISO5"
    assert normalise(unicodedata.normalize("NFD", "Hải Phòng")) == "HAIPHONG"


@given(st.lists(st.text().map(lambda text: text.replace("\n", " ")), max_size=5))
def test_many_memos_are_normalised_as_one_by_one(texts: list[str]) -> None:
    assert normalise_all(texts) == [normalise(text) for text in texts]


@given(st.text())
def test_normalise_keeps_only_letters_and_digits_and_is_stable(text: str) -> None:
    once = normalise(text)
    assert set(once) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    assert normalise(once) == once


@pytest.mark.parametrize(
    "memo",
    [
        "MBVCB.1234567890.{}.CT tu 0123456789 NGUYEN VAN A toi 0123499999 UBND PHUONG B",
        "MBVCB.1234567890.029552.{}.CT tu 0123456789 NGUYEN VAN A toi 231814973 UBND tai VPBANK",
        "029552.221126.093045.{} FT26326276428461",
        "CT DEN:123456789012 {}",
        "{}- Ma GD ACSP/ ab123456 Trace 339176",
        "{} GD 174242-090822 15:45:46",
        "ZP7K2M9QXW12, {}",
        "nộp phí cho con {} cảm ơn",
        "HPFHPF{}",
    ],
)
def test_found_in_the_memos_that_banks_deliver(memo: str) -> None:
    assert find(memo.format(ONE)) == (ONE,)
    assert find(memo.format(ONE.lower())) == (ONE,)


def test_found_when_broken_up() -> None:
    assert find(f"{ONE[:5]}\r\n{ONE[5:9]} . {ONE[9:]}") == (ONE,)
    assert find("-".join(ONE)) == (ONE,)


def test_two_references_in_order_and_a_doubled_one_once() -> None:
    assert find(f"{OTHER}{ONE} {OTHER}") == (OTHER, ONE)


@given(st.text(max_size=40), REFERENCES, st.text(max_size=40))
def test_found_inside_any_text(before: str, reference: str, after: str) -> None:
    assert reference in find(before + reference + after)


@given(st.text(max_size=200))
def test_found_and_nearly_found_never_overlap_in_kind(text: str) -> None:
    assert all(is_valid(reference) for reference in find(text))
    assert not any(is_valid(fragment) for fragment in near_misses(text))


def test_a_wrong_check_symbol_is_reported_as_it_stands() -> None:
    wrong = ONE[:-1] + ("A" if ONE[-1] != "A" else "B")
    assert find(wrong) == ()
    assert near_misses(f"nop {wrong} phi") == (wrong,)


@pytest.mark.parametrize("confused", ["O", "0", "1", "I", "L"])
def test_confusable_symbols_are_reported_not_repaired(confused: str) -> None:
    typed = ONE[:6] + confused + ONE[7:]
    assert find(typed) == ()
    assert near_misses(typed) == (typed,)


def test_a_reference_cut_off_by_the_end_is_reported() -> None:
    assert near_misses(ONE[:-1]) == (ONE[:-1],)
    assert near_misses(f"X {ONE[:-5]}") == (ONE[:-5],)
    assert near_misses(ONE[:-6]) == ()
    assert near_misses(f"{ONE[:8]}O") == ()


def test_a_valid_reference_is_no_near_miss() -> None:
    assert near_misses(f"{ONE} {OTHER}") == ()
    assert near_misses("HOAN TRA TIEN") == ()
