"""A folder of Parquet files as one table; whatever its schema does not promise is refused.

Only the ends of the files are read here, so nothing is decided about files of any size.
"""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from payment_service.domain.errors import Invalid

_READ_AS = {pa.large_string(): pa.string()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetTable:
    """The files of one input table and how many rows they hold together."""

    schema: pa.Schema
    files: tuple[Path, ...]
    rows: int


def open_table(folder: Path, schema: pa.Schema) -> ParquetTable:
    """Find the Parquet files of a folder; `Invalid` names the file and column that are wrong.

    A file whose name begins with `_` or `.` is not data, as everywhere with Parquet. Columns that
    the schema does not name are left alone.
    """
    files = tuple(
        sorted(
            path.absolute()
            for path in folder.iterdir()
            if path.suffix == ".parquet" and path.name[0] not in "._"
        )
    )
    if not files:
        raise Invalid(f"{folder}: no file *.parquet")
    rows = 0
    for path in files:
        try:
            with parquet.ParquetFile(path) as file:
                _require_schema(path, file.schema_arrow, schema)
                _require_no_nulls(path, file.metadata, schema)
                rows += file.metadata.num_rows
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            if isinstance(error, OSError) and error.errno:
                raise
            raise Invalid(f"{path}: not a readable Parquet file: {error}") from error
    return ParquetTable(schema=schema, files=files, rows=rows)


def _require_schema(path: Path, found: pa.Schema, promised: pa.Schema) -> None:
    for field in promised:
        places = found.get_all_field_indices(field.name)
        if len(places) != 1:
            raise Invalid(f"{path}: {'no' if not places else 'more than one'} column {field.name}")
        kind = found.field(places[0]).type
        if _READ_AS.get(kind, kind) != field.type:
            raise Invalid(f"{path}: column {field.name} is {kind}, not {field.type}")


def _require_no_nulls(path: Path, metadata: parquet.FileMetaData, schema: pa.Schema) -> None:
    """Refuse empty cells that the file itself counts; where it does not, the engine finds them."""
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for place in range(group.num_columns):
            column = group.column(place)
            counted = column.statistics
            if (
                column.path_in_schema in schema.names
                and counted is not None
                and counted.has_null_count
                and counted.null_count
            ):
                raise Invalid(f"{path}: column {column.path_in_schema} has an empty cell")
