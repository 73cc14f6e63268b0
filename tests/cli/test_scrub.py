"""`flask scrub` writes a file with a decision for each row, and changes nothing else in it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from suppression.domain.errors import DatabaseUnavailableError
from tests.api import Api
from tests.broken_rows import contacts

STOPPED, FREE = "jean.dupont@example.fr", "zoe.martin@example.fr"


class Scrubs:
    """Run `flask scrub` on files with given bytes; `told` is the summary of the last run."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder

    def run(self, raw: bytes, *options: str, name: str = "people.csv") -> Result:
        """Scrub a file with these bytes and return the result of the command."""
        self.file = self.folder / name
        self.file.write_bytes(raw)
        words = ["scrub", "okwind", str(self.file), "--channel", "email", *options]
        return self.app.test_cli_runner().invoke(args=words)

    def __call__(self, raw: bytes, *options: str, name: str = "people.csv") -> bytes:
        """Scrub a file with these bytes, which must succeed, and return the written bytes."""
        result = self.run(raw, "--json", *options, name=name)
        assert result.exit_code == 0, result.output
        self.told: dict[str, Any] = json.loads(result.stdout)
        return Path(self.told["output"]).read_bytes()

    @property
    def left(self) -> list[str]:
        """Return the names of the files in the folder, except the one that was read."""
        return sorted(path.name for path in self.folder.iterdir() if path != self.file)


@pytest.fixture
def scrubs(app: Flask, api: Api, seen: set[str], tmp_path: Path) -> Scrubs:
    seen.update({STOPPED, FREE})
    api.stop("email", STOPPED)
    folder = tmp_path / "files"
    folder.mkdir()
    return Scrubs(app, folder)


def test_every_column_is_kept_and_the_decision_added(scrubs: Scrubs) -> None:
    raw = (
        f'nom;"E-mail";note\r\n"Z;oé";{FREE};\r\n\r\nJ;{STOPPED};"a\r\nb"\r\nx;;y\r\nshort'.encode()
    )
    assert scrubs(raw).decode() == (
        'nom;"E-mail";note;decision;reasons\r\n'
        f'"Z;oé";{FREE};;allow;\r\n'
        f'J;{STOPPED};"a\r\nb";deny;objection\r\n'
        "x;;y;unknown;malformed\r\n"
        "short;;;unknown;malformed\r\n"
    )
    assert scrubs.left == ["people.scrubbed.csv"]
    assert (scrubs.told["rows"], scrubs.told["summary"]["deny"]) == (4, 1)


def test_only_the_allowed_rows_are_kept_as_they_were(scrubs: Scrubs) -> None:
    raw = f'nom,email\n"Zoé ""Z""",{FREE}\nJ,{STOPPED}\nK,nobody\nL,l@example.fr'.encode()
    kept = scrubs(raw, "--only-allowed").decode()
    assert kept == f'nom,email\n"Zoé ""Z""",{FREE}\nL,l@example.fr\n'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("packed", [False, True])
def test_it_is_written_as_it_was_read(scrubs: Scrubs, encoding: str, *, packed: bool) -> None:
    raw = f"prénom\temail\r\nZoé\t{FREE}\r\n".encode(encoding)
    name = "gens.csv.gz" if packed else "gens.csv"
    scrubbed = scrubs(gzip.compress(raw) if packed else raw, name=name)
    assert scrubs.left == [name.replace("gens", "gens.scrubbed")]
    text = (gzip.decompress(scrubbed) if packed else scrubbed).decode(encoding)
    assert text == f"prénom\temail\tdecision\treasons\r\nZoé\t{FREE}\tallow\t\r\n"


def test_objects_get_two_more_members(scrubs: Scrubs) -> None:
    raw = f'{{"a": {{"b": 1}}, "email": "{FREE}"}}\n{{}}\n{{"email"\n'.encode()
    lines = [json.loads(line) for line in scrubs(raw, name="people.ndjson").splitlines()]
    assert lines == [
        {"a": {"b": 1}, "email": FREE, "decision": "allow", "reasons": ""},
        {"decision": "unknown", "reasons": "malformed"},
        {"unreadable": '{"email"', "decision": "unknown", "reasons": "row_broken"},
    ]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_hundredth_broken_in_ten_ways_loses_no_row(scrubs: Scrubs) -> None:
    raw, expected = contacts(20_000, stopped=STOPPED)
    written = io.StringIO(scrubs(raw).decode(), newline="")
    header, *rows = csv.reader(written, strict=True)
    assert header == ["name", "email", "city", "decision", "reasons"]
    assert {len(row) for row in rows} == {5}
    assert [row[3] for row in rows] == list(expected.values())
    counted = Counter(expected.values())
    assert {decision: scrubs.told["summary"][decision] for decision in counted} == counted
    assert scrubs.told["rows"] == sum(counted.values()) == 20_000


@pytest.mark.parametrize(
    ("raw", "options"),
    [
        (b"nom;prenom\na;b\n", []),
        (b"email,courriel\na@b.fr,b@b.fr\n", []),
        (b"email,decision\na@b.fr,allow\n", []),
        (b"email\na@b.fr\n", ["--column", "email=2"]),
        (b"email\na@b.fr\n", ["--column", "wings=1"]),
        (b"email\na@b.fr\n", ["--encoding", "zlib"]),
        (b"email\na@b.fr\n", ["--at", "tomorrow"]),
        (b"email\na@b.fr\n", ["--country", "Atlantis"]),
        (b'"email\na@b.fr\n', []),
        (gzip.compress(b"email\na@b.fr\n", mtime=0)[:-4], []),
    ],
)
def test_what_cannot_be_scrubbed_leaves_no_file(
    scrubs: Scrubs, raw: bytes, options: list[str]
) -> None:
    result = scrubs.run(raw, *options)
    assert result.exit_code in {1, 2}
    assert "a@b.fr" not in result.output
    assert scrubs.left == []


def test_a_file_is_not_written_over_itself(scrubs: Scrubs) -> None:
    result = scrubs.run(b"email\n", "-o", str(scrubs.folder / "people.csv"))
    assert result.exit_code == 2


def test_a_database_that_goes_away_leaves_the_old_file(
    scrubs: Scrubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = scrubs.folder / "out.csv"
    target.write_text("from before")

    def gone(*_: object, **__: object) -> None:
        raise DatabaseUnavailableError

    monkeypatch.setattr("suppression.usecases.checks.check.UniformBatch.fetch", gone)
    assert scrubs.run(b"email\na@b.fr\n", "-o", str(target)).exit_code == 1
    assert (target.read_text(), scrubs.left) == ("from before", ["out.csv"])


def test_the_counts_are_told_to_people(scrubs: Scrubs) -> None:
    result = scrubs.run(f"email\n{FREE}\n{STOPPED}\n".encode())
    *counts, output = result.stdout.splitlines()
    assert counts == ["allow\t1", "deny\t1", "unknown\t0"]
    assert output.endswith("people.scrubbed.csv")
