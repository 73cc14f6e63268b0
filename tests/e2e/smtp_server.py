"""A real SMTP server that stores the messages it receives, byte for byte."""

from __future__ import annotations

import logging
import socket
from asyncio import AbstractServer
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """The port of a server, and the messages that have arrived."""

    port: int
    keep: Callable[[bytes], None] | None = None
    received: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Store a message, and pass it to `keep`."""
        del server, session
        assert isinstance(envelope.content, bytes)
        self.received.append(envelope.content)
        if self.keep:
            self.keep(envelope.content)
        return "250 OK"


@contextmanager
def smtp_server(keep: Callable[[bytes], None] | None = None) -> Iterator[Mailbox]:
    """Run an SMTP server on a free port during the block; call `keep` with each message."""
    listener = socket.create_server(("127.0.0.1", 0))
    mailbox = Mailbox(listener.getsockname()[1], keep)
    controller = _OnASocket(mailbox, listener)
    # At INFO the server logs each line it gets, in the log that the tests search for addresses.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


class _OnASocket(Controller):
    """A controller that takes an open socket, because aiosmtpd cannot tell which port it got."""

    def __init__(self, mailbox: Mailbox, listener: socket.socket) -> None:
        super().__init__(mailbox, hostname="127.0.0.1", port=mailbox.port)
        self._listener = listener

    def _create_server(self) -> Coroutine[Any, Any, AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)
