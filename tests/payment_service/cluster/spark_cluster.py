"""A real standalone Spark cluster on the loopback interface: a master and two workers."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

START_SECONDS_MAX = 120
PARTITIONS = 8
_JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_MASTER = re.compile(r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
_REGISTERED = re.compile(r"Successfully registered with master")
_CONFIGURATION = f"""\
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.driver.extraJavaOptions {_JAVA_OPTIONS}
spark.driver.memory 512m
spark.executor.extraJavaOptions {_JAVA_OPTIONS}
spark.executor.memory 512m
spark.shuffle.io.retryWait 200ms
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.shuffle.partitions {PARTITIONS}
"""


def missing_part() -> str:
    """Say what this machine lacks to run a cluster; empty when it lacks nothing."""
    if find_spec("pyspark") is None:
        return "the extra 'cluster' is not installed: make install-cluster"
    return "" if shutil.which("java") else "there is no Java"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Where the master listens, its two workers, and the environment in which to speak to it."""

    master: str
    workers: list["subprocess.Popen[bytes]"]
    environment: dict[str, str]

    def kill_a_worker(self) -> None:
        """End the second worker and all it started, as a machine that loses its power."""
        _kill(self.workers[1])


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Start a master and two workers of one core each; at the end none of them is left."""
    environment = _environment(folder)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes.append(_start(folder, environment, "master", "--webui-port", "0"))
        master = _said(folder / "master.log", _MASTER, processes[0])
        limits = ("--webui-port", "0", "--cores", "1", "--memory", "600m")
        for name in ("worker-1", "worker-2"):
            work = ("--work-dir", str(folder / name))
            processes.append(_start(folder, environment, name, *limits, *work, master))
        for number, process in enumerate(processes[1:], start=1):
            _said(folder / f"worker-{number}.log", _REGISTERED, process)
        yield Cluster(master=master, workers=processes[1:], environment=environment)
    finally:
        for process in reversed(processes):
            _kill(process)


def _environment(folder: Path) -> dict[str, str]:
    pyspark = find_spec("pyspark")
    assert pyspark is not None
    assert pyspark.origin is not None
    configuration = folder / "configuration"
    configuration.mkdir()
    (configuration / "spark-defaults.conf").write_text(_CONFIGURATION)
    return os.environ | {
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "SPARK_CONF_DIR": str(configuration),
        "SPARK_DAEMON_JAVA_OPTS": _JAVA_OPTIONS,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_HOME": str(Path(pyspark.origin).parent),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }


def _start(
    folder: Path, environment: dict[str, str], name: str, *words: str
) -> "subprocess.Popen[bytes]":
    role = name.partition("-")[0]
    main_class = f"org.apache.spark.deploy.{role}.{role.title()}"
    spark_class = Path(environment["SPARK_HOME"]) / "bin" / "spark-class"
    # Should the tests be killed, the kernel ends what they started.
    guard = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [*guard, spark_class, main_class, "--host", "127.0.0.1", "--port", "0", *words],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _said(log: Path, pattern: re.Pattern[str], process: "subprocess.Popen[bytes]") -> str:
    """Wait until a process logs a line of a pattern and return its first group, if any."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        found = pattern.search(log.read_text(errors="replace"))
        if found:
            return found[found.re.groups]
        time.sleep(0.1)
    raise RuntimeError(f"{log.name}: {log.read_text(errors='replace')[-2000:]}")


def _kill(process: "subprocess.Popen[bytes]") -> None:
    # The group outlives its first process when an executor is left in it.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
