"""`flask db current` and `flask db check` do not wait for a running migration."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
from flask import Flask

from tests.databases import SQLITE, Database

_LOCK = 0x5355_5050
"""The advisory lock that a migration holds (migrations/env.py)."""


@pytest.mark.parametrize("words", [["current"], ["check"]], ids=lambda words: words[0])
def test_it_answers_while_another_process_migrates(
    app: Flask, database: Database, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", _never)
    with _migrating(database):
        result = app.test_cli_runner().invoke(args=["db", *words])
    assert (result.exit_code, result.stderr) == (0, "")


def test_an_upgrade_waits_for_it(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", _never)
    with _migrating(database):
        result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert isinstance(result.exception, WaitedError)
    assert "Another process is migrating the database; waiting for it." in result.stderr


class WaitedError(Exception):
    """A command waited for a lock."""


def _never(_seconds: float) -> None:
    raise WaitedError


@contextmanager
def _migrating(database: Database) -> Iterator[None]:
    """Hold, during the block, the lock that another process holds while it migrates."""
    if database.backend == SQLITE:
        folder = os.open(Path(database.url.removeprefix("sqlite:///")).parent, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
        os.close(folder)
        return
    connection = psycopg2.connect(database.url.replace("+psycopg2", ""))
    connection.cursor().execute(f"SELECT pg_advisory_lock({_LOCK})")
    yield
    connection.close()
