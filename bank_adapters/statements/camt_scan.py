"""A camt message window by window: known entries by their shape, everything else by the parser.

The parser's reading is the definition. Entries are kept from it only where it stands right behind
a whole child of a statement, so that leaving out whole entries cannot change what it reads next.
"""

import re
from collections.abc import Callable
from typing import Final

from bank_adapters.statements.camt_shapes import KnownShapes, learn_shape
from bank_adapters.statements.camt_texts import EntryForm
from bank_adapters.statements.camt_tree import TreeStream

# Learning a tag costs as much as parsing a dozen: a file of ever new shapes must not pay for it.
_TAGS_FREE: Final = 4096
_ENTRIES_PER_TAG: Final = 3
_HELD_CHARACTERS_MAX: Final = 1 << 16
_ENTRY_END: Final = re.compile(r"</(?:[^<>\s/:]+:)?Ntry\s*>")

TakeTexts = Callable[[EntryForm, tuple[str, ...], int], object]


class EntryScanner:
    """Reads windows; hands entries of a known shape to `take` with their line in the file."""

    def __init__(self, tree: TreeStream, take: TakeTexts) -> None:
        self._tree = tree
        self._take = take
        self._shapes = KnownShapes()
        self._end_tag = ""
        self._tags_learned = 0
        self._matched = 0
        self._meaning = 0
        self._line = 1
        self._held = ""
        self._is_between = False

    def read(self, window: str) -> None:
        """Read on; what may be the start of a known entry waits for the next window."""
        text, at = self._held + window, 0
        self._held = ""
        while True:
            if self._is_between:
                at = self._match_known(text, at)
            found = _ENTRY_END.search(text, at)
            if found is None:
                break
            self._parse_entry(text[at : found.end()], found[0])
            at = found.end()
            if not self._is_between:
                break
        rest = text[at:]
        if self._is_between and len(rest) < _HELD_CHARACTERS_MAX:
            self._held = rest
        else:
            self._parse(rest)

    def finish(self) -> None:
        """Read the end of the file."""
        self._parse(self._held)
        self._tree.finish()

    def _match_known(self, text: str, at: int) -> int:
        """Take all known entries in a row from a place between entries; return where they end."""
        first_line = self._line
        while True:
            known = self._shapes.recognise(text, at, self._end_tag)
            if known is None:
                break
            shape, found = known
            texts = shape.texts(found)
            if texts is None:
                break
            start, end = found.start(1), found.end()
            line = self._line + text.count("\n", at, start)
            self._take(shape.form, texts, line)
            self._line = line + text.count("\n", start, end)
            self._matched += 1
            at = end
        self._tree.pass_over(self._line - first_line)
        return at

    def _parse_entry(self, piece: str, end_tag: str) -> None:
        was_between, children = self._is_between, self._tree.children
        self._end_tag = end_tag
        self._parse(piece)
        self._is_between = self._tree.is_after_child(end_tag)
        if self._meaning != self._tree.meaning:
            self._meaning = self._tree.meaning
            self._shapes.clear()
        if was_between and self._is_between and self._tree.children == children + 1:
            self._learn(piece)

    def _learn(self, piece: str) -> None:
        entry, details = self._tree.taken
        tags = self._tags_learned + piece.count("<")
        if entry.name != "Ntry" or tags > _TAGS_FREE + self._matched // _ENTRIES_PER_TAG:
            return
        shape = learn_shape(piece, entry, details)
        if shape is not None and self._shapes.add(shape):
            self._tags_learned = tags

    def _parse(self, text: str) -> None:
        self._is_between = False
        self._tree.feed(text)
        self._line += text.count("\n")
