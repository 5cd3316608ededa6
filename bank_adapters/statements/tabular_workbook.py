"""Excel workbooks as tables: the one visible sheet in which a header row stands."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain, islice

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.bank_profiles import PROFILES
from bank_adapters.statements.batches import StatementStream
from bank_adapters.statements.decoding import excerpt
from bank_adapters.statements.profiles import TabularProfile
from bank_adapters.statements.tabular import Table, stream_tabular
from bank_adapters.statements.tabular_cells import Row
from bank_adapters.statements.tabular_header import HEADER_ROWS_MAX, find_header
from bank_adapters.statements.workbook import WORKBOOK_BYTES_MAX, Workbook
from bank_adapters.statements.workbook_sheet import SheetReader


def stream_xlsx(
    chunks: Iterable[bytes], *, profile: TabularProfile | None = None
) -> StatementStream:
    """Read a workbook by `profile`, else by the profile or the words of its header row.

    The file itself is held in memory, at most 50 MiB: an archive is read from its end.
    """
    data = BytesIO()
    for chunk in chunks:
        data.write(chunk)
        if data.tell() > WORKBOOK_BYTES_MAX:
            break
    workbook = Workbook(data.getvalue())
    reader = SheetReader(workbook)
    tables = [
        table
        for sheet in workbook.sheets
        if (table := _find_table(reader.rows(sheet.part), profile)) is not None
    ]
    if not tables:
        wanted = "" if profile is None else f" {excerpt(', '.join(profile.header))}"
        raise StatementUnreadable(f"no visible sheet has the header row{wanted} of a statement")
    if len(tables) > 1:
        raise StatementUnreadable(f"{len(tables)} sheets of the workbook hold statements")
    yield from stream_tabular(tables[0])


def _find_table(rows: Iterator[Row], profile: TabularProfile | None) -> Table | None:
    head = list(islice(rows, HEADER_ROWS_MAX))
    profiles = PROFILES if profile is None else (profile,)
    found = find_header("XLSX", head, profiles, by_words=profile is None)
    if found is None:
        return None
    index, header = found
    return Table(header=header, above=head[:index], rows=chain(head[index + 1 :], rows))
