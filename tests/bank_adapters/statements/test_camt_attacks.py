"""XML made to hurt its reader ends in a refusal, after no more bytes than the limits allow."""

from collections.abc import Iterator
from itertools import chain, repeat

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.camt import read_camt, stream_camt
from tests.bank_adapters.statements.camt_messages import detail, entry, message

ENTRY = entry(8, "5", detail(8, "5", "FT1"))
TEXT = message("camt.053", 8, ENTRY * 3)
HEAD, TAIL = message("camt.053", 8, "@").split("@")
FIFTY_MEGABYTES = 50 * 2**20
CHUNK = 2**16

BOMB = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
DTDS = [
    "<!DOCTYPE Document>",
    "<!DOCTYPE Document []>",
    "<!DOCTYPE Document SYSTEM 'file:///etc/passwd'>",
    "<!DOCTYPE Document PUBLIC '-//X' 'http://127.0.0.1:9/x.dtd'>",
    "<!DOCTYPE Document [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    "<!DOCTYPE Document [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/'> %p;]>",
    f"<!DOCTYPE Document [<!ENTITY e0 'ha'>{BOMB}]>",
    f"<!DOCTYPE Document [<!ENTITY q '{'x' * 100_000}'>]>",
    "<!DOCTYPE Document [<!ATTLIST Amt Ccy CDATA 'USD'>]>",
]


@pytest.mark.parametrize("dtd", DTDS, ids=range(len(DTDS)))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_no_dtd_of_any_kind_is_accepted(dtd: str, encoding: str) -> None:
    with pytest.raises(StatementUnreadable, match="document type declaration"):
        read_camt((dtd + TEXT).encode(encoding))


@pytest.mark.parametrize(
    "data",
    [
        f"<?xml version='1.0' encoding='utf-7'?>{TEXT}".encode("utf-7"),
        f"<?xml version='1.0' encoding='utf-16'?>{TEXT}".encode(),
        f"<?xml version='1.0' encoding='utf-8'?>{TEXT}".encode("utf-16"),
        f"<?xml version='1.0' encoding='utf-16be'?>{TEXT}".encode("utf-16-le"),
        f"<?xml version='1.0' encoding='iso-8859-1'?>{TEXT}".encode("utf-8-sig"),
        f"<?xml version='1.0' encoding='cp037'?>{TEXT}".encode("cp037"),
        f"<?xml version='1.0'{' ' * 2000}encoding='iso-8859-1'?>{TEXT}".encode(),
        TEXT.encode("utf-32"),
        TEXT.encode("utf-32-be"),
        TEXT.encode("utf-16-le")[:-1],
        TEXT.encode("utf-16-le").replace(b"E\x002\x00E\x00", b"\x00\xd8\x00\xd8"),
        TEXT.encode().replace(b"E2E", b"\xc0\xbc"),
        TEXT.encode().replace(b"E2E", b"\xed\xa0\x80"),
        TEXT.encode().replace(b"E2E", b"\xff"),
        TEXT.encode() + b"\xe1\xba",
    ],
    ids=range(15),
)
def test_bytes_that_are_not_what_they_declare_are_refused(data: bytes) -> None:
    with pytest.raises(StatementUnreadable, match=r"^line [0-9]+: "):
        read_camt(data)


def endless(start: str, middle: str, end: str = "") -> Iterator[bytes]:
    times = CHUNK // len(middle) + 1
    return chain([start.encode()], repeat((middle * times).encode()), [end.encode()])


@pytest.mark.parametrize(
    ("start", "middle", "words"),
    [
        ("", "<a>", "deeper than 64"),
        (HEAD, "<a>", "deeper than 64"),
        (f"{HEAD}<Ntry>", "<AddtlNtryInf>", "deeper than 64"),
        (f"{HEAD}{ENTRY * 3}<Ntry><AddtlNtryInf>", "x", "longer than 20000"),
        (f"{HEAD}<Id>", "&#65;", "longer than 20000"),
        (f"{HEAD}<Id><![CDATA[", "x", "longer than 20000"),
        (f"{HEAD}<Ntry>", "<a/>", "more than 20000 elements"),
        (f"{HEAD}<Ntry><NtryDtls><TxDtls>", "<a b='c'></a>", "more than 20000 elements"),
        (f"{HEAD}<!--", "x", "longer than 1048576 bytes"),
        (f"{HEAD}{ENTRY}<!--", "</Ntry>", "longer than 1048576 bytes"),
        (f"{HEAD}<?x ", "</Ntry><Ntry>", "longer than 1048576 bytes"),
        (f"{HEAD}<Ntry a='", "x", "longer than 1048576 bytes"),
        (f"{HEAD}<Ntry ", "x", "longer than 1048576 bytes"),
        ("<", "a", "longer than 1048576 bytes"),
        ("<?xml ", " ", "declaration without an end"),
        ("", "A", "longer than 1048576 bytes"),
        ("", "\0", "not well-formed"),
    ],
)
def test_nothing_endless_is_read_on(start: str, middle: str, words: str) -> None:
    taken = 0

    def counted() -> Iterator[bytes]:
        nonlocal taken
        for chunk in endless(start, middle):
            taken += len(chunk)
            assert taken < 2**22
            yield chunk

    with pytest.raises(StatementUnreadable, match=words):
        list(stream_camt(counted()))


def test_fifty_megabytes_of_one_text_are_refused() -> None:
    start = f"{HEAD}{ENTRY * 3}<Ntry><AddtlNtryInf>".encode()
    data = start + b"x" * FIFTY_MEGABYTES + b"</AddtlNtryInf></Ntry>" + TAIL.encode()
    with pytest.raises(StatementUnreadable, match="longer than 20000"):
        read_camt(data)


def test_inclusions_instructions_and_foreign_elements_have_no_effect() -> None:
    (expected,) = read_camt(TEXT.encode()).statements
    include = "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd'/>"
    foreign = "<f:Amt xmlns:f='urn:f' Ccy='VND'>9</f:Amt><f:Sts xmlns:f='urn:f'>PDNG</f:Sts>"
    sheet = "<?xml-stylesheet type='text/xsl' href='http://127.0.0.1:9/x.xsl'?>"
    for text in (
        sheet + TEXT,
        TEXT.replace("<Ntry>", f"{include}<Ntry>{include}{foreign}"),
        TEXT.replace("<Ntry>", f"<!--<Ntry>--><Ntry>{sheet}"),
        TEXT.replace("<Ntry>", f"<![CDATA[ ]]>{foreign}<Ntry>"),
        TEXT + "<!-- </Document> -->",
    ):
        assert read_camt(text.encode()).statements == (expected,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</Ntry>", "</ntry>"),
        ("</Ntry>", ""),
        ("</Ntry>", "</Ntry></Ntry>"),
        ("</Ntry>", "</Ntry><"),
        ("</Ntry>", "</Ntry>&"),
        ("</Ntry>", "</Ntry>]]>"),
        ("</Ntry>", "</Ntry>\x0b"),
        ("<Ntry>", "<Ntry><Amt>"),
        ("<Ntry>", "<Ntry x=1>"),
        ("<Ntry>", "<Ntry x='' x=''>"),
        ("<Ntry>", "<Ntry y:x=''>"),
        ("<Ntry>", "<Id a='<Ntry>"),
        ("</Stmt>", ""),
        ("</Stmt>", "</Stmt></Stmt>"),
        ("</Document>", "</Document><Document/>"),
        ("</Document>", "</Document>x"),
    ],
)
def test_markup_broken_among_known_entries_is_refused(old: str, new: str) -> None:
    text = message("camt.053", 8, ENTRY * 9 + "\n")
    at = text.rindex(old)
    broken = text[:at] + new + text[at + len(old) :]
    with pytest.raises(StatementUnreadable, match="broken XML"):
        read_camt(broken.encode())
