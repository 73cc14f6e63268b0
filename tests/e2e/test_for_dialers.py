"""The page for dialers, pasted as it stands against a `./run` of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.project_copy import LIMIT, ProjectCopy, copied_project
from tests.e2e.serving import PROJECT, free_port

PAGE = (PROJECT / "docs" / "for-dialers.md").read_text("utf-8")
BLOCKS = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCUMENTED = "http://127.0.0.1:8000"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_pasted_loop_works_against_run(project: ProjectCopy, tmp_path: Path) -> None:
    port = free_port()
    policies, _, calls = blocks("sh")
    (program,) = blocks("python")
    with project.serving(port) as started:
        set_policies = project.run(*policies.removeprefix("./run").split())
        assert set_policies.returncode == 0, set_policies.stderr
        environ = os.environ | {"KEY": str(started.key), "SERVICE": f"http://127.0.0.1:{port}"}
        pasted = subprocess.run(
            ["bash", "-c", calls.replace(DOCUMENTED, environ["SERVICE"])],
            env=environ,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=True,
        )
        script = tmp_path / "dial.py"
        script.write_text(program, "utf-8")
        dialled = subprocess.run(
            [sys.executable, script],
            env=environ,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=True,
        )
    assert_the_loop([json.loads(line) for line in pasted.stdout.splitlines()])
    said = dialled.stdout.splitlines()
    assert len(said) == 2
    assert all("no_consent" in line for line in said)


def assert_the_loop(answers: list[dict[str, object]]) -> None:
    """What each line of the page promises, at whatever time of the week this runs."""
    without, consent, with_consent, refused, stopped, after = answers
    assert "no_consent" in codes(without)
    assert [one["outcome"] for one in consent["results"]] == ["created"]  # type: ignore[attr-defined]
    assert with_consent["decision"] == "allow" or "retry_at" in with_consent
    assert ("attempt_id" in with_consent) == (with_consent["decision"] == "allow")
    assert refused["reference"]
    assert {one["channel"] for one in stopped["results"]} == {"sms", "telephone"}  # type: ignore[attr-defined]
    assert codes(after)[0] == "objection"


def codes(answer: dict[str, object]) -> list[str]:
    """The codes of an answer's reasons."""
    return [one["code"] for one in answer["reasons"]]  # type: ignore[attr-defined]


def blocks(language: str) -> list[str]:
    """The page's blocks of code in a language."""
    return [code for kind, code in BLOCKS.findall(PAGE) if kind == language]


@pytest.fixture
def project(tmp_path: Path) -> ProjectCopy:
    return copied_project(tmp_path / "project")
