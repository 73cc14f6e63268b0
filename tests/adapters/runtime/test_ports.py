"""Errors distinguish a port that this user may not use from a port that is taken."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from suppression.adapters.runtime.ports import another_port, explain_refusal, forbidden
from suppression.cli.local import main as embedded

NOBODY = 65534
PRIVILEGED = 80


def test_a_user_hears_of_permission_at_port_80() -> None:
    """A process without privileges really binds the port; some kernels allow it."""
    output = as_user(lambda: said_by_run(PRIVILEGED))
    lowest = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if lowest.exists() and int(lowest.read_text()) <= PRIVILEGED:
        assert output in {"", f"Cannot start: Port {PRIVILEGED} is taken."}
        return
    assert output == (
        "Cannot start: no permission to listen on port 80: this user may take ports from 1024 up. "
        "Choose another one: PORT=8080 ./run"
    )
    assert as_user(lambda: forbidden("0.0.0.0", PRIVILEGED)) == explain_refusal(PRIVILEGED, DENIED)  # noqa: S104


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_permission_is_said_wherever_the_kernel_refuses_it(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "bind", refused)
    assert "no permission to listen on port 8000" in said_by_run(8000)
    assert "taken" not in said_by_run(8000)
    assert "no permission to listen on port 80: " in forbidden("0.0.0.0", 80)  # noqa: S104


def test_a_taken_port_is_said_to_be_taken_and_forbids_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert said_by_run(port) == (
            f"Cannot start: Port {port} is taken. "
            f"Choose another one: PORT={another_port(port)} ./run"
        )
        assert forbidden("127.0.0.1", port) == ""


def test_any_other_refusal_names_itself() -> None:
    assert explain_refusal(8000, OSError(errno.EADDRNOTAVAIL, "")) == (
        "cannot listen on port 8000 (Cannot assign requested address)"
    )


DENIED = PermissionError(errno.EACCES, "Permission denied")


def said_by_run(port: int) -> str:
    """Return the error of ./run for a port, "" if it can listen there."""
    try:
        embedded.listen(port).close()
    except SystemExit as ended:
        return str(ended.code)
    return ""


def as_user(work: Callable[[], str]) -> str:
    """Return what `work` returns in a child process without privileges."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # nothing of pytest may run here
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            os.write(writer, work().encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as file:
        output = file.read()
    os.waitpid(child, 0)
    return output
