"""Makes, starts and stops the embedded PostgreSQL as an unprivileged user, on a Unix socket only.

Used by the guardian alone; it does not decide when the server runs.
"""

import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from payment_service.db.embedded_folder import (
    DATABASE_NAME,
    DataFolder,
    EmbeddedDatabaseError,
    answers,
    try_lock,
)

LOG_BYTES_MAX = 16 * 1024 * 1024
_LEFTOVER_SECONDS = 10.0
_CRASHED_SECONDS = 1.0
_STOP_SECONDS = 20.0
_SOCKET_PLACE_BYTES_MAX = 60  # the whole socket path stays below the 100 every system accepts
_PROGRAM_CACHE = Path("/var/cache/payment_service")
_PR_SET_PDEATHSIG = 1
_ON_LINUX = sys.platform == "linux"

# The server finds its data through its working directory, which is set before privileges are
# dropped: so it needs no access to the folders above, and no character of the path can hurt.
_INITDB = ["-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
_INITDB += ["--locale=C", "-k", "-U", DATABASE_NAME, "--no-instructions"]
_SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}


class Server:
    """One PostgreSQL on one cluster, as an unprivileged user; made, started and stopped here."""

    def __init__(self, folder: DataFolder, programs: Path) -> None:
        self._folder = folder
        self._own_programs = programs
        self._account = _unprivileged_account(folder)
        self._programs = programs if self._account is None else _enterable_programs(programs)
        self._libc = ctypes.CDLL(None)
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self.socket_folder = ""

    def claim_socket_folder(self, before: str) -> None:
        """Take the folder of the guardian before, so that pools reconnect; else a new one."""
        owner = os.geteuid() if self._account is None else self._account.pw_uid
        if before:
            with suppress(OSError):
                with suppress(FileExistsError):
                    Path(before).mkdir(mode=0o700)
                    self._give_away(Path(before))
                found = Path(before).lstat()
                private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
                if private and found.st_uid == owner:
                    self.socket_folder = before
                    return
        for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 mkdtemp makes it safe
            plain = place.isascii() and not set(place) & set("\"',\\")
            short = len(place) <= _SOCKET_PLACE_BYTES_MAX
            if plain and short and (self._account is None or _anyone_may_enter(Path(place))):
                with suppress(OSError):
                    self.socket_folder = tempfile.mkdtemp(prefix="payment-pg-", dir=place)
                    self._give_away(Path(self.socket_folder))
                    return
        raise EmbeddedDatabaseError("no folder for PostgreSQL's socket: /tmp cannot be written")

    def launch(self) -> None:
        """Start the server once every process of an earlier one is gone; make its cluster first."""
        lock = self._lock_without_leftovers()
        try:
            if not self._folder.cluster.exists():
                self._make_cluster(lock)
            # Nobody holds the lock, so these files lie; their process numbers may be taken again.
            for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
                Path(self.socket_folder, name).unlink(missing_ok=True)
            if _ON_LINUX and not self._leftovers():
                (self._folder.cluster / "postmaster.pid").unlink(missing_ok=True)
            command = ["-k", self.socket_folder, "-h", ""]
            for name, value in _SETTINGS.items():
                command += ["-c", f"{name}={value}"]
            self._log_start = self._folder.log.stat().st_size
            self._process = self._start("postgres", command, self._folder.cluster, lock)
        finally:
            os.close(lock)

    def is_alive(self) -> bool:
        """Whether the server's first process runs."""
        return self._process is not None and self._process.poll() is None

    def is_ready(self) -> bool:
        """Whether the server accepts connections."""
        return answers(self._own_programs, self.socket_folder)

    def ensure_database(self) -> None:
        """Create the service's database if it is missing."""
        if not self._ask(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE_NAME}'"):  # noqa: S608 a constant
            self._ask(f"CREATE DATABASE {DATABASE_NAME}")

    def _ask(self, question: str) -> bytes:
        psql = [str(self._own_programs / "bin" / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1"]
        psql += ["-h", self.socket_folder, "-U", DATABASE_NAME, "-d", "postgres", "-c", question]
        return subprocess.run(psql, env={}, stdout=subprocess.PIPE, check=True).stdout.strip()  # noqa: S603 the wheel's program

    def stop(self) -> None:
        """End the server in order, or hard when it does not follow; remove its socket folder."""
        for order in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._process is None or not self.is_alive():
                break
            self._process.send_signal(order)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
        shutil.rmtree(self.socket_folder, ignore_errors=True)

    def last_complaint(self) -> str:
        """Return the server's own last word since its launch, without the time in front."""
        with self._folder.log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read(LOG_BYTES_MAX).decode("utf-8", "replace").split("\n")
        for line in reversed(lines):
            for mark in ("FATAL:", "PANIC:", "error:"):
                if mark in line:
                    return line.partition(mark)[2].strip()
        return f"see {self._folder.log}"

    def trim_log(self) -> None:
        """Move a large log aside; copying keeps the server's open descriptor right."""
        if self._folder.log.stat().st_size > LOG_BYTES_MAX:
            shutil.copyfile(self._folder.log, self._folder.log.with_suffix(".log.1"))
            os.truncate(self._folder.log, 0)
            self._log_start = 0

    def _lock_without_leftovers(self) -> int:
        """Wait for an earlier server to end, or kill it when it lingers; return its lock."""
        # After a crash nobody tidies up: a busy backend would only hold the next server back.
        crashed = self._process is not None
        patience = time.monotonic() + (_CRASHED_SECONDS if crashed else _LEFTOVER_SECONDS)
        while (lock := try_lock(self._folder.server_lock, fcntl.LOCK_EX)) is None:
            if time.monotonic() > patience:
                for process in self._leftovers():
                    with suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
            if time.monotonic() > patience + _LEFTOVER_SECONDS:
                raise EmbeddedDatabaseError("an earlier PostgreSQL on this folder does not end")
            time.sleep(0.05)
        return lock

    def _leftovers(self) -> list[int]:
        """List PostgreSQL's processes that work in this cluster; always empty without /proc."""
        places = (self._folder.cluster, self._folder.unfinished_cluster)
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                # A program that was replaced by an upgrade reads "postgres (deleted)".
                program = (entry / "exe").readlink().name.partition(" ")[0]
                if program == "postgres" and (entry / "cwd").readlink() in places:
                    found.append(int(entry.name))
        return found

    def _make_cluster(self, lock: int) -> None:
        unfinished = self._folder.unfinished_cluster
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give_away(unfinished)
        self._log_start = self._folder.log.stat().st_size
        if self._start("initdb", _INITDB, unfinished, lock).wait():
            raise EmbeddedDatabaseError(f"initdb failed: {self.last_complaint()}")
        unfinished.rename(self._folder.cluster)
        above = os.open(self._folder.path, os.O_RDONLY)
        os.fsync(above)
        os.close(above)

    def _start(
        self, name: str, arguments: list[str], place: Path, lock: int
    ) -> subprocess.Popen[bytes]:
        parent = os.getpid()

        def follow_parent() -> None:
            # Runs last before the program: changing the user would clear the wish.
            if _ON_LINUX:
                self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
                if os.getppid() != parent:
                    os._exit(1)

        program = str(self._programs / "bin" / name)
        data = "/proc/self/cwd" if _ON_LINUX else str(place)
        account = self._account
        with self._folder.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 the wheel's program
                [program, "-D", data, *arguments],
                cwd=place,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(lock,),
                umask=0o077,
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else [],
                preexec_fn=follow_parent,  # noqa: PLW1509 the guardian has one thread
            )

    def _give_away(self, folder: Path) -> None:
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)


def _unprivileged_account(folder: DataFolder) -> pwd.struct_passwd | None:
    """Choose whom the server runs as, since it refuses to run as root; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    with suppress(FileNotFoundError, KeyError):
        owner = folder.cluster.stat().st_uid
        if owner != 0:
            return pwd.getpwuid(owner)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedDatabaseError("PostgreSQL refuses to run as root: add a user named postgres")


def _anyone_may_enter(folder: Path) -> bool:
    place = folder.resolve()
    return all(above.stat().st_mode & stat.S_IXOTH for above in (place, *place.parents))


def _enterable_programs(programs: Path) -> Path:
    """Return the programs where the server's user can reach them, in place or as a copy kept.

    The copy is named by its content, whole before it gets its name, and only root can write it.
    """
    with (programs / "bin" / "postgres").open("rb") as server:
        if _anyone_may_enter(programs / "bin") and os.fstat(server.fileno()).st_mode & stat.S_IXOTH:
            return programs
        content = hashlib.file_digest(server, "sha256").hexdigest()[:16]
    package = programs.parent
    kept = _PROGRAM_CACHE / f"postgresql-{content}"
    if not kept.exists():
        _PROGRAM_CACHE.mkdir(parents=True, exist_ok=True)
        _PROGRAM_CACHE.chmod(0o755)
        draft = Path(tempfile.mkdtemp(dir=_PROGRAM_CACHE))
        unneeded = shutil.ignore_patterns("*.py", "__pycache__", "include")
        # The programs look for their libraries beside the package.
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                shutil.copytree(source, draft / source.name, symlinks=True, ignore=unneeded)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
        with suppress(OSError):  # another guardian was first
            draft.rename(kept)
        shutil.rmtree(draft, ignore_errors=True)
    return kept / package.name / programs.name
