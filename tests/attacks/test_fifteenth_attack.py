"""Faults that the fifteenth attack found: in cached controllers, reused file numbers and scopes."""

from __future__ import annotations

import os
import socket
import time

from flask import Flask
from sqlalchemy import update

from suppression.domain.vocabulary import ApiScope
from suppression.storage.controllers.tables import DbController
from suppression.storage.engine import deadlines
from suppression.storage.engine.base import db
from tests.api import Api, make_controller, make_key

EMAIL = "jean.dupont@example.fr"


def test_a_controller_that_was_replaced_under_a_process_is_noticed(app: Flask, api: Api) -> None:
    """A restored backup may give a controller's number, which a process has cached, to another."""
    assert api.decision("email", EMAIL) == "allow"
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(update(DbController).values(slug="autre"))
    assert api.stop("email", EMAIL).status_code == 201
    assert [api.decision("email", EMAIL) for _ in range(2)] == ["deny", "deny"]


def test_a_purpose_without_its_scope_is_refused_whatever_the_identifier(
    app: Flask, seen: set[str]
) -> None:
    controller = make_controller(app, "okonect")
    sales = Api(app, make_key(app, controller, {ApiScope.CHECK}), seen)
    body = {"channel": "email", "purpose": "service", "identifier": "no address"}
    assert sales.post("/v1/checks", body).status_code == 403


def test_a_socket_whose_number_is_anothers_by_now_is_not_shut_down() -> None:
    ours, theirs = socket.socketpair()
    strangers = os.fstat(theirs.fileno()).st_ino
    with ours, theirs:
        late = wait(ours.fileno(), identity=strangers)
        assert not deadlines._shut_down(late)  # noqa: SLF001 - what the thread does
        ours.send(b"x")
        assert theirs.recv(1) == b"x"


def test_a_socket_that_is_shut_down_stays_its_owners() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        late = wait(ours.fileno(), identity=os.fstat(ours.fileno()).st_ino)
        assert deadlines._shut_down(late)  # noqa: SLF001 - what the thread does
        assert ours.recv(1) == b"", "whoever waits is told that it ended"
        assert os.fstat(ours.fileno()).st_ino == late.file_identity, "and it is open still"


def wait(number: int, *, identity: int) -> deadlines._Wait:
    """Return a wait on a file number whose time is over; `identity` is the inode it expects."""
    now = time.monotonic()
    silence = deadlines.ServerSilence()
    return deadlines._Wait(  # noqa: SLF001 - what the thread looks at
        file_number=number, file_identity=identity, silence=silence, started=now, ends=now
    )
