"""Entries that repeat the markup of an earlier one, recognised without parsing them again.

Files come from machines: thousands of entries differ in nothing but their texts. The XML parser
reads the first entry of a shape and so proves its markup; a shape then is that markup, letter by
letter, with room for texts that cannot be markup. Whatever does not fit a shape in every letter is
left to the parser, which alone decides what XML means.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from bank_adapters.statements.camt_node import Node
from bank_adapters.statements.camt_texts import EntryForm, EntryNodes, choose_nodes

PIECE_CHARACTERS_MAX: Final = 16_384
"""A longer entry is not worth a pattern."""

SHAPES_MAX: Final = 128
"""Known shapes at any time."""

_CANDIDATES_MAX: Final = 8
_TEXT_MAX: Final = 4000
_WORD_MAX: Final = 64
# No `<` or `>`: so no markup and no `]]>`; and no character that XML forbids.
_FORBIDDEN: Final = r"<>\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff"
_WORD: Final = rf"([^\s&{_FORBIDDEN}]{{1,{_WORD_MAX}}})"
_TEXT: Final = rf"([^\s{_FORBIDDEN}][^{_FORBIDDEN}]{{0,{_TEXT_MAX}}})"
_UNREAD: Final = rf"[^&{_FORBIDDEN}]{{0,{_TEXT_MAX}}}"
_UNKNOWN_REFERENCE: Final = re.compile(r"&(?!(?:lt|gt|quot|apos|amp);)")
_REFERENCES: Final = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_TAG: Final = re.compile(r"(<[^<>]*>)")
_NAME: Final = re.compile(r"<(?:[^<>\s/:]+:)?([^<>\s/:]+)")
_FRAMED: Final = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_ABSENT: Final = 1


class Shape:
    """One way of writing an entry; group 1 of its match is empty, at the entry's start tag."""

    __slots__ = ("following", "form", "match", "order", "pattern", "tags")

    def __init__(
        self, pattern: str, tags: frozenset[str], order: tuple[int, ...], form: EntryForm
    ) -> None:
        self.pattern = pattern
        self.match = re.compile(pattern).match
        self.tags = tags
        self.order = order
        """The groups whose texts `read_entry` wants, in its order."""
        self.form = form
        self.following = self
        """The shape of the entry that followed the last time."""

    def texts(self, found: re.Match[str]) -> tuple[str, ...] | None:
        """Return the texts for `read_entry`; None where only the parser can tell what they say."""
        joined = "\0".join(found.group(*self.order))
        if "&" in joined:
            if _UNKNOWN_REFERENCE.search(joined):
                return None
            for reference, character in _REFERENCES.items():
                joined = joined.replace(reference, character)
        if " \0" in joined or joined != " ".join(joined.split()):
            return tuple(" ".join(text.split()) for text in joined.split("\0"))
        return tuple(joined.split("\0"))


def learn_shape(piece: str, entry: Node, details: int) -> Shape | None:
    """Return the shape of an entry the parser has read; None where markup and texts mingle.

    An entry with several details has none: it is the sum of its details that counts.
    """
    is_odd = "<!" in piece or "<?" in piece
    if is_odd or details > 1 or len(piece) > PIECE_CHARACTERS_MAX:
        return None
    parts = _TAG.split(piece.lstrip(" \t\n"))
    if parts[0]:
        return None
    writer = _PatternWriter(choose_nodes(entry, details))
    elements = _preorder(entry)
    tags = [*parts[1::2], ""]
    for tag, text, next_tag in zip(tags, parts[2::2], tags[1:], strict=False):
        element = None
        if not tag.startswith("</"):
            element = next(elements, None)
            name = _NAME.match(tag)
            if element is None or name is None or not element.is_named(name[1]):
                return None
        is_leaf = not tag.endswith("/>") and next_tag.startswith("</")
        if not writer.write(tag, text, element if is_leaf else None):
            return None
    if next(elements, None) is not None:
        return None
    return writer.shape(frozenset(tags))


class _PatternWriter:
    """Writes the pattern of one shape, tag by tag."""

    def __init__(self, nodes: EntryNodes) -> None:
        self._nodes = nodes
        self._words = {id(node) for node in nodes.tokens if node}
        self._texts = {id(node) for node in (*nodes.texts, *nodes.remittance) if node}
        self._settling = {id(node) for node in nodes.settling}
        self._pattern = [r"[ \t\n]*()"]
        self._groups: dict[int, int] = {}

    def write(self, tag: str, text: str, leaf: Node | None) -> bool:
        """Add a tag and the text after it; False when the text is out of place."""
        self._pattern.append(re.escape(tag))
        if not text or text.isspace():
            self._pattern.append(re.escape(text))
            return True
        # A reference to a blank, `&#13;`, is a text in the markup and none in the tree.
        if leaf is None or not leaf.has_text or ">" in text or len(text) > _TEXT_MAX:
            return False
        return self._write_leaf(text, id(leaf))

    def _write_leaf(self, text: str, leaf: int) -> bool:
        if leaf in self._settling:
            self._pattern.append(re.escape(text))
        elif leaf in self._words or leaf in self._texts:
            framed = _FRAMED.fullmatch(text)
            before, inner, after = framed.groups() if framed else ("", "", "")
            self._groups[leaf] = len(self._groups) + _ABSENT + 1
            if leaf in self._texts:
                self._pattern.append(re.escape(before) + _TEXT)
            elif len(inner.split()) == 1:
                self._pattern.append(re.escape(before) + _WORD + re.escape(after))
            else:
                return False
        else:
            self._pattern.append(_UNREAD)
        return True

    def shape(self, tags: frozenset[str]) -> Shape:
        nodes = self._nodes
        order = (
            self._groups.get(id(node), _ABSENT)
            for node in (*nodes.tokens, *nodes.texts, *nodes.remittance)
        )
        return Shape("".join(self._pattern), tags, tuple(order), nodes.form)


def _preorder(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _preorder(child)


class KnownShapes:
    """The shapes of one file, found again by their tags or by what followed the last time."""

    def __init__(self) -> None:
        self._shapes: dict[str, Shape] = {}
        self._sorter: _Fork | list[Shape] | None = None
        self._last: Shape | None = None

    def clear(self) -> None:
        """Forget all shapes: the same markup may mean something else from here on."""
        self._shapes, self._sorter, self._last = {}, None, None

    def add(self, shape: Shape) -> bool:
        """Add a shape for which the oldest makes room; False when it is known."""
        if shape.pattern in self._shapes:
            return False
        if len(self._shapes) == SHAPES_MAX:
            del self._shapes[next(iter(self._shapes))]
        self._shapes[shape.pattern] = shape
        self._sorter = None
        return True

    def recognise(self, text: str, at: int, end_tag: str) -> tuple[Shape, re.Match[str]] | None:
        """Return the shape of the entry that starts at a place, with its match."""
        last = self._last
        if last is not None and (found := last.following.match(text, at)):
            self._last = last.following
            return self._last, found
        for shape in self._candidates(text, at, text.find(end_tag, at)):
            if found := shape.match(text, at):
                if last is not None:
                    last.following = shape
                self._last = shape
                return shape, found
        return None

    def _candidates(self, text: str, at: int, end: int) -> list[Shape]:
        if end < 0:
            return []
        if self._sorter is None:
            self._sorter = _sort([*reversed(self._shapes.values())])
        sorter = self._sorter
        while isinstance(sorter, _Fork):
            sorter = sorter.present if text.find(sorter.tag, at, end) >= 0 else sorter.absent
        return sorter[:_CANDIDATES_MAX]


class _Fork(NamedTuple):
    """A tag that part of the shapes has."""

    tag: str
    present: "_Fork | list[Shape]"
    absent: "_Fork | list[Shape]"


def _sort(shapes: list[Shape]) -> _Fork | list[Shape]:
    """Return the shapes as a tree of questions, each about the tag that halves them best."""
    counts = Counter(tag for shape in shapes for tag in shape.tags)
    tag = min(counts, key=lambda tag: abs(2 * counts[tag] - len(shapes)), default="")
    if len(shapes) <= 1 or counts[tag] == len(shapes):
        return shapes
    return _Fork(
        tag,
        _sort([shape for shape in shapes if tag in shape.tags]),
        _sort([shape for shape in shapes if tag not in shape.tags]),
    )
