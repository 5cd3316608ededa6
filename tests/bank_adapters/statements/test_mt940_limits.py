"""MT940 that misleads about its pages or its account, or that has no end."""

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements import mt940
from bank_adapters.statements.batches import BATCH_CHARACTERS_MAX, FileSummary, LineBatch
from bank_adapters.statements.mt940 import stream_mt940
from bank_adapters.statements.mt940_fields import TEXT_CHARACTERS_MAX
from bank_adapters.statements.pages import join_pages
from bank_adapters.statements.proof import collect
from bank_adapters.vocabulary import StatementFile

HEAD = ":20:X\n:25:1\n:28C:4/1\n:60F:C260101VND0,\n"
ENTRIES = ":61:260102C100,NTRFA\n:61:260102D100,NTRFB\n"
TAIL = ":62F:C260102VND0,\n-\n"
ENTRY = ":61:260102C5,NTRFA\n"


def page(number: str) -> str:
    return (HEAD + ENTRIES + TAIL).replace("4/1", number)


def read(text: str) -> StatementFile:
    return collect(stream_mt940([text.encode()]))


@pytest.mark.parametrize(
    "numbers",
    [
        ("4/1", "4/1"),
        ("4/1", "4/3"),
        ("4/2", "4/1"),
        ("4/2", "4/3"),
        ("4/1", "4/2", "4/2"),
        ("4/1", "4/2", "4/4"),
    ],
)
def test_pages_that_do_not_follow_one_another_are_a_gap(numbers: tuple[str, ...]) -> None:
    file = read("".join(map(page, numbers)))
    assert {statement.flags for statement in file.statements} == {("gap",)}
    assert all("gap" in statement.flags for statement in join_pages(file).statements)


def test_only_pages_that_follow_one_another_are_joined() -> None:
    file = read("".join(map(page, ("4/1", "4/2", "4/3", "5/1", "6/1", "6/2"))))
    assert {statement.flags for statement in file.statements} == {()}
    joined = join_pages(file).statements
    assert [(each.number, len(each.lines)) for each in joined] == [
        ("4/1", 6),
        ("5/1", 2),
        ("6/1", 4),
    ]
    doubled = read(page("4/1") * 2)
    assert join_pages(doubled) == doubled


@pytest.mark.parametrize("quoted", [":25:999", ":25P:999", ":28C:77/1", ":28:77"])
def test_a_memo_that_quotes_a_head_is_a_memo(quoted: str) -> None:
    text = HEAD + ENTRY + f":86:see\n{quoted}\n" + TAIL.replace("VND0", "VND5")
    [statement] = read(text).statements
    assert (statement.account, statement.number, statement.flags) == ("1", "4/1", ())
    assert statement.lines[0].narrative == f"see {quoted}"


@pytest.mark.parametrize("second", [":25:999", ":25P:999", ":28C:77/1", ":28:77"])
def test_account_and_number_do_not_change_below_the_opening_balance(second: str) -> None:
    for text in (HEAD + f"{second}\n" + ENTRIES + TAIL, HEAD + ENTRIES + f"{second}\n" + TAIL):
        with pytest.raises(StatementUnreadable, match=r"line [57]: a second :2"):
            read(text)
    assert read(HEAD + ":25:1\n:28C:4/1\n" + ENTRIES + TAIL).statements[0].account == "1"


@pytest.mark.parametrize("in_bulk", [True, False])
def test_the_text_of_an_entry_has_an_end(*, in_bulk: bool) -> None:
    row = "x" * 1023 + "\n"
    longest = HEAD + ENTRY + ":86:" + row * (TEXT_CHARACTERS_MAX // 1024 - 1) + TAIL
    assert list(stream_mt940([longest.encode()], in_bulk=in_bulk))
    for below, words in (
        (":86:" + row * (TEXT_CHARACTERS_MAX // 1024 + 1), "line 6: :86: has more than 65536"),
        ((":86:" + row * 40) * 2, "line 5: :61: has more than 65536"),
    ):
        with pytest.raises(StatementUnreadable, match=words):
            list(stream_mt940([(HEAD + ENTRY + below + TAIL).encode()], in_bulk=in_bulk))


def test_a_batch_ends_where_its_texts_are_full() -> None:
    length = 60_000
    count = 3 * BATCH_CHARACTERS_MAX // length
    texts = ":86:" + ("x" * 999 + "\n") * (length // 1000)
    data = (HEAD + (ENTRY + texts) * count + TAIL).encode()
    ends = []
    for in_bulk in (True, False):
        *batches, summary = stream_mt940([data], in_bulk=in_bulk)
        assert isinstance(summary, FileSummary)
        assert summary.statements[0].entries == count
        columns = [batch for batch in batches if isinstance(batch, LineBatch)]
        sizes = [sum(map(len, batch.narratives)) for batch in columns]
        assert len(sizes) > 1
        assert max(sizes) < BATCH_CHARACTERS_MAX + length + 1000
        ends.append([len(batch) for batch in columns])
    assert ends[0] == ends[1]


def test_regular_entries_fill_a_batch_with_their_texts_too() -> None:
    entry = ENTRY + ":86:" + "x" * 9_000 + "\n"
    data = (HEAD + entry * 1000 + TAIL).encode()
    *bulk, _ = stream_mt940([data])
    *careful, _ = stream_mt940([data], in_bulk=False)
    assert bulk == careful
    assert [len(batch) for batch in bulk if isinstance(batch, LineBatch)] == [466, 466, 68]


def test_a_file_of_too_many_statements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mt940, "STATEMENTS_MAX", 2)
    assert len(read(page("1") + page("2")).statements) == 2
    with pytest.raises(StatementUnreadable, match="line 17: more than 2 statements in one file"):
        read(page("1") + page("2") + page("3"))


REPORT = ":20:X\n:25:1\n:34F:VND0,\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + ":90C:1VND100,\n" + ENTRIES + TAIL, "line 6: tag :61: outside"),
        (HEAD + ENTRY + ":90C:1VND5,\n" + ENTRY + TAIL, "line 7: tag :61: outside"),
        (REPORT + ":90C:1VND5,\n" + ENTRY + ":86:memo\n", "line 5: tag :61: outside"),
        (REPORT + ENTRY + ":90C:1VND5,\n:90C:1VND5,\n", "line 6: a second :90C:"),
        (REPORT + ENTRY + ":90C:1USD5,\n", "line 5: :90C: is in USD, not VND"),
        (REPORT + ":34F:USD0,\n" + ENTRY + "-\n", "line 4: :34F: is in USD, not VND"),
        (REPORT + ":60F:C260101USD0,\n" + TAIL, "line 4: :60F: is in USD, not VND"),
        (HEAD.replace(":25:1\n", ":25:1\n:25:2\n") + ENTRIES + TAIL, "line 3: a second :25:"),
        (HEAD.replace(":28C:", ":28C:3\n:28C:") + ENTRIES + TAIL, "line 4: a second :28C:"),
    ],
)
def test_a_field_that_is_repeated_or_misplaced_hides_nothing(text: str, words: str) -> None:
    with pytest.raises(StatementUnreadable, match=words):
        read(text)


def test_a_file_cut_inside_its_last_sum_is_refused() -> None:
    entry = ":61:260102C5,25NTRFA\n"
    statement = HEAD.replace("VND", "EUR") + entry + ":62F:C260102EUR5,25"
    report = REPORT.replace("VND", "EUR") + entry + ":90C:1EUR5,25"
    for whole, line in ((statement, 6), (report, 5)):
        assert read(whole).statements[0].flags == ()
        for cut in (1, 2):
            with pytest.raises(StatementUnreadable, match=f"line {line}: cut in mid-line"):
                read(whole[:-cut])
        ended = read(whole[:-1] + "\n").statements[0]
        assert ended.flags in {("unbalanced",), ("control-sum",)}


def test_text_below_the_end_of_a_message_belongs_to_the_next_message() -> None:
    code = "ABNANL2A\n940\n"
    assert len(read(code + page("4/1") + "\n" + code + page("4/2")).statements) == 2
    for text, words in (
        (page("4/1") + code, "line 9: text outside any field: 'ABNANL2A'"),
        (REPORT + ENTRY + ":86:FOO\n-\nBAZ 123\n-\n", "line 7: text outside any field: 'BAZ"),
        (REPORT + ENTRY + ":86:FOO\n{BAR\nBAZ 123\n-\n", "line 7: text outside any field"),
    ):
        with pytest.raises(StatementUnreadable, match=words):
            read(text)


def test_a_statement_that_comes_twice_is_a_gap() -> None:
    twice = read(page("4") * 2).statements
    assert [statement.flags for statement in twice] == [(), ("gap",)]
    without_entries = (HEAD + TAIL).replace("4/1", "4")
    assert {statement.flags for statement in read(without_entries * 2).statements} == {()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (page("4/1").replace(":25:1", f":25:{'9' * 257}"), "line 1: the account of a statement"),
        (page("4/1") + page("4" * 257), "line 9: the number of a statement"),
        (
            page("4/1") + (HEAD + TAIL).replace("VND0", f"EUR{'9' * 15}"),
            "line 9: the balance of 2026-01-01 is out of range",
        ),
    ],
)
def test_what_a_statement_says_of_itself_is_refused_by_its_line(text: str, words: str) -> None:
    with pytest.raises(StatementUnreadable, match=words):
        read(text)
