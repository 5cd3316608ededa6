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
