"""The XML of a camt message as a stream of small trees; refuses DTDs and depth, knows no money.

Only one entry is held in memory at a time, whatever the size of the file.
"""

import re
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from bank_adapters.statements.decoding import excerpt, unreadable

DEPTH_MAX: Final = 64
TEXT_CHARACTERS_MAX: Final = 20_000
"""Longest text of one element."""

CONTAINERS: Final = {
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
"""Per message: the element below `Document`, and the one that repeats per statement."""

_NAMESPACE: Final = re.compile(
    r"urn:iso:std:iso:20022:tech:xsd:((camt\.05[234])\.001\.(?:0[1-9]|1[0-4]))"
)
_IS_WHOLE: Final = True
# What is kept of the second and later details of one batch entry.
_DETAIL_SUM: Final = frozenset({"Amt", "CdtDbtInd", "AmtDtls"})


class Node:
    """One element: local name, attributes, text, children, and its line in the file."""

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.line = line
        self.text = ""
        self.children: list[Node] = []

    def all(self, path: str) -> list["Node"]:
        """Return every descendant at a path of names such as `Refs/EndToEndId`."""
        found = [self]
        for name in path.split("/"):
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def first(self, path: str) -> "Node | None":
        """Return the first descendant at a path."""
        return next(iter(self.all(path)), None)

    def text_at(self, *paths: str) -> str:
        """Return the first text that is not blank at any of the paths, blanks made single."""
        for path in paths:
            for node in self.all(path):
                if text := " ".join(node.text.split()):
                    return text
        return ""


class TreeStream:
    """Feeds whole children of every statement container to `take`, and calls `end` after each."""

    def __init__(self, take: Callable[[Node], None], end: Callable[[int], None]) -> None:
        self.format = ""
        self._take = take
        self._end = end
        self._namespace = ""
        self._container = ""
        self._document_depth = 0
        self._names: list[str] = []
        self._open: list[Node] = []
        self._details_seen = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    @property
    def line(self) -> int:
        """The line the parser has reached."""
        return self._parser.CurrentLineNumber

    def parse(self, data: bytes) -> None:
        """Read the whole file; every fault of the XML is a `StatementUnreadable`."""
        try:
            self._parser.Parse(data, _IS_WHOLE)
        except expat.ExpatError as error:
            raise unreadable(
                error.lineno, f"broken XML: {expat.ErrorString(error.code)}"
            ) from error
        except (LookupError, ValueError) as error:
            raise unreadable(self.line, "the declared encoding cannot be read") from error
        if not self.format:
            raise unreadable(1, "XML without a camt Document")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self._names.append(local)
        if len(self._names) > DEPTH_MAX:
            raise unreadable(self.line, f"elements nested deeper than {DEPTH_MAX}")
        if self._open or self._is_below_container():
            # An element of another namespace keeps its place in the tree but answers to no path.
            own_name = local if namespace == self._namespace else name
            node = Node(own_name, attributes, self.line)
            if self._open:
                self._open[-1].children.append(node)
            self._open.append(node)
        elif local == "Document" and not self._document_depth:
            self._enter_document(namespace)
        elif self._document_depth and len(self._names) == self._document_depth + 1:
            self._enter_message(local)

    def _enter_document(self, namespace: str) -> None:
        match = _NAMESPACE.fullmatch(namespace)
        if match is None:
            raise unreadable(self.line, f"unknown message {namespace[-40:]!r}")
        if self.format and match[1] != self.format:
            raise unreadable(self.line, f"one file mixes {self.format} and {match[1]}")
        self.format = match[1]
        self._namespace = namespace
        self._document_depth = len(self._names)

    def _enter_message(self, local: str) -> None:
        root, self._container = CONTAINERS[self.format[: len("camt.053")]]
        if local != root:
            raise unreadable(self.line, f"{excerpt(local)} does not belong into {self.format}")

    def _is_below_container(self) -> bool:
        container_at = self._document_depth + 1
        return (
            self._document_depth > 0
            and len(self._names) == container_at + 2
            and self._names[container_at] == self._container
        )

    def _finish(self, _: str) -> None:
        local = self._names.pop()
        if self._open:
            self._close_node(self._open.pop())
        elif not self._document_depth:
            return
        elif len(self._names) == self._document_depth + 1 and local == self._container:
            self._end(self.line)
        elif len(self._names) < self._document_depth:
            self._document_depth = 0

    def _close_node(self, node: Node) -> None:
        if not self._open:
            self._details_seen = 0
            self._take(node)
        elif node.name == "TxDtls":
            self._details_seen += 1
            if self._details_seen > 1:
                node.children = [item for item in node.children if item.name in _DETAIL_SUM]

    def _characters(self, text: str) -> None:
        # Blanks between children are layout; keeping them would make a large batch quadratic.
        if not self._open or text.isspace():
            return
        node = self._open[-1]
        if len(node.text) + len(text) > TEXT_CHARACTERS_MAX:
            raise unreadable(self.line, f"a text longer than {TEXT_CHARACTERS_MAX} characters")
        node.text += text

    def _refuse_doctype(self, *_: object) -> None:
        raise unreadable(self.line, "a document type declaration is not accepted")
