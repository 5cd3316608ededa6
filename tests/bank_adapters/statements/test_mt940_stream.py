"""MT940 as a stream: in bulk or line by line, in one piece or in many, the same comes out."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from operator import add
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank_adapters.contract import StatementUnreadable
from bank_adapters.counterpart.statements import write_mt940
from bank_adapters.statements.batches import BATCH_LINES_MAX, FileSummary, LineBatch
from bank_adapters.statements.mt940 import stream_mt940
from bank_adapters.statements.mt940_fields import FIELD_LINES_MAX
from bank_adapters.statements.mt940_runs import read_run
from bank_adapters.statements.proof import collect
from bank_adapters.vocabulary import Statement
from tests.bank_adapters.statements.test_totality import STATEMENT

SAMPLES = sorted((Path(__file__).resolve().parents[4] / "shared" / "samples" / "mt940").glob("*"))
HEAD = ":20:X\n:25:1\n:28C:1\n:60F:C260101VND0,\n"
TAIL = ":62F:C260102VND0,\n-\n"
REGULAR = ":61:2601020102C5,00NTRFA//B\n:86:some text\n"

ENTRIES = st.builds(
    "".join,
    st.tuples(
        st.just(":61:"),
        st.sampled_from(["260102", "2601020103", "2512310101", "160201", "1602300301"]),
        st.sampled_from(["C", "D", "RC", "RD", "EC", "ED", "CR", "DN"]),
        st.sampled_from(["5,", "7,00", "1,25", "0,5", ",50", "0,00", "000001234567890,"]),
        st.sampled_from(["NTRF", "S940", "FMSC"]),
        st.sampled_from(
            ["NONREF", "A//B", "", " ", "A/B", "A/", "A///B", " A // B ", "KREF+", "//", "é\xa0//"]
        ),
        st.sampled_from(["\n", "\n", "\n", " \n", "\nPAYROLL\n", "\nA\n B  C\n", "\n\n"]),
    ),
)
BROKEN = (
    *("261301C5,NTRF", "2601020230C5,NTRF", "260102ERC5,NTRF", "260102X5,NTRF"),
    *("260102C5NTRF", "260102C5,ntrf", "260102C123456,123456NTRF", "260102C123456789012345,12NTRF"),
)
TEXTS = st.builds(
    "".join,
    st.lists(
        st.one_of(
            st.sampled_from(
                [":86:text\n", ":86:\n", ":86:/RTN/R 1\n", ":86: /TXT/a\n", ":86:/TXT//TXT/a\n"]
            ),
            st.sampled_from(
                ["/CPTYNAME/ N  N \n", "/TXT/more\n", "x" * 65 + "\n", "  two  blanks \n", "\n"]
            ),
            st.sampled_from([":12:11\n", ":20:15\n", "-\n", "{1:\n", "a\tb\x1cc\n", "ệ\u2003ế\n"]),
        ),
        max_size=4,
    ),
)
ROWS = st.lists(st.builds(add, st.one_of(ENTRIES, st.just(REGULAR)), TEXTS), max_size=6)
FRAMES = st.sampled_from(
    [
        *[(HEAD, TAIL)] * 4,
        *[(":20:X\n:25:1\n:34F:VND0,\n", ":90C:1VND5,\n-\n")] * 2,
        (HEAD, ":62M:C260102VND5,\n"),
        (HEAD, ""),
    ]
)
MESSAGES = st.builds(
    lambda frame, rows, broken: frame[0] + "".join(rows) + broken + frame[1],
    FRAMES,
    ROWS,
    st.sampled_from([""] * 40 + [f":61:{rest}\n" for rest in BROKEN]),
)


def outcome(
    chunks: Iterable[bytes], *, in_bulk: bool = True
) -> list[LineBatch | FileSummary | str]:
    """Return what a stream gives, and its refusal as the last item."""
    items: list[LineBatch | FileSummary | str] = []
    try:
        items.extend(stream_mt940(chunks, in_bulk=in_bulk))
    except StatementUnreadable as error:
        return [str(error)]
    return items


def with_one_exponent(items: list[LineBatch | FileSummary | str]) -> list[object]:
    """Return the items with the amounts of all batches in the same unit."""
    rest: list[object] = []
    for item in items:
        if isinstance(item, LineBatch):
            item.extend(LineBatch(statement=item.statement, exponent=5))
        rest.append(item)
    return rest


@given(st.lists(MESSAGES, min_size=1, max_size=2).map("".join))
@settings(max_examples=400, deadline=None)
def test_in_bulk_or_line_by_line_the_same_comes_out(text: str) -> None:
    data = text.encode()
    careful = outcome([data], in_bulk=False)
    assert with_one_exponent(outcome([data])) == with_one_exponent(careful)


@given(MESSAGES, st.lists(st.integers(0, 600), max_size=20))
@settings(max_examples=150, deadline=None)
def test_chunks_of_any_size_give_the_same(text: str, cuts: list[int]) -> None:
    data = text.replace("\n", "\r\n").encode()
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    chunks = [data[start:end] for start, end in pairwise(edges)]
    assert with_one_exponent(outcome(chunks)) == with_one_exponent(outcome([data]))


@pytest.mark.skipif(not SAMPLES, reason="the sample files are not on this machine")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sample_files_are_the_same_in_any_chunks(path: Path) -> None:
    data = path.read_bytes()
    whole = with_one_exponent(outcome([data]))
    assert with_one_exponent(outcome([data], in_bulk=False)) == whole
    for size in (1, 7, 100):
        chunks = [data[start : start + size] for start in range(0, len(data), size)]
        assert with_one_exponent(outcome(chunks)) == whole


def test_regular_entries_are_read_in_bulk() -> None:
    text = REGULAR * 3 + ":62F:"
    run = read_run(text, 0, line=5, statement=0)
    assert run is not None
    assert (len(run.columns), run.end, run.next_line) == (3, len(text) - len(":62F:"), 11)
    assert run.columns.source_lines == [5, 7, 9]


@pytest.mark.parametrize(
    "text",
    [
        REGULAR,  # what stands below is not known yet
        REGULAR.replace("260102", "260132") + TAIL,
        REGULAR.replace("5,00", "0,00") + TAIL,
        REGULAR + "-\n" + TAIL,
        REGULAR + ":12:11\n" + TAIL,
    ],
)
def test_what_is_not_surely_regular_is_left_to_the_careful_path(text: str) -> None:
    assert read_run(text, 0, line=1, statement=0) is None


def test_what_a_counterpart_wrote_is_read_in_bulk() -> None:
    data = write_mt940(STATEMENT)
    text = data.decode().replace("\r\n", "\n")
    run = read_run(text, text.index(":61:"), line=5, statement=0)
    assert run is not None
    assert len(run.columns) == len(STATEMENT.lines)
    assert run.columns.narratives == [line.narrative for line in STATEMENT.lines]


def test_a_long_statement_comes_in_full_batches() -> None:
    count = 3 * BATCH_LINES_MAX
    data = (HEAD + REGULAR * count + TAIL.replace("VND0", f"VND{5 * count}")).encode()
    *batches, summary = stream_mt940([data])
    assert isinstance(summary, FileSummary)
    sizes = [len(batch) for batch in batches if isinstance(batch, LineBatch)]
    assert sum(sizes) == count
    assert set(sizes) == {max(sizes)}
    assert max(sizes) <= BATCH_LINES_MAX
    assert summary.statements[0].entries == count
    assert summary.statements[0].is_balanced


def test_exponents_of_batches_meet_in_the_whole_file() -> None:
    odd = REGULAR.replace("5,00", "5,25")
    text = HEAD.replace("VND", "EUR") + REGULAR * 3000 + odd + TAIL.replace("VND0,", "EUR15005,25")
    [statement] = collect(stream_mt940([text.encode()])).statements
    assert statement.is_balanced
    assert {line.amount_minor for line in statement.lines} == {500, 525}


@pytest.mark.parametrize(
    ("below", "words"),
    [
        ("x\n" * FIELD_LINES_MAX, "line 6: :86: has more than"),
        (":86:x\n" * (FIELD_LINES_MAX + 1), "line 5: :61: has more than"),
    ],
)
def test_text_without_an_end_is_refused(below: str, words: str) -> None:
    data = (HEAD + REGULAR + below + TAIL).encode()
    for in_bulk in (True, False):
        [error] = outcome([data], in_bulk=in_bulk)
        assert str(error).startswith(words)


def test_the_longest_text_is_read_in_bulk_and_line_by_line() -> None:
    data = (HEAD + REGULAR + "x\n" * (FIELD_LINES_MAX - 1) + REGULAR + TAIL).encode()
    whole = outcome([data])
    assert isinstance(whole[0], LineBatch)
    assert whole == outcome([data], in_bulk=False)


def test_a_refusal_may_come_after_batches() -> None:
    data = (HEAD + REGULAR * 20_000).encode()
    stream = stream_mt940([data])
    assert isinstance(next(stream), LineBatch)
    with pytest.raises(StatementUnreadable, match="closing"):
        list(stream)


def statements_of(data: bytes) -> tuple[Statement, ...]:
    try:
        return collect(stream_mt940([data])).statements
    except StatementUnreadable:
        return ()


@pytest.mark.skipif(not SAMPLES, reason="the sample files are not on this machine")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_file_cut_anywhere_is_refused_or_a_shorter_file(path: Path) -> None:
    data = path.read_bytes()
    whole = statements_of(data)
    for cut in range(0, len(data), 1 + len(data) // 1500):
        for statement, known in zip(statements_of(data[:cut]), whole, strict=False):
            assert replace(statement, flags=()) == replace(known, flags=())
