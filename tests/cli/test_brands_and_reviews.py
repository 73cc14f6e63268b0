"""`flask controllers brand` sets and shows a brand, `flask reviews list` shows stops to review."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from flask import Flask

from suppression.wiring.whole import create_app
from tests.api import make_controller
from tests.cli.test_commands import run
from tests.databases import Database


def test_a_brand_is_set_and_told(app: Flask, tmp_path: Path) -> None:
    make_controller(app, "okwind")
    logo = tmp_path / "logo.svg"
    logo.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    told = run(
        app,
        *("controllers", "brand", "okwind", "--colour", "#0F766E"),
        *("--dpo", "dpo@okwind.example", "--logo", str(logo)),
    )
    assert told.exit_code == 0
    assert told.stdout == ""
    assert told.stderr == (
        "okwind: colour #0f766e, a logo, contact dpo@okwind.example, sign-up page none.\n"
    )
    unchanged = run(app, "controllers", "brand", "okwind")
    assert unchanged.stderr == told.stderr


def test_without_a_brand_it_says_so(app: Flask) -> None:
    make_controller(app, "okwind")
    told = run(app, "controllers", "brand", "okwind").stderr
    assert "no logo, contact none: people are told to reply" in told


def test_a_colour_that_nobody_can_read_is_refused_with_one_that_will_do(app: Flask) -> None:
    make_controller(app, "okwind")
    refused = run(app, "controllers", "brand", "okwind", "--colour", "#ffcc00")
    assert refused.exit_code == 1
    assert "#8f7200" in refused.stderr


def test_a_logo_too_heavy_is_refused(app: Flask, tmp_path: Path) -> None:
    make_controller(app, "okwind")
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(10_000))
    refused = run(app, "controllers", "brand", "okwind", "--logo", str(logo))
    assert refused.exit_code == 1
    assert "at most 6144 bytes" in refused.stderr


def test_what_came_past_the_limit_is_listed(database: Database) -> None:
    settings = dataclasses.replace(database.settings(), rate_limit_per_address="1/hour")
    app = create_app(settings)
    make_controller(app, "okwind")
    form = {"what": "email", "email": "a@example.fr"}
    for _ in range(3):
        assert app.test_client().post("/stop/okwind", data=form).status_code == 303
    listed = json.loads(run(app, "reviews", "list", "okwind", "--json").stdout)
    assert [review["why"] for review in listed] == ["rate_limited"] * 2
    heading, *lines = run(app, "reviews", "list", "okwind").stdout.splitlines()
    assert heading == "reference\twhy\trecorded"
    assert [line.split("\t")[0] for line in lines] == [review["reference"] for review in listed]
