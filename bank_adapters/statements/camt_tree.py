"""The XML of a camt message as a stream of small trees; refuses DTDs and depth, knows no money.

Only one entry is held in memory at a time, whatever the size of the file, and of the details of a
batch entry only the first.
"""

import re
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from bank_adapters.statements.camt_details import DetailSum
from bank_adapters.statements.camt_node import Node
from bank_adapters.statements.decoding import excerpt, unreadable

DEPTH_MAX: Final = 64
TEXT_CHARACTERS_MAX: Final = 20_000
"""Longest text of one element."""
TOKEN_BYTES_MAX: Final = 1 << 20
"""Longest tag, comment or processing instruction."""
ELEMENTS_MAX: Final = 20_000
"""Most elements in one entry, one of its details, or one part of the header."""
CHARACTERS_MAX: Final = 1 << 20
"""Most characters in the same, of names, attributes and texts together."""

CONTAINERS: Final = {
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
"""Per message: the element below `Document`, and the one that repeats per statement.

Version 01 of every message calls the first one `BkToCstmrStmtV01` and the like.
"""

_NAMESPACE: Final = re.compile(
    r"urn:iso:std:iso:20022:tech:xsd:((camt\.05[234])\.001\.(?:0[1-9]|1[0-4]))"
)
# Version 01 has no NtryDtls.
_OWN_CHILDREN: Final = frozenset({"Ntry", "Bal", "Acct"})
_BESIDE_CONTAINERS: Final = frozenset({"GrpHdr", "SplmtryData"})
_DETAIL_PATHS: Final = (["Ntry", "NtryDtls", "TxDtls"], ["Ntry", "TxDtls"])

Take = Callable[[Node, DetailSum], None]


class TreeStream:
    """Feeds whole children of every statement container to `take`, and calls `end` after each.

    `meaning` counts what may change how the same markup is to be read: documents and namespace
    declarations. `taken` is the last child with the number of its `TxDtls`; `children` counts them.
    """

    def __init__(self, take: Take, end: Callable[[int], None]) -> None:
        self.format = ""
        self.meaning = 0
        self.children = 0
        self.taken = (Node("", {}, 0), 0)
        self._take = take
        self._end = end
        self._namespace = ""
        self._container = ""
        self._document_depth = 0
        self._names: list[str] = []
        self._open: list[Node] = []
        self._details = DetailSum()
        self._elements = self._characters_held = 0
        self._before_detail = (0, 0)
        self._bytes_fed = 0
        self._child_ends_at = -1
        self._lines_passed_over = 0
        self._parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartNamespaceDeclHandler = self._change_meaning
        self._parser.EndNamespaceDeclHandler = self._change_meaning

    @property
    def line(self) -> int:
        """The line the parser has reached."""
        return self._parser.CurrentLineNumber + self._lines_passed_over

    def feed(self, text: str) -> None:
        """Read on; every fault of the XML is a `StatementUnreadable`."""
        data = text.encode()
        self._parse(data, is_final=False)
        self._bytes_fed += len(data)
        if self._bytes_fed - self._parser.CurrentByteIndex > TOKEN_BYTES_MAX:
            raise unreadable(self.line, f"a tag or comment longer than {TOKEN_BYTES_MAX} bytes")

    def finish(self) -> None:
        """End the file."""
        self._parse(b"", is_final=True)
        if not self.format:
            raise unreadable(1, "XML without a camt Document")

    def is_after_child(self, end_tag: str) -> bool:
        """Return whether what was fed so far ends with the end tag of a container's child.

        Then nothing is half read, and whole children may be left out of the feed.
        """
        return self._child_ends_at + len(end_tag.encode()) == self._bytes_fed

    def pass_over(self, lines: int) -> None:
        """Count the lines of children that are not fed."""
        self._lines_passed_over += lines

    def _parse(self, data: bytes, *, is_final: bool) -> None:
        try:
            self._parser.Parse(data, is_final)
        except expat.ExpatError as error:
            raise unreadable(
                error.lineno + self._lines_passed_over,
                f"broken XML: {expat.ErrorString(error.code)}",
            ) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self._names.append(local)
        if len(self._names) > DEPTH_MAX:
            raise unreadable(self.line, f"elements nested deeper than {DEPTH_MAX}")
        if self._open or self._is_below_container():
            if not self._open and namespace != self._namespace and local in _OWN_CHILDREN:
                raise unreadable(self.line, f"{local} in another namespace than its Document")
            # An element of another namespace keeps its place in the tree but answers to no path.
            own_name = local if namespace == self._namespace else name
            self._open_node(Node(own_name, attributes, self.line))
        elif local == "Document" and not self._document_depth:
            self._enter_document(namespace)
        elif self._document_depth and len(self._names) == self._document_depth + 1:
            self._enter_message(local)
        elif self._document_depth and len(self._names) == self._document_depth + 2:
            self._enter_part(namespace, local)

    def _open_node(self, node: Node) -> None:
        if self._open:
            if self._open[-1].has_text:
                self._refuse_mixture()
            self._open[-1].children.append(node)
        else:
            self._details = DetailSum()
            self._elements = self._characters_held = 0
        self._open.append(node)
        if self._is_detail():
            self._before_detail = self._elements, self._characters_held
        self._hold(len(node.name) + sum(map(len, (*node.attributes, *node.attributes.values()))))
        self._elements += 1
        if self._elements > ELEMENTS_MAX:
            raise unreadable(self.line, f"more than {ELEMENTS_MAX} elements in one entry")

    def _hold(self, characters: int) -> None:
        self._characters_held += characters
        if self._characters_held > CHARACTERS_MAX:
            raise unreadable(self.line, f"more than {CHARACTERS_MAX} characters in one entry")

    def _is_detail(self) -> bool:
        return self._open[-1].name == "TxDtls" and self._path() in _DETAIL_PATHS

    def _path(self) -> list[str]:
        return [node.name for node in self._open]

    def _enter_document(self, namespace: str) -> None:
        match = _NAMESPACE.fullmatch(namespace)
        if match is None:
            raise unreadable(self.line, f"unknown message {namespace[-40:]!r}")
        if self.format and match[1] != self.format:
            raise unreadable(self.line, f"one file mixes {self.format} and {match[1]}")
        self.format = match[1]
        self._namespace = namespace
        self._document_depth = len(self._names)
        self._change_meaning()

    def _enter_message(self, local: str) -> None:
        root, self._container = CONTAINERS[self.format[: len("camt.053")]]
        if local not in {root, f"{root}V01" if self.format.endswith(".01") else root}:
            raise unreadable(self.line, f"{excerpt(local)} does not belong into {self.format}")

    def _enter_part(self, namespace: str, local: str) -> None:
        # What stands beside the statements is passed over, so no entry may stand there.
        if namespace == self._namespace and local not in {self._container, *_BESIDE_CONTAINERS}:
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
            self._close_node()
        elif not self._document_depth:
            return
        elif len(self._names) == self._document_depth + 1 and local == self._container:
            self._end(self.line)
        elif len(self._names) < self._document_depth:
            self._document_depth = 0

    def _close_node(self) -> None:
        is_detail = self._is_detail()
        node = self._open.pop()
        if not self._open:
            self._child_ends_at = self._parser.CurrentByteIndex
            self.taken = node, self._details.count
            self.children += 1
            self._take(node, self._details)
        elif is_detail:
            self._details.add(node)
            if self._details.count > 1:
                self._open[-1].children.pop()
                self._elements, self._characters_held = self._before_detail
        elif node.name == "NtryDtls" and not node.children and self._details.count > 1:
            self._open[-1].children.pop()
            self._elements -= 1

    def _characters(self, text: str) -> None:
        if not self._open:
            return
        node = self._open[-1]
        if not node.text:
            text = text.lstrip()
        if text and node.children:
            self._refuse_mixture()
        if len(node.text) + len(text) > TEXT_CHARACTERS_MAX:
            raise unreadable(self.line, f"a text longer than {TEXT_CHARACTERS_MAX} characters")
        self._hold(len(text))
        node.text += text

    def _refuse_mixture(self) -> None:
        # `<Amt>5<x/>0</Amt>` must not become 50; no element of these messages mixes the two.
        raise unreadable(self.line, f"text beside elements in {self._open[-1].name}")

    def _change_meaning(self, *_: object) -> None:
        # A namespace declared inside a child is gone before the next child begins.
        if not self._open:
            self.meaning += 1

    def _refuse_doctype(self, *_: object) -> None:
        raise unreadable(self.line, "a document type declaration is not accepted")
