"""The text that is signed: one line a component, as RFC 9421 §2 writes it."""

from dataclasses import replace

import pytest

from bank_adapters.contract import CallbackRejected
from bank_adapters.signatures.signature_base import (
    COMPONENTS_MAX,
    read_signature_input,
    signature_base,
)
from tests.bank_adapters.signatures.signed_requests import REQUEST

# The query of RFC 9421 §2.2.8.
QUERY = (
    b"var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace"
    b"&fa%C3%A7ade%22%3A%20=something"
)


def value(component: str, query: bytes = QUERY) -> str:
    """Return the value of one component in the signature base."""
    text = f"({component});created=1"
    base = signature_base(replace(REQUEST, query=query), read_signature_input(text)).decode()
    line, parameters = base.split("\n")
    assert parameters == f'"@signature-params": {text}'
    return line.removeprefix(f"{component}: ")


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ('"@method"', "POST"),
        ('"@authority"', "pay.example.vn"),
        ('"@scheme"', "https"),
        ('"@path"', "/callbacks/bank"),
        ('"@query"', f"?{QUERY.decode()}"),
        ('"@target-uri"', f"https://pay.example.vn/callbacks/bank?{QUERY.decode()}"),
        ('"content-type"', "application/json"),
        ('"@query-param";name="var"', "this%20is%20a%20big%0Amultiline%20value"),
        ('"@query-param";name="bar"', "with%20plus%20whitespace"),
        ('"@query-param";name="fa%C3%A7ade%22%3A%20"', "something"),
    ],
)
def test_components_are_written_as_in_the_document(component: str, expected: str) -> None:
    assert value(component) == expected


def test_an_absent_query_is_a_question_mark_and_no_part_of_the_address() -> None:
    assert value('"@query"', b"") == "?"
    assert value('"@target-uri"', b"") == "https://pay.example.vn/callbacks/bank"


def test_a_query_parameter_may_be_empty_but_not_doubled_missing_or_one_of_very_many() -> None:
    name = '"@query-param";name="n"'
    assert value(name, b"n=&m=1") == ""
    assert value(name, b"n=~*-._") == "%7E*-._"
    assert value(name, b"n=1" + b"&m=1" * 63) == "1"
    for query in (b"n=1&n=1", b"m=1", b"", b"n=1" + b"&m=1" * 64):
        with pytest.raises(CallbackRejected):
            value(name, query)


@pytest.mark.parametrize(
    "component",
    [
        '"@query-param";name="n";x="y"',
        '"@query-param";name=5',
        '"@query-param";x="y";name="n"',
        '"@query-param"',
        '"@query";name="n"',
        '"@path";x="y"',
    ],
)
def test_a_component_with_parameters_not_understood_is_refused(component: str) -> None:
    with pytest.raises(CallbackRejected, match="not understood"):
        value(component, b"n=1&5=2")


def test_the_blanks_around_a_field_do_not_count() -> None:
    request = replace(REQUEST, headers=(("date", b"\t now \t "), ("name", b"x" * 8192)))
    base = signature_base(request, read_signature_input('("date" "name");created=1'))
    assert base.startswith(b'"date": now\n"name": xxx')
    for spoiled in (b"x" * 8193, b"\t", b"", b"a\nb", "é".encode()):
        with pytest.raises(CallbackRejected):
            signature_base(
                replace(REQUEST, headers=(("date", spoiled),)), read_signature_input('("date")')
            )


def test_at_most_32_components_and_none_twice() -> None:
    names = " ".join(f'"f{number}"' for number in range(COMPONENTS_MAX))
    assert len(read_signature_input(f"({names})").components) == COMPONENTS_MAX == 32
    for components in (f'{names} "one-more"', '"date" "date"', '"date" "age" "date"'):
        with pytest.raises(CallbackRejected, match="components"):
            read_signature_input(f"({components})")


def test_parameters_are_read_by_type() -> None:
    given = read_signature_input(r'("date";name="a" "age");created=5;nonce="a\"b\\";expires=-7')
    assert given.components == ('"date";name="a"', '"age"')
    assert given.parameters == {"created": 5, "nonce": 'a"b\\', "expires": -7}
    for parameters in ('created="5"', "nonce=5", "created=1;created=1", 'unknown="a"'):
        with pytest.raises(CallbackRejected, match="parameter"):
            read_signature_input(f'("date");{parameters}')
