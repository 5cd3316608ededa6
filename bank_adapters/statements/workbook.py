"""The container of an Excel workbook: its parts, unpacked within limits; no cell is read here.

ECMA-376. Only the parts that the workbook's own relations name are opened; macros, links and
drawings are never looked at. Encrypted, damaged and overblown files are refused.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final, NamedTuple

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.decoding import excerpt
from bank_adapters.statements.workbook_xml import parse

ZIP_MAGIC: Final = b"PK\x03\x04"
OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Starts an encrypted workbook, and the older `.xls`."""
WORKBOOK_BYTES_MAX: Final = 50 * 1024 * 1024

_PARTS_MAX: Final = 500
_PART_BYTES_MAX: Final = 512 * 1024 * 1024
_SMALL_PART_BYTES_MAX: Final = 4 * 1024 * 1024
_RATIO_MAX: Final = 200
_RATIO_FREE_BYTES: Final = 1024 * 1024
_TAGS_PER_BYTE_MAX: Final = 4  # what is written for every cell packs to more than that
_TAGS_FREE: Final = 1_000_000
_PIECE_BYTES: Final = 16 * 1024
_SHEETS_MAX: Final = 50
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


class Sheet(NamedTuple):
    """One visible sheet: its name, and the part that holds its cells."""

    name: str
    part: str


class Workbook:
    """An opened workbook; anything wrong with it is `StatementUnreadable`."""

    def __init__(self, data: bytes) -> None:
        if data.startswith(OLE_MAGIC):
            raise StatementUnreadable(
                "the workbook is encrypted, or in the format before 2007: save it as .xlsx without"
                " a password"
            )
        if len(data) > WORKBOOK_BYTES_MAX:
            raise StatementUnreadable("the workbook is larger than 50 MiB")
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise StatementUnreadable("the workbook is damaged; was the file cut?") from error
        self._parts = _checked_parts(self._archive.infolist())
        most = max(_SMALL_PART_BYTES_MAX, len(data) * _RATIO_MAX)
        self._bytes_left = min(most, 2 * _PART_BYTES_MAX)
        self._tags_left = max(_TAGS_FREE, len(data) * _TAGS_PER_BYTE_MAX)
        main = _target_of(self._relations("_rels/.rels", ""), "officeDocument")
        if main.endswith(".bin"):
            raise StatementUnreadable("the workbook is in the binary format: save it as .xlsx")
        self._folder = main.rpartition("/")[0]
        name = main.rpartition("/")[2]
        self._targets = self._relations(f"{self._folder}/_rels/{name}.rels", self._folder)
        self.counts_from_1904 = False
        self.sheets = self._read_sheets(main)

    def part(self, name: str, bytes_max: int = _PART_BYTES_MAX) -> Iterator[bytes]:
        """Yield a part's content in pieces, or refuse it once it is larger than it may be."""
        entry = self._parts.get(name)
        if entry is None:
            raise StatementUnreadable(f"the workbook lacks its part {excerpt(name)}")
        left = min(bytes_max, max(_RATIO_FREE_BYTES, entry.compress_size * _RATIO_MAX))
        try:
            with self._archive.open(entry) as content:
                while piece := content.read(_PIECE_BYTES):
                    left -= len(piece)
                    self._tags_left -= piece.count(b"<")
                    if left < 0 or self._tags_left < 0:
                        raise StatementUnreadable(f"{excerpt(name)} unpacks to too much")
                    self.unpack(len(piece), name)
                    yield piece
        except _BROKEN as error:
            raise StatementUnreadable(f"the workbook's part {excerpt(name)} is damaged") from error

    def unpack(self, size: int, name: str) -> None:
        """Count bytes that a part unpacks to, or refuse it once all parts make too many."""
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise StatementUnreadable(f"{excerpt(name)} unpacks to too much")

    def named_part(self, kind: str) -> str | None:
        """Return the part of a kind that every workbook has at most once, such as `styles`."""
        found = [target for _, (which, target) in self._targets.items() if which == kind]
        return found[0] if len(found) == 1 else None

    def _read_sheets(self, main: str) -> tuple[Sheet, ...]:
        sheets: list[Sheet] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                self.counts_from_1904 = attributes.get("date1904", "0") in {"1", "true"}
            elif name == "sheet" and attributes.get("state", "visible") == "visible":
                ids = (value for key, value in attributes.items() if key.endswith(":id"))
                kind, target = self._targets.get(next(ids, ""), ("", ""))
                if kind == "worksheet":
                    if any(target == sheet.part for sheet in sheets):
                        raise StatementUnreadable(f"two sheets share the part {excerpt(target)}")
                    sheets.append(Sheet(attributes.get("name", ""), target))

        parse(self.part(main, _SMALL_PART_BYTES_MAX), main, start=start)
        if not 0 < len(sheets) <= _SHEETS_MAX:
            raise StatementUnreadable(f"the workbook has {len(sheets)} visible sheets")
        return tuple(sheets)

    def _relations(self, name: str, folder: str) -> dict[str, tuple[str, str]]:
        """Return the kind and the part of each relation, by its id."""
        found: dict[str, tuple[str, str]] = {}

        def start(element: str, attributes: dict[str, str]) -> None:
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                within = f"{folder}/{target}" if folder else target
                part = target[1:] if target.startswith("/") else within
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (kind, part)

        parse(self.part(name.lstrip("/"), _SMALL_PART_BYTES_MAX), name, start=start)
        return found


def _checked_parts(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(entries) > _PARTS_MAX:
        raise StatementUnreadable(f"the workbook has more than {_PARTS_MAX} parts")
    if sum(entry.file_size for entry in entries) > 2 * _PART_BYTES_MAX:
        raise StatementUnreadable("the workbook unpacks to too much")
    parts: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename
        if entry.flag_bits & _ENCRYPTED:
            raise StatementUnreadable("the workbook is encrypted")
        if entry.compress_type not in _METHODS:
            raise StatementUnreadable(f"{excerpt(name)} is packed in an unknown way")
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or name in parts:
            raise StatementUnreadable(f"{excerpt(name)} is no name of a workbook's part")
        parts[name] = entry
    return parts


def _target_of(relations: dict[str, tuple[str, str]], kind: str) -> str:
    found = [target for which, target in relations.values() if which == kind]
    if len(found) != 1:
        raise StatementUnreadable("the archive is no workbook")
    return found[0]
