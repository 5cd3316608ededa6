"""One XML element of a camt message with its descendants; knows paths, no meanings."""


class Node:
    """One element: local name, attributes, text, children, and its line in the file."""

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.line = line
        self.text = ""
        self.children: list[Node] = []

    @property
    def has_text(self) -> bool:
        """Whether its text is more than blanks."""
        return bool(self.text) and not self.text.isspace()

    def is_named(self, local: str) -> bool:
        """Return whether the element has a local name, in whatever namespace."""
        return self.name.rpartition(" ")[2] == local

    def all(self, path: str) -> list["Node"]:
        """Return every descendant at a path of names such as `Refs/EndToEndId`."""
        found = [self]
        for name in path.split("/"):
            if not found:
                break
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def first(self, path: str) -> "Node | None":
        """Return the first descendant at a path."""
        return next(iter(self.all(path)), None)

    def first_filled(self, *paths: str) -> "Node | None":
        """Return the first descendant at any of the paths whose text is not blank."""
        for path in paths:
            for node in self.all(path):
                if node.has_text:
                    return node
        return None

    def text_at(self, *paths: str) -> str:
        """Return the first text that is not blank at any of the paths, blanks made single."""
        node = self.first_filled(*paths)
        return " ".join(node.text.split()) if node else ""
