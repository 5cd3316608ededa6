"""Many machines: Apache Spark brings the rows of each account group to one worker, and only that.

The only file that knows Spark. Lines and items lie where the driver and every worker see them
under the same path, and this package is installed on every worker.
"""

import heapq
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet
from pyspark.sql import DataFrame, SparkSession

from payment_service.cluster.account_group import GroupResult, Job
from payment_service.cluster.envelopes import opened, reconcile_to_envelopes
from payment_service.cluster.parquet_tables import ParquetTable
from payment_service.domain.errors import ConfigurationError, Unavailable

_KEY = "account_group"
_ENVELOPE = "account_group string, name string, content binary"
_READ_BYTES = 1 << 20
_GLOB = re.compile(r"([\[\]{}*?,\\])")


def reconcile_on_spark(
    lines: ParquetTable, items: ParquetTable, job: Job, *, master: str, folder: Path
) -> Iterator[GroupResult]:
    """Yield the result of each account group, in the order of their names.

    `folder` is empty and seen by every worker: they leave their results there. A worker that dies
    is made up for by the others. `Unavailable` when Spark cannot start or gives up.
    """

    def work(of_lines: pa.Table, of_items: pa.Table) -> pa.Table:
        return reconcile_to_envelopes(of_lines, of_items, job)

    results = folder / "envelopes"
    with _spark(master) as spark:
        of_lines, of_items = (_read(spark, table) for table in (lines, items))
        pairs = of_lines.groupBy(_KEY).cogroup(of_items.groupBy(_KEY))
        pairs.applyInArrow(work, _ENVELOPE).write.parquet(f"file://{results}")
    of_each = map(_envelopes, sorted(results.glob("part-*.parquet")))
    yield from opened(heapq.merge(*of_each, key=itemgetter(_KEY)))


@contextmanager
def _spark(master: str) -> Iterator[SparkSession]:
    """Run Spark as its own configuration files and these few settings say."""
    try:
        spark = (
            SparkSession.builder.master(master)
            .appName("payment-service reconcile-parquet")
            # Adaptive execution joins partitions of few bytes, and few bytes take long to match.
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
            .getOrCreate()
        )
    except Exception as error:
        raise ConfigurationError(f"Spark does not start on {master}: see what it said") from error
    try:
        yield spark
    except Exception as error:
        raise Unavailable("Spark gave up: see what it said") from error
    finally:
        spark.stop()


def _read(spark: SparkSession, table: ParquetTable) -> DataFrame:
    # The names of files are names, not patterns.
    paths = ["file://" + _GLOB.sub(r"\\\1", str(path)) for path in table.files]
    return spark.read.parquet(*paths).select(*table.schema.names)


def _envelopes(path: Path) -> Iterator[dict[str, Any]]:
    """Read what one worker wrote; Spark hands account groups to it in the order of their names."""
    with parquet.ParquetFile(path, pre_buffer=False, buffer_size=_READ_BYTES) as file:
        for batch in file.iter_batches(batch_size=1):
            yield from batch.to_pylist()
