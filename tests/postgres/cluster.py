"""Make, start, stop and remove one PostgreSQL server in a directory of its own.

Only the supervisor uses this module. It uses only the standard library, so that it starts fast.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SUPERUSER: Final = "postgres"
LOG: Final = "server.log"
STOP_SIGNALS: Final = {
    # The signals that `pg_ctl stop -m` sends.
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
    "kill": signal.SIGKILL,
}
ASKED: Final = "asked_for_password"
"""The only role that must give its password to connect."""
_ASKED_FOR_PASSWORD: Final = f"local all {ASKED} scram-sha-256\n"
START_LIMIT: Final = 60.0
REMOVE_LIMIT: Final = 2.5  # seconds for each of the three signals, so that all ends within 10

_SETTINGS: Final = """
listen_addresses = ''
unix_socket_directories = '{directory}'
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
# Shared memory as files here, not in /dev/shm: gone with the directory even after SIGKILL.
dynamic_shared_memory_type = mmap
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
"""
# On a server that is thrown away, no background process writes, and no autovacuum changes the
# statistics of tables.
_THROWN_AWAY: Final = """
autovacuum = off
bgwriter_lru_maxpages = 0
checkpoint_timeout = 1d
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """The account under which PostgreSQL runs, because it refuses to run as root."""

    uid: int
    gid: int


def account() -> Account | None:
    """Return an account without privileges if this process runs as root, else None."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


class Cluster:
    """A data directory and its server; `remove` deletes the directory."""

    def __init__(self, *, programs: Path, durable: bool) -> None:
        self._account = account()
        # It is under /tmp whatever TMPDIR says, as a socket's path has at most 107 characters.
        self.directory = Path(tempfile.mkdtemp(prefix="suppression-pg-", dir="/tmp"))
        self._own(self.directory)
        self._programs = programs
        self._durable = durable
        self._server: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        """Make the data directory. Raises RuntimeError with initdb's output if that fails."""
        if not self._can_run():
            self._copy_programs()
        command = ["initdb", "--no-sync", "--auth=trust", f"--username={SUPERUSER}"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", f"--pgdata={self._data}"]
        with self._log.open("ab") as log:
            if self._start(command, log.fileno()).wait() != 0:
                raise RuntimeError(f"initdb failed: {self._log.read_text()}")
        settings = _SETTINGS.format(
            directory=self.directory, durable="on" if self._durable else "off"
        )
        rules = self._data / "pg_hba.conf"
        rules.write_text(_ASKED_FOR_PASSWORD + rules.read_text())
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(settings if self._durable else settings + _THROWN_AWAY)

    def start(self) -> int:
        """Start the server, wait until it answers, and return its process id.

        Raises RuntimeError with its log if it ends, or does not answer in START_LIMIT seconds.
        """
        with self._log.open("ab") as log:
            self._server = self._start(["postgres", "-D", str(self._data)], log.fileno())
        deadline = time.monotonic() + START_LIMIT
        while not self._is_ready(self._server.pid):
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {self._log.read_text()}")
            time.sleep(0.02)
        return self._server.pid

    def stop(self, *modes: str, limit: float) -> None:
        """Stop the server, if it runs, trying each mode for `limit` seconds.

        Raises RuntimeError if no mode succeeds.
        """
        if self._server is None:
            return
        for mode in modes:
            self._server.send_signal(STOP_SIGNALS[mode])
            self._server.send_signal(signal.SIGCONT)  # a frozen server would not react
            try:
                self._server.wait(limit)
            except subprocess.TimeoutExpired:
                continue
            self._server = None
            return
        raise RuntimeError(f"PostgreSQL did not stop: {', '.join(modes)}")

    def remove(self) -> None:
        """Stop the server, gently first, and delete its directory."""
        self.stop(*STOP_SIGNALS, limit=REMOVE_LIMIT)
        # The server's children end shortly after it, and may write until then.
        deadline = time.monotonic() + REMOVE_LIMIT
        while self.directory.exists() and time.monotonic() < deadline:
            shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.directory / "data"

    @property
    def _log(self) -> Path:
        return self.directory / LOG

    def _is_ready(self, pid: int) -> bool:
        """Return whether line 8 of postmaster.pid says ready, as `pg_ctl start --wait` does."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _start(self, command: list[str], output: int) -> subprocess.Popen[bytes]:
        program = self._programs / command[0]
        return subprocess.Popen(
            [program, *command[1:]],
            cwd=self.directory,  # the account may not be allowed into ours
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=self._account.uid if self._account else None,
            group=self._account.gid if self._account else None,
            extra_groups=[] if self._account else None,
        )

    def _can_run(self) -> bool:
        """Return whether the account may run the programs; it may not in a private home."""
        try:
            return self._start(["initdb", "--version"], subprocess.DEVNULL).wait() == 0
        except PermissionError:
            return False

    def _copy_programs(self) -> None:
        """Copy the wheel's programs, and the libraries that they find by relative paths, here."""
        package = self._programs.parents[1]
        libraries = package.with_name(f"{package.name}.libs")
        for source in (package, libraries):
            copy = self.directory / source.name
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("include"))
            for path in (copy, *copy.rglob("*")):
                self._own(path)
        self._programs = self.directory / self._programs.relative_to(package.parent)

    def _own(self, path: Path) -> None:
        if self._account is not None:
            os.chown(path, self._account.uid, self._account.gid, follow_symlinks=False)
