"""MT940 statements and MT942 interim reports as a stream: strict about order, total about input."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bank_adapters.statements.batches import (
    STATEMENTS_MAX,
    FileSummary,
    LineBatch,
    StatementStream,
)
from bank_adapters.statements.decoding import excerpt, text_blocks, unreadable
from bank_adapters.statements.draft import (
    FLAG_CONTROL_SUM,
    FLAG_DECLARED_TOTALS,
    FLAG_UNBALANCED,
)
from bank_adapters.statements.filling import BatchFiller
from bank_adapters.statements.mt940_fields import END, Field, FieldCutter
from bank_adapters.statements.mt940_message import (
    Message,
    finish_message,
    format_of,
    refuse_extra_lines,
    take_columns,
    take_field,
)
from bank_adapters.statements.mt940_runs import read_run
from bank_adapters.statements.pages import Page, flag_gaps, flag_page_numbers

_ENTRY: Final = ":61:"
_SUM: Final = re.compile(":(?:62[FM]|90[CD]):")
_UNPROVEN: Final = frozenset({FLAG_UNBALANCED, FLAG_CONTROL_SUM, FLAG_DECLARED_TOTALS})


def stream_mt940(chunks: Iterable[bytes], *, in_bulk: bool = True) -> StatementStream:
    """Read every message of a file; the format is `MT940` or `MT942`, never both in one file.

    A page with an intermediate balance is a statement of its own, as it proves alone; see
    `pages.join_pages`. A message without its closing balance was cut and refuses the file. How the
    file is cut into chunks changes nothing, nor does reading it line by line instead of `in_bulk`.
    """
    reader = _Reader(in_bulk=in_bulk)
    for block in text_blocks(chunks):
        yield from reader.take(block)
    yield from reader.take_end()


class _Reader:
    """Reads blocks of text, line by line or in runs of regular entries, message by message."""

    def __init__(self, *, in_bulk: bool) -> None:
        self._in_bulk = in_bulk
        self._ready: list[LineBatch] = []
        self._rest = ""
        self._line = 1
        self._cutter = FieldCutter()
        self._message: Message | None = None
        self._pages: list[Page] = []
        self._formats: dict[str, int] = {}

    def take(self, block: str) -> Iterator[LineBatch]:
        """Read all but the last line, whose meaning may hang on the line below it."""
        text = self._rest + block
        at = 0
        while True:
            if self._in_bulk and text.startswith(_ENTRY, at):
                at = self._take_run(text, at)
            end = text.find("\n", at)
            next_end = text.find("\n", end + 1)
            if end < 0 or next_end < 0:
                break
            for item in self._cutter.take(text[at:end], self._line, text[end + 1 : next_end]):
                self._take_field(item)
            self._line += 1
            at = end + 1
        self._rest = text[at:]
        yield from self._ready
        self._ready.clear()

    def take_end(self) -> StatementStream:
        """Read the last line and finish what is open."""
        last_line = self._rest.rpartition("\n")[2]
        yield from self.take("\n\n")
        for item in self._cutter.complete():
            self._take_field(item)
        self._cutter.refuse_unclaimed()
        self._finish_message(is_ended=False)
        yield from self._ready
        if not self._pages:
            raise unreadable(1, "no message starts here: tag :20: is missing")
        if len(self._formats) > 1:
            formats = " and ".join(sorted(self._formats))
            raise unreadable(max(self._formats.values()), f"one file mixes {formats}")
        if _SUM.match(last_line) and _UNPROVEN & {*self._pages[-1].statement.flags}:
            raise unreadable(
                self._line - 1, f"cut in mid-line, it does not add up: {excerpt(last_line)}"
            )
        (name,) = self._formats
        statements = flag_gaps(self._pages)
        if name == "MT940":
            statements = flag_page_numbers(statements)
        yield FileSummary(format=name, statements=statements)

    def _take_run(self, text: str, at: int) -> int:
        """Read what is regular from an entry on; return the index where the next line starts."""
        run = read_run(text, at, line=self._line, statement=len(self._pages))
        if run is None:
            return at
        for item in self._cutter.complete():
            self._take_field(item)
        if self._message is None or not self._message.takes_entries:
            return at
        take_columns(self._message, run.columns)
        self._line = run.next_line
        return run.end

    def _take_field(self, item: Field) -> None:
        refuse_extra_lines(item)
        if item.tag not in {END, "20"}:
            take_field(self._message, item)
            return
        self._finish_message(is_ended=item.tag == END)
        if item.tag == "20":
            if len(self._pages) == STATEMENTS_MAX:
                raise unreadable(item.line, f"more than {STATEMENTS_MAX} statements in one file")
            filler = BatchFiller(len(self._pages), self._ready)
            self._message = Message(line=item.line, filler=filler)

    def _finish_message(self, *, is_ended: bool) -> None:
        if self._message is not None:
            name = format_of(self._message, is_ended=is_ended)
            self._formats.setdefault(name, self._message.line)
            self._pages.append(finish_message(self._message))
            self._message = None
