"""Set up the service in the two documented ways, by the documentation's own code blocks."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from suppression.domain.vocabulary import ApiScope
from tests.databases import BACKENDS, SQLITE
from tests.docs.pages import EMBEDDED, SHELL, Block, all_blocks
from tests.docs.scripts import BlockResult, Session, run_blocks
from tests.e2e.project_copy import copied_project
from tests.e2e.smtp_server import smtp_server
from tests.launching import clean_environ, free_port, launched
from tests.postgres.shared import shared_server

FILES = Path(__file__).parent / "files"
POSTGRESQL = next((name for name in BACKENDS if name != SQLITE), None)
# The header that a signing mail server would have added to the message.
_SIGNED = b"DKIM-Signature: v=1; h=From:List-Unsubscribe:List-Unsubscribe-Post; b=AAAA\r\n"
# With these settings of curl a refused call fails its block, and no call waits for ever.
_CURLRC = "fail-with-body\nmax-time = 30\n"
# What pages assume once the service runs: a topic, two keys to revoke (keys are numbered across all
# controllers, so that number 3 is one of them on both set-ups), and the reader's own key.
_GIVEN = f"""
flask topics create acme newsletter --fr "Lettre d'information" --en Newsletter
flask keys create acme --name shop --scopes check
flask keys create acme --name dialer --scopes check
export KEY=$(flask keys create acme --name reader --scopes {",".join(ApiScope)})
"""
_DEMO = "flask seed --demo"


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """A running service, and the shell session in which a reader's commands run."""

    place: str
    session: Session
    notes: Path

    def run(self, page: str, blocks: list[Block]) -> list[BlockResult]:
        """Run the blocks of one page in one new shell; return their results.

        Raises AssertionError at the first unexpected exit status.
        """
        notes = self.notes / page.replace("/", "-")
        return run_blocks(blocks, self.session, notes)[0]


@contextmanager
def deployment(place: str, folder: Path) -> Iterator[Deployment]:
    """Set up the service by the blocks that are marked so, yield it, and end all its programs."""
    with ExitStack() as stack:
        shell = stack.enter_context(_shell(place, folder))
        notes = folder / "notes"
        notes.mkdir()
        printed = ""
        for at, block in enumerate(all_blocks()):
            if place not in block.sets_up:
                continue
            if block.keeps_running:
                printed += stack.enter_context(_kept_running(block, shell, notes / f"{at}.log"))
            else:
                shell, _ = _continued(shell, block, notes / str(at))
        yield _with_what_is_given(place, shell, notes, printed)


@contextmanager
def _shell(place: str, folder: Path) -> Iterator[Session]:
    """Yield a session in a copy of the project, with a mail server and no service set up yet."""
    project = copied_project(folder / "project")
    shutil.copytree(FILES, project.folder, dirs_exist_ok=True)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    (folder / ".curlrc").write_text(_CURLRC)
    programs = folder / "bin"
    programs.mkdir()
    _program(programs / "python3", f"exec {shlex.quote(sys.executable)}")
    if place == EMBEDDED:  # as the README says under Commands
        _program(programs / "flask", f"exec {shlex.quote(str(project.folder / 'run'))} flask")
    with _database(place) as url, _mail_server(project.folder / "message.eml") as mail:
        environ = clean_environ() | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "CURL_HOME": str(folder),
            "TMPDIR": str(folder),
            "PIP_NO_INDEX": "1",
            "UV_OFFLINE": "1",
            "no_proxy": "127.0.0.1",
            "PORT": str(port),
            "ALLOW_HTTP": "1",  # no proxy of ours speaks TLS here
            "SERVICE": address,
            "MAIL_SERVER": mail,
        }
        substitutions = {
            "http://127.0.0.1:8000": address,
            "https://stop.example.fr": address,
            "postgresql://user:password@host/database": url,
        }
        yield Session(folder=project.folder, environ=environ, substitutions=substitutions)


def _program(file: Path, line: str) -> None:
    file.write_text(f'#!/bin/sh\n{line} "$@"\n')
    file.chmod(0o755)


@contextmanager
def _database(place: str) -> Iterator[str]:
    """Yield the URL of an empty PostgreSQL database; "" for `./run`, which makes its own."""
    if place == EMBEDDED:
        yield ""
        return
    assert POSTGRESQL is not None, "production needs a PostgreSQL"
    server, name = shared_server(POSTGRESQL), f"documented_{uuid.uuid4().hex}"
    server.create_database(name)
    try:
        yield server.url_for(name, driver="postgresql")
    finally:
        server.drop_database(name)


@contextmanager
def _mail_server(newest: Path) -> Iterator[str]:
    """Yield the address of a mail server that saves the newest message in the file `newest`."""

    def keep(message: bytes) -> None:
        newest.write_bytes(_SIGNED + message)

    with smtp_server(keep) as mailbox:
        yield f"127.0.0.1:{mailbox.port}"


@contextmanager
def _kept_running(block: Block, shell: Session, log: Path) -> Iterator[str]:
    """Run a server during the block; yield the output that it had when the service was ready."""
    command = ["bash", "-c", shell.text_of(block)]
    with launched(command, log, environ=shell.environ, folder=shell.folder) as started:
        started.wait_until_serving(f"{shell.environ['SERVICE']}/readyz")
        yield started.said()
        assert started.process.poll() is None, f"{block.place} ended by itself:\n{started.said()}"
        started.send(signal.SIGTERM)  # the signal reaches the programs that bash started too


def _continued(shell: Session, block: Block, notes: Path) -> tuple[Session, str]:
    """Run a block; return the session with the environment that it leaves, and its output."""
    (result,), environ = run_blocks([block], shell, notes)
    return replace(shell, environ=environ), result.stdout


def _with_what_is_given(place: str, shell: Session, notes: Path, printed: str) -> Deployment:
    """Return the Deployment with what pages assume, and the demo's key in place of `sup_...`."""
    shell, _ = _continued(shell, _ours(_GIVEN), notes / "given")
    if place == EMBEDDED:
        key = _first(r"shown once: (\S+)", printed)
    else:
        shell, key = _continued(shell, _ours(_DEMO), notes / "demo")
    substitutions: Mapping[str, str] = {**shell.substitutions, "sup_...": key.strip()}
    return Deployment(place=place, session=replace(shell, substitutions=substitutions), notes=notes)


def _ours(text: str) -> Block:
    return Block(page=__name__, line=1, language=SHELL, text=text, markers={})


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return match[1]
