"""The scan of memos as SQL finds exactly what the reference's own module finds."""

from random import Random

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from bank_adapters.payment_reference import PREFIX, find, near_misses, normalise
from reconciliation.memo_scan import scan_memos
from reconciliation.schemas import ITEMS, LINES
from reconciliation.working_tables import load, open_connection
from tests.bank_adapters.memos import (
    Memo,
    mangled,
    without_reference,
    words_that_meet_in_the_prefix,
)
from tests.reconciliation.tables import item, line, reference

pieces = st.one_of(
    st.integers(0, 50).map(reference),
    st.integers(0, 50).map(lambda number: reference(number).lower()),
    st.integers(0, 50).map(lambda number: " ".join(reference(number))),
    st.tuples(st.integers(0, 50), st.integers(0, 13)).map(lambda cut: reference(cut[0])[: cut[1]]),
    st.tuples(st.integers(0, 50), st.integers(0, 12), st.sampled_from("A0OZ9é.")).map(
        lambda edit: reference(edit[0])[: edit[1]] + edit[2] + reference(edit[0])[edit[1] + 1 :]
    ),
    st.sampled_from(
        [
            PREFIX,
            "HP",
            "F",
            "FT2632627642",
            "hpfhpf",
            " ",
            "\n",
            ".",
            "nộp lệ phí",
            "ĐẶNG",
            "ﬁ",
            "ß",
            "١",
        ]
    ),
    st.text(max_size=6),
)
memos = st.lists(st.lists(pieces, max_size=6).map("".join), min_size=1, max_size=60)


def require_agreement(texts: list[str]) -> None:
    """Compare the scan of these narratives with the functions of the reference itself."""
    rows = [line(f"{number}", 1, narrative=text) for number, text in enumerate(texts)]
    with open_connection(memory_limit_bytes=2**28, spill_folder=None) as connection:
        load(connection, pa.Table.from_pylist(rows, schema=LINES), ITEMS.empty_table())
        scan_memos(connection)
        found = connection.execute(
            """
            SELECT line_id, m.symbols,
                list_distinct(coalesce(list(f.symbols ORDER BY start) FILTER (is_valid), [])),
                list_distinct(coalesce(list(f.symbols ORDER BY start) FILTER (is_near_miss), []))
            FROM line JOIN memo m USING (line_no)
            LEFT JOIN (SELECT line_no, start, symbols, is_valid, is_near_miss FROM fragment) f
                USING (line_no)
            GROUP BY line_id, m.symbols
            """
        ).fetchall()
    assert len(found) == len(texts)
    for name, symbols, references, misses in found:
        text = texts[int(name)]
        assert symbols == normalise(text)
        assert sorted(references) == sorted(find(text))
        assert sorted(misses) == sorted(near_misses(text))


@settings(max_examples=15, deadline=None)
@given(texts=memos)
def test_the_scan_agrees_with_find_and_near_misses(texts: list[str]) -> None:
    require_agreement(texts)


@settings(max_examples=5, deadline=None)
@given(texts=st.lists(st.integers(0, 50).map(reference).flatmap(mangled), min_size=1, max_size=40))
def test_the_scan_agrees_on_what_banks_make_of_a_memo(texts: list[Memo]) -> None:
    require_agreement([memo.text for memo in texts])
    require_agreement([memo.text[: memo.end - 1] for memo in texts])


def test_the_scan_agrees_on_memos_without_a_reference() -> None:
    random = Random(7)  # noqa: S311 - reproducible, no secret
    numbered = words_that_meet_in_the_prefix(random, 500)
    require_agreement([*without_reference(random, 5_000), *numbered])


batch_keys = st.lists(
    st.integers(0, 199).map(lambda number: f"{number % 7}L-{number:07}"), max_size=4
)


@settings(max_examples=15, deadline=None)
@given(
    wanted=st.integers(1, 200),
    texts=st.lists(
        st.tuples(pieces, batch_keys, st.sampled_from([" ", "", "/", "ſ", "ế"]), pieces),
        min_size=1,
        max_size=40,
    ),
)
def test_every_memo_that_names_a_batch_is_looked_at(
    wanted: int, texts: list[tuple[str, list[str], str, str]]
) -> None:
    """However few keys are looked for: three have heads of eight symbols, 200 shorter ones."""
    memos_of = [f"{before} {glue.join(keys)} {after}" for before, keys, glue, after in texts]
    lines = [line(f"{number}", 1, narrative=memo) for number, memo in enumerate(memos_of)]
    keys = [f"{number % 7}L-{number:07}" for number in range(wanted)]
    items = [item(key, "payout", 1, reference=key) for key in keys]
    with open_connection(memory_limit_bytes=2**28, spill_folder=None) as connection:
        load(
            connection,
            pa.Table.from_pylist(lines, schema=LINES),
            pa.Table.from_pylist(items, schema=ITEMS),
        )
        scan_memos(connection)
        overlooked = connection.execute(
            """
            SELECT line_id, word FROM (
                SELECT line_id, line_no, unnest(list_concat(
                    regexp_extract_all(upper(narrative), '[A-Z0-9]{8,}'),
                    regexp_extract_all(upper(narrative), '[A-Z0-9][A-Z0-9._/-]{7,}'))) AS word
                FROM line)
            WHERE symbols_of(word) IN (SELECT reference_key FROM item)
                AND line_no NOT IN (SELECT line_no FROM batch_memo)
            """
        ).fetchall()
    assert overlooked == []
