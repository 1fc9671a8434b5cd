"""One PostgreSQL data folder: made, started, stopped, and found again after a power cut."""

from __future__ import annotations

import hashlib
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from guangyue.records.postgres import unprivileged
from guangyue.records.postgres.binaries import Binaries, find

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Cluster", "ClusterError"]

START_SECONDS = 180
"""Recovery on a busy disk has been seen to take half a minute before the first answer."""
DYING_SECONDS = 10.0
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "idle_in_transaction_session_timeout": "5min",
    "log_min_duration_statement": "2s",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "timezone": "UTC",
}


class ClusterError(RuntimeError):
    """PostgreSQL could not be made, started or stopped; the message carries the end of its own log."""


@cache
def _as_root_mode() -> str:
    """How to stop being root: ``none`` needed, ``userns``, or ``nobody`` where user namespaces are closed."""
    if os.geteuid() != 0:
        return "none"
    chosen = os.environ.get("PG_ROOT_MODE")
    if chosen:
        return chosen
    probe = subprocess.run([*_NAMESPACE, "/bin/true"], check=False, capture_output=True)
    return "userns" if probe.returncode == 0 else "nobody"


_NAMESPACE = (sys.executable, "-I", str(Path(unprivileged.__file__)))


def _prefix() -> tuple[str, ...]:
    return _NAMESPACE if _as_root_mode() == "userns" else ()


def _identity() -> dict[str, Any]:
    if _as_root_mode() == "nobody":
        return {"user": "nobody", "group": "nogroup", "extra_groups": [], "cwd": "/"}
    return {}


def _nobody() -> tuple[int, int]:
    found = pwd.getpwnam("nobody")
    return found.pw_uid, found.pw_gid


def socket_folder(data: Path) -> Path:
    """Where the socket lies: inside the data folder, or in a short private one when that path would be too long."""
    inside = data / "run"
    if len(os.fsencode(inside)) <= SOCKET_LIMIT:
        return inside
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"guangyue-{os.getuid()}-{name}"


class Cluster:
    """A PostgreSQL of our own in ``data``, reachable only through a socket that its owner can open."""

    def __init__(
        self, data: Path, *, settings: Mapping[str, str] | None = None, binaries: Binaries | None = None
    ) -> None:
        """Name the folder; nothing is touched yet.

        Args:
            data: the data folder; made when missing.
            settings: PostgreSQL settings beside (and over) the usual ones.
            binaries: the programs; found when not given.
        """
        self.data = data.resolve()
        self.binaries = binaries or find()
        self.socket = socket_folder(self.data)
        self.settings = {**SETTINGS, **(settings or {})}
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C.UTF-8"}

    def _run(self, program: str, *arguments: str | Path) -> None:
        # Output goes to a file, not a pipe: the server would inherit the pipe and keep the reader waiting.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [*_prefix(), self.binaries.program(program), *map(str, arguments)],
                env=self._environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False, **_identity(),
            )  # fmt: skip
            if done.returncode:
                said.seek(0)
                raise ClusterError(
                    f"{program} failed: {said.read().decode(errors='replace')[-2000:]}{self._log_tail()}"
                )

    def _log_tail(self) -> str:
        log = self.data / "server.log"
        return f"\n{log.read_text(errors='replace')[-2000:]}" if log.exists() else ""

    def _own(self, folder: Path) -> None:
        if _as_root_mode() == "nobody":
            shutil.chown(folder, "nobody", "nogroup")

    def make(self) -> None:
        """Make the data folder when it is not one yet; remains of an attempt that broke off are cleared first.

        Raises:
            ClusterError: when the folder holds something else.
        """
        making = self.data.with_suffix(".making")
        if making.exists():
            shutil.rmtree(self.data, ignore_errors=True)
        elif (self.data / "PG_VERSION").exists():
            return
        elif self.data.exists() and any(self.data.iterdir()):
            raise ClusterError(f"{self.data} is not empty and not a PostgreSQL data folder")
        self.data.parent.mkdir(parents=True, exist_ok=True)
        making.touch()
        self.data.mkdir(exist_ok=True, mode=0o700)
        self._own(self.data)
        self._run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-instructions", "--data-checksums",
        )  # fmt: skip
        making.unlink()

    def pid(self) -> int | None:
        """The server's process id, or ``None`` when it left no lock file."""
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def running(self) -> bool:
        """Whether a server runs on this folder, by the lock file and the process it names."""
        pid = self.pid()
        return pid is not None and self._state(pid) == "alive"

    def answers(self) -> bool:
        """Whether it takes connections now."""
        done = subprocess.run(self.probe(), env=self._environment, check=False)
        return done.returncode == 0

    def _state(self, pid: int) -> str:
        """``alive``, ``zombie`` (killed, not yet reaped), ``other`` (the number was given away) or ``gone``."""
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return "gone"
        if state == "Z":
            return "zombie"
        return "alive" if b"postgres" in command and os.fsencode(self.data) in command else "other"

    def _clear_stale_lock(self, seconds: float = 15) -> None:
        """After ``kill -9`` or a power cut the lock file stays, and ``pg_ctl`` believes it too readily."""
        until = time.monotonic() + seconds
        while (pid := self.pid()) is not None:
            state = self._state(pid)
            if state in ("alive", "gone"):
                return  # PostgreSQL itself removes the lock of a process that is gone
            if state == "zombie" and time.monotonic() < until:
                time.sleep(0.1)
                continue
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            return

    def start(self) -> bool:
        """Make sure the server runs; true when this call started it.

        Raises:
            ClusterError: when PostgreSQL does not come up within three minutes.
        """
        self._prepare()
        for _ in range(
            10 * START_SECONDS
        ):  # just killed, it stands in the process table a moment longer; or it recovers
            self._clear_stale_lock()
            if not self.running():
                break
            if self.answers():
                return False
            time.sleep(0.1)
        until = time.monotonic() + DYING_SECONDS
        while True:
            try:
                self._run(
                    "pg_ctl", "-D", self.data, "-w", "-t", str(START_SECONDS), "-l", self._log(), "-o", self._options(), "start",
                )  # fmt: skip
            except ClusterError as error:  # the lock of its socket stands until the last of a killed server is gone
                if "lock file" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.2)
            else:
                return True

    def foreground(
        self, around: Callable[[list[str]], list[str]], promise: Callable[[], None], *, patience: float = 15.0
    ) -> NoReturn:
        """Become the server: this process is it from now on, for a supervisor that keeps it.

        One that is just ending is waited for; one that somebody else started is stopped first.

        Args:
            around: puts a launcher before the server's command, where a program of ours stands between.
            promise: called just before this process becomes the server, where none does.
            patience: seconds to wait for another one to end by itself.
        """
        self._prepare()
        until = time.monotonic() + patience
        self._clear_stale_lock()
        while self.running() and time.monotonic() < until:
            time.sleep(0.05)
            self._clear_stale_lock()
        self.stop()
        log = os.open(self._log(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(log, stream)
        server = [self.binaries.program("postgres"), "-D", str(self.data), *shlex.split(self._options())]
        if _prefix():
            command = [*_prefix(), *around(server)]
        else:
            if _as_root_mode() == "nobody":
                user, group = _nobody()
                os.fchown(log, user, group)
                os.setgroups([])
                os.setgid(group)
                os.setuid(user)
                os.chdir("/")
            promise()
            command = server
        os.execve(command[0], command, self._environment)  # noqa: S606 - replacing ourselves is the point

    def _prepare(self) -> None:
        self.make()
        self.socket.mkdir(exist_ok=True, mode=0o700)
        self._own(self.socket)

    def _options(self) -> str:
        options = " ".join(f"-c {name}={value}" for name, value in self.settings.items())
        return f"{options} -c unix_socket_directories='{self.socket}'"

    def _log(self) -> Path:
        log = self.data / "server.log"
        if log.exists() and log.stat().st_size > 16 << 20:
            log.replace(log.with_suffix(".log.1"))
        return log

    def probe(self) -> tuple[str, ...]:
        """The command that succeeds when the server takes connections."""
        asked = ("-q", "-h", str(self.socket), "-U", "postgres", "-d", "postgres", "-t", "2")
        return (self.binaries.program("pg_isready"), *asked)

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; open transactions are rolled back (``fast``) or the power is cut (``immediate``)."""
        if self.running():
            self._run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def dsn(self, database: str = "postgres", user: str = "postgres") -> str:
        """The libpq connection string of one database."""
        return f"host={self.socket} user={user} dbname={database}"
