"""A real SMTP server that keeps what it is given, byte for byte."""

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
    """What has arrived."""

    port: int
    keep: Callable[[bytes], None] | None = None
    received: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a message."""
        del server, session
        assert isinstance(envelope.content, bytes)
        self.received.append(envelope.content)
        if self.keep:
            self.keep(envelope.content)
        return "250 OK"


@contextmanager
def smtp_server(keep: Callable[[bytes], None] | None = None) -> Iterator[Mailbox]:
    """An SMTP server on a port of its own; `keep` is given each message as it arrives."""
    listener = socket.create_server(("127.0.0.1", 0))
    mailbox = Mailbox(listener.getsockname()[1], keep)
    controller = _OnASocket(mailbox, listener)
    # It logs each line that it gets; the tests search our log for addresses.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


class _OnASocket(Controller):
    """A controller for a port that the kernel chose: aiosmtpd itself cannot learn its number."""

    def __init__(self, mailbox: Mailbox, listener: socket.socket) -> None:
        super().__init__(mailbox, hostname="127.0.0.1", port=mailbox.port)
        self._listener = listener

    def _create_server(self) -> Coroutine[Any, Any, AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)
