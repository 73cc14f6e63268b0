"""Generate HTTP load with one thread and kept connections, using only the standard library.

    python -I benchmarks/client.py < PLAN

The plan is a JSON object: `port`, `path`, `key`, `bodies` (a file with a JSON text per line),
`connections`, `seconds`, `once` (no body is sent twice; the run ends when all are sent) and `mark`,
a text whose presence in answers is counted. The measurements are printed as JSON. The client runs
in a process of its own, so that it is the same for every server.
"""

from __future__ import annotations

import itertools
import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_READ = 1 << 18
_PATIENCE = 60.0


class Conversation:
    """A kept connection that carries one request and its answer at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = bytearray()
        self._begun = 0.0

    def ask(self, request: bytes) -> None:
        """Send a request completely, and start to time it."""
        self._read.clear()
        self._begun = time.perf_counter()
        self.socket.sendall(request)

    def answered(self) -> tuple[int, bytes, float] | None:
        """Read what has arrived; return (status, body, seconds) of a complete answer, else None.

        Raises ConnectionError if the server closed the connection, ValueError for an answer without
        Content-Length.
        """
        received = self.socket.recv(_READ)
        if not received:
            raise ConnectionError("the server closed the connection")
        self._read += received
        head, separator, body = bytes(self._read).partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return None
        return int(head[9:12]), body, time.perf_counter() - self._begun


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError("an answer without Content-Length")


class Turn:
    """One run of load by a plan, with the times and statuses of its answers."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.seconds: list[float] = []
        self.marked = 0
        self.statuses: dict[int, int] = {}
        self._mark = plan["mark"].encode()
        self._until = time.perf_counter() + plan["seconds"]
        self._requests = _requests(plan)
        self._talking = selectors.DefaultSelector()
        """The connections that wait for an answer."""

    def run(self, conversations: list[Conversation]) -> float:
        """Keep all connections busy until the plan ends; return the seconds to the last answer."""
        begun = time.perf_counter()
        open_now = sum(self._next(conversation, begun) for conversation in conversations)
        while open_now:
            for key, _ in self._talking.select(_PATIENCE):
                answer = key.data.answered()
                if answer is None:
                    continue
                self._note(*answer)
                self._talking.unregister(key.data.socket)
                open_now -= not self._next(key.data, time.perf_counter())
        return time.perf_counter() - begun

    def _next(self, conversation: Conversation, now: float) -> bool:
        request = next(self._requests, None) if now < self._until else None
        if request is None:
            return False
        self._talking.register(conversation.socket, selectors.EVENT_READ, conversation)
        conversation.ask(request)
        return True

    def _note(self, status: int, body: bytes, seconds: float) -> None:
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.marked += self._mark in body


def _requests(plan: dict[str, Any]) -> Iterator[bytes]:
    head = (
        f"POST {plan['path']} HTTP/1.1\r\nHost: 127.0.0.1:{plan['port']}\r\n"
        f"Authorization: Bearer {plan['key']}\r\nContent-Type: application/json\r\n"
    )
    lines = Path(plan["bodies"]).read_bytes().splitlines()
    made = [head.encode() + b"Content-Length: %d\r\n\r\n" % len(line) + line for line in lines]
    return iter(made) if plan["once"] else itertools.cycle(made)


def main() -> None:
    """Read the plan from stdin, run it, and print the measurements as JSON on stdout."""
    plan = json.load(sys.stdin)
    turn = Turn(plan)
    lasted = turn.run([Conversation(plan["port"]) for _ in range(plan["connections"])])
    json.dump(
        {
            "answers": len(turn.seconds),
            "lasted": lasted,
            "seconds": turn.seconds,
            "marked": turn.marked,
            "statuses": turn.statuses,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
