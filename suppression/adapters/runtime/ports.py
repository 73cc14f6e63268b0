"""Messages that say why a port cannot be listened on, and the proposal of another port."""

from __future__ import annotations

import errno
import os
import socket

_MAX_PORT = 65_535


def explain_refusal(port: int, error: OSError) -> str:
    """Return why a port could not be listened on, as one line of text for the operator.

    >>> explain_refusal(80, PermissionError(13, "Permission denied"))
    'no permission to listen on port 80: this user may take ports from 1024 up'
    """
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"no permission to listen on port {port}: {_what_is_permitted(port)}"
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken"
    return f"cannot listen on port {port} ({os.strerror(error.errno or 0)})"


def another_port(port: int) -> int:
    """Return a port to propose to the operator instead of `port`.

    >>> another_port(80), another_port(8000), another_port(65_535)
    (8080, 8001, 65534)
    """
    if port < 1024:  # noqa: PLR2004 - the first port that every user may take
        return 8000 + port
    return port + 1 if port < _MAX_PORT else port - 1


def forbidden(host: str, port: int) -> str:
    """Return why this user may not listen on a port, as one line of text; '' if they may.

    Other errors, such as a taken port, also give '': the server reports them when it starts.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError as error:
        return explain_refusal(port, error)
    except OSError:
        return ""  # the server meets it again, waits for a taken port, and reports it
    return ""


def _what_is_permitted(port: int) -> str:
    if port < 1024:  # noqa: PLR2004 - as above
        return "this user may take ports from 1024 up"
    return "something on this machine forbids it to this user"
