"""camt as a stream: the same however it arrives, and the same with and without known shapes."""

import tracemalloc
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements import camt
from bank_adapters.statements.batches import FileSummary, LineBatch
from bank_adapters.statements.camt import stream_camt
from bank_adapters.statements.camt_scan import EntryScanner
from bank_adapters.statements.camt_texts import EntryForm
from bank_adapters.statements.camt_tree import TreeStream
from tests.bank_adapters.statements.camt_entries import MARK, bodies
from tests.bank_adapters.statements.camt_messages import balance, detail, entry, message

VERSION = 8


def items(chunks: Iterable[bytes]) -> Iterator[LineBatch | FileSummary | str]:
    """Yield what a stream gives, and its refusal as the last item."""
    try:
        yield from stream_camt(chunks)
    except StatementUnreadable as error:
        yield str(error)


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    start = 0
    while start < len(data):
        for size in sizes:
            yield data[start : start + size]
            start += size


@given(bodies())
@settings(max_examples=250, deadline=None)
def test_known_shapes_change_nothing(body: str) -> None:
    marked = message("camt.053", VERSION, balance("OPBD", "1", VERSION) + body)
    plain = marked.replace(MARK, "")
    known, parsed = (list(items([text.encode()])) for text in (plain, marked))
    assert known == parsed


@given(bodies(), st.lists(st.integers(0, 400), min_size=1, max_size=5).filter(any))
@settings(max_examples=30, deadline=None)
def test_chunks_of_any_size_give_the_same(body: str, sizes: list[int]) -> None:
    data = message("camt.052", VERSION, body.replace(MARK, "") * 20).encode()
    assert list(items(cut(data, sizes))) == list(items([data]))


def test_windows_and_statements_are_crossed() -> None:
    entries = "\n".join(entry(VERSION, "5", detail(VERSION, "5", f"FT{n}")) for n in range(3000))
    text = message("camt.054", VERSION, entries)
    container = text[text.index("<Ntfctn>") : text.index("</Ntfctn>") + len("</Ntfctn>")]
    data = text.replace(container, container * 2).encode("utf-16")
    *batches, summary = stream_camt(cut(data, [1, 2**16 - 1]))
    assert isinstance(summary, FileSummary)
    assert [statement.entries for statement in summary.statements] == [3000, 3000]
    lines = [batch for batch in batches if isinstance(batch, LineBatch)]
    assert sum(len(batch) for batch in lines if batch.statement == 1) == 3000
    assert lines[-1].bank_references[-1] == "FT2999"
    assert lines[-1].source_lines[-1] == 5999


def parsed_and_known(entries: str) -> tuple[int, int]:
    known: list[tuple[EntryForm, tuple[str, ...], int]] = []
    parsed: list[str] = []
    tree = TreeStream(lambda node, _: parsed.append(node.name), lambda _: None)
    scanner = EntryScanner(tree, lambda *entry: known.append(entry))
    scanner.read(message("camt.053", VERSION, entries))
    scanner.finish()
    return parsed.count("Ntry"), len(known)


def test_only_the_first_entries_of_a_shape_are_parsed() -> None:
    two = entry(VERSION, "5") + entry(VERSION, "7", detail(VERSION, "7", "FT1"))
    assert parsed_and_known(two * 50) == (3, 97)
    assert parsed_and_known(two.replace("<Sts>", "<Own xmlns='urn:o'/><Sts>") * 50) == (3, 97)
    assert parsed_and_known(two.replace("nop phi", "A &amp; B") * 50) == (3, 97)
    assert parsed_and_known(two.replace("nop phi", "A &#38; B") * 50) == (52, 48)
    batch = entry(VERSION, "5", detail(VERSION, "5", "FT1") * 2)
    assert parsed_and_known(batch * 50) == (50, 0)


def test_many_shapes_are_known_and_ever_new_ones_are_not_learned() -> None:
    several = [entry(VERSION, "5").replace("<Sts>", f"<A{n}/><Sts>") for n in range(300)]
    assert parsed_and_known("".join(several[:20] * 9)) == (21, 159)
    parsed, known = parsed_and_known("".join(several + several[:60]))
    assert (parsed, known) == (301, 59)


def test_a_namespace_that_changes_between_entries_is_seen() -> None:
    one = entry(VERSION, "5", detail(VERSION, "5", "FT1"))
    body = one * 3 + f"</Stmt><Stmt xmlns='urn:other'>{one * 3}</Stmt><Stmt><Id>8</Id>" + one
    text = message("camt.053", VERSION, body).replace(
        "<Stmt><Id>8</Id>", "<Stmt><Acct><Id><IBAN>X</IBAN></Id></Acct><Id>8</Id>"
    )
    (refusal,) = items([text.encode()])
    assert isinstance(refusal, str)
    assert "another namespace" in refusal


def test_shapes_of_much_markup_are_learned_only_while_they_are_few() -> None:
    much = entry(VERSION, "5").replace("<Sts>", "<B>x</B>" * 1000 + "<Sts>")
    several = [much.replace("<Sts>", f"<A{n}/><Sts>") for n in range(8)]
    assert parsed_and_known("".join(several * 2)) == (14, 2)
    assert parsed_and_known(several[0] * 9) == (2, 7)


def test_a_file_of_too_many_statements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camt, "STATEMENTS_MAX", 2)
    text = message("camt.052", VERSION, "\n" + entry(VERSION, "5"))
    container = text[text.index("<Rpt>") : text.index("</Rpt>") + len("</Rpt>")]
    assert len(list(items([text.replace(container, container * 2).encode()]))) == 3
    [*_, refusal] = items([text.replace(container, container * 3).encode()])
    assert refusal == "line 4: more than 2 statements in one file"


def test_a_batch_ends_where_its_texts_are_full() -> None:
    long = detail(VERSION, "5", "FT1").replace("nop phi", "x" * 9_000)
    data = message("camt.052", VERSION, entry(VERSION, "5", long) * 1000).encode()
    *batches, _ = stream_camt([data])
    assert [len(batch) for batch in batches if isinstance(batch, LineBatch)] == [462, 462, 76]


def test_a_message_cut_anywhere_is_refused() -> None:
    one = entry(VERSION, "5", detail(VERSION, "5", "FT1"))
    data = message("camt.053", VERSION, one * 4).encode()
    for cut in range(len(data)):
        [*_, last] = items([data[:cut]])
        assert isinstance(last, str)
    assert isinstance([*items([data])][-1], FileSummary)


def peak(chunks: Iterable[bytes]) -> int:
    tracemalloc.start()
    for _ in stream_camt(chunks):
        pass
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size


def test_memory_does_not_grow_with_the_file() -> None:
    head, tail = message("camt.052", VERSION, "@").encode().split(b"@")
    lines = entry(VERSION, "5").encode() * 100
    assert peak([head, *[lines] * 200, tail]) < 1.2 * peak([head, *[lines] * 90, tail])


def test_the_details_of_a_batch_are_not_held() -> None:
    head, tail = message("camt.054", VERSION, entry(VERSION, "5", "@")).encode().split(b"@")
    details = detail(VERSION, "5", "FT1").encode() * 100
    assert peak([head, *[details] * 30, tail]) < 1.2 * peak([head, *[details] * 10, tail])
    assert peak([head, *[b"</NtryDtls><NtryDtls>" + details] * 30, tail]) < 2**22
