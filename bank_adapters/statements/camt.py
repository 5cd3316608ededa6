"""ISO 20022 camt.052, .053 and .054 as a stream of entries; the sign of one is CdtDbtInd alone."""

from collections.abc import Iterable, Iterator
from typing import Final

from bank_adapters.statements.batches import (
    BATCH_CHARACTERS_MAX,
    STATEMENTS_MAX,
    FileSummary,
    LineBatch,
    StatementStream,
)
from bank_adapters.statements.camt_details import DetailSum
from bank_adapters.statements.camt_entry import Entry, read_entry
from bank_adapters.statements.camt_header import StatementHeader
from bank_adapters.statements.camt_node import Node
from bank_adapters.statements.camt_scan import EntryScanner
from bank_adapters.statements.camt_texts import EntryForm, choose_nodes, texts_of
from bank_adapters.statements.camt_tree import TreeStream
from bank_adapters.statements.camt_windows import text_windows
from bank_adapters.statements.decoding import unreadable
from bank_adapters.statements.draft import FLAG_BATCH_SUM
from bank_adapters.statements.pages import Page, flag_gaps
from bank_adapters.statements.proof import DeclaredTotal, StatementProof, collect
from bank_adapters.vocabulary import Direction, StatementFile

_BATCH_LINES: Final = 4096  # two batches may be alive at once: one being read, one being used
_DETAIL_EXPONENT: Final = 5
_ONCE: Final = ("Amt", "CdtDbtInd", "RvslInd", "Sts", "BookgDt", "ValDt")


def read_camt(data: bytes) -> StatementFile:
    """Read every statement of a file; the format is the message's name, `camt.053.001.02`.

    An envelope around `Document` is passed over. Broken XML, a DTD, an unknown version and an
    entry without a date raise `StatementUnreadable`.
    """
    return collect(stream_camt([data]))


def stream_camt(chunks: Iterable[bytes]) -> StatementStream:
    """Read a file as it comes in, as `read_camt` does; the chunks may have any size."""
    reader = _Reader()
    for window in text_windows(chunks):
        reader.scanner.read(window)
        yield from reader.take_batches()
    reader.scanner.finish()
    yield from reader.take_batches()
    yield reader.summary()


class _Reader:
    """Collects what one container holds, and closes its statement at its end."""

    def __init__(self) -> None:
        self._tree = TreeStream(self._take_child, self._end_statement)
        self.scanner = EntryScanner(self._tree, self._take_texts)
        self._pages: list[Page] = []
        self._batches: list[LineBatch] = []
        self._start_anew()

    def _start_anew(self) -> None:
        self._header = StatementHeader()
        self._proof = StatementProof()
        self._entries: list[Entry] = []
        self._characters = 0
        self._currencies: dict[str, None] = {}
        self._position = 0
        self._zeros = dict.fromkeys(Direction, 0)
        self._has_wrong_batch = False

    def take_batches(self) -> Iterator[LineBatch]:
        """Hand out the batches that are complete."""
        batches, self._batches = self._batches, []
        yield from batches

    def summary(self) -> FileSummary:
        """Return what the file says of its statements."""
        if not self._pages:
            raise unreadable(1, f"no statement in the {self._tree.format} message")
        statements = (
            flag_gaps(self._pages)
            if self._owes_balances
            else tuple(page.statement for page in self._pages)
        )
        return FileSummary(format=self._tree.format, statements=statements)

    @property
    def _owes_balances(self) -> bool:
        return self._tree.format.startswith("camt.053")

    def _take_child(self, node: Node, details: DetailSum) -> None:
        if node.name != "Ntry":
            self._header.take(node)
            return
        for name in _ONCE:
            if len(node.all(name)) > 1:
                raise unreadable(node.line, f"Ntry {self._position + 1} has more than one {name}")
        nodes = choose_nodes(node, details.count)
        entry = self._take_texts(nodes.form, texts_of(nodes), node.line)
        amount = entry.amount.minor(_DETAIL_EXPONENT)
        if not details.holds(amount, nodes.form.currency, entry.direction):
            self._has_wrong_batch = True

    def _take_texts(self, form: EntryForm, texts: tuple[str, ...], line: int) -> Entry:
        self._position += 1
        entry = read_entry(form, texts, line, self._position, self._header.made_on)
        self._currencies[form.currency] = None
        if form.is_partial:
            self._has_wrong_batch = True
        if entry.amount.unscaled:  # an entry of zero moves no money and cannot be posted
            self._entries.append(entry)
            self._characters += len("".join(texts))  # cheaper than to add the lengths
            if len(self._entries) == _BATCH_LINES or self._characters >= BATCH_CHARACTERS_MAX:
                self._close_batch()
        else:
            self._zeros[entry.direction] += 1
        return entry

    def _close_batch(self) -> None:
        if not self._entries:
            return
        batch = _batch_of(self._entries, len(self._pages))
        self._entries = []
        self._characters = 0
        self._proof.add(batch)
        self._batches.append(batch)

    def _end_statement(self, line: int) -> None:
        if len(self._pages) == STATEMENTS_MAX:
            raise unreadable(line, f"more than {STATEMENTS_MAX} statements in one file")
        self._close_batch()
        header = self._header.read(line, self._currencies, owes_balances=self._owes_balances)
        flags = [FLAG_BATCH_SUM] if self._has_wrong_batch else []
        summary = self._proof.finish(
            account=header.account,
            currency=header.currency,
            number=header.number,
            line=line,
            opening=header.opening,
            closing=header.closing,
            owes_balances=self._owes_balances,
            flags=[*flags, *header.flags],
            declared=[self._without_zeros(total) for total in header.declared],
        )
        self._pages.append(Page(summary, header.opens_midway, header.closes_midway))
        self._start_anew()

    def _without_zeros(self, total: DeclaredTotal) -> DeclaredTotal:
        entries = total.entries
        return total._replace(entries=entries and entries - total.of(self._zeros))


def _batch_of(entries: list[Entry], statement: int) -> LineBatch:
    columns = [list(column) for column in zip(*entries, strict=True)]
    exponent = max(amount.scale for amount in columns[3])
    amounts = [amount.minor(exponent) for amount in columns[3]]
    return LineBatch(
        statement=statement,
        exponent=exponent,
        source_lines=columns[0],
        booking_dates=columns[1],
        value_dates=columns[2],
        amounts_minor=amounts,
        directions=columns[4],
        statuses=columns[5],
        reversals=columns[6],
        bank_references=columns[7],
        end_to_end_references=columns[8],
        returned_references=columns[9],
        batch_references=columns[10],
        counterparty_accounts=columns[11],
        counterparty_names=columns[12],
        codes=columns[13],
        narratives=columns[14],
    )
