"""A command refuses an `--encoding` that does not exist or does not decode bytes to text."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.api import make_controller
from tests.cli.test_commands import run

CONSENTS = ["--channels", "all", "--wording", "I agree", "--given-by", "web_form"]
CONSENTS += ["--evidence", "form:1", "--collected-by", "Anna"]
COMMANDS = {
    "import": (["import"], []),
    "scrub": (["scrub"], ["--channel", "email"]),
    "links": (["links"], []),
    "consents": (["consents", "import"], CONSENTS),
}
NO_TEXT = [
    "hex",
    "base64",
    "zlib",
    "bz2",
    "uu",
    "quopri",
    "rot13",
    "undefined",
    "no-such",
    "\udcff",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_refused_in_a_line(app: Flask, tmp_path: Path, command: str) -> None:
    make_controller(app, "okwind")
    file = tmp_path / "people.csv"
    file.write_text("email,consent_date\njean.dupont@example.fr,2026-11-20\n")
    words, options = COMMANDS[command]
    for encoding in NO_TEXT:
        refused = run(app, *words, "okwind", str(file), *options, "--encoding", encoding)
        assert (refused.exit_code, "Error: --encoding" in refused.stderr) == (2, True), encoding
