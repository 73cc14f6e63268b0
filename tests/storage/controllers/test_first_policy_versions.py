"""Migration 0005 makes controllers' policies their version 1, with a ledger entry as proof."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, text

from suppression.domain.policies.presets import preset_policies
from suppression.domain.vocabulary import Preset, Sector
from suppression.storage.engine.base import db
from suppression.storage.engine.database import disconnect
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.policies.queries import list_policies
from suppression.wiring.whole import create_app
from tests.databases import empty_database, settings_for

WANTED = {
    "okonect": preset_policies(Preset.FR_2026, Sector.HOME_ENERGY),
    "okwind": preset_policies(Preset.OBJECTION_ONLY),
}


@pytest.fixture
def before(backend: str, tmp_path: Path) -> Iterator[Flask]:
    """Yield an application on a database of version 0004, with a controller of each preset."""
    with empty_database(backend, tmp_path) as url:
        app = create_app(settings_for(url))
        with app.app_context():
            upgrade(revision="0004")
            with db.engine.begin() as connection:
                for number, (slug, policies) in enumerate(WANTED.items(), start=1):
                    _add_controller(connection, number, slug, policies.preset)
            yield app
            disconnect()


@pytest.mark.usefixtures("before")
def test_every_controller_gets_what_its_preset_means_now() -> None:
    upgrade(revision="0005")
    versions_by_slug = {slug: list_policies(find_controller(slug)) for slug in WANTED}
    assert {
        slug: [policy_version.policy_set for policy_version in versions]
        for slug, versions in versions_by_slug.items()
    } == {slug: [policies] for slug, policies in WANTED.items()}
    assert [versions[0].policy_set.version for versions in versions_by_slug.values()] == [1, 1]
    assert [versions[0].actor for versions in versions_by_slug.values()] == ["migration:0005"] * 2


@pytest.mark.usefixtures("before")
def test_each_first_version_has_one_entry_that_proves_its_document() -> None:
    upgrade(revision="0005")
    with db.engine.connect() as connection:
        documents = connection.execute(
            text("SELECT controller_number, document FROM policy_versions ORDER BY 1")
        ).all()
        entries = connection.execute(
            text("SELECT controller_number, commitment, source FROM ledger_entries ORDER BY 1")
        ).all()
    expected = [
        (entry_id, hashlib.sha256(document.encode()).digest()) for entry_id, document in documents
    ]
    assert [(entry_id, bytes(commitment)) for entry_id, commitment, _ in entries] == expected
    assert [source for _, _, source in entries] == ["policy:1"] * 2


def _add_controller(connection: Connection, number: int, slug: str, preset: Preset) -> None:
    """Insert a controller as code of version 0004 did, with a row for a policy."""
    values = {
        "number": number,
        "slug": slug,
        "preset": preset,
        "now": datetime(2026, 11, 1).isoformat(" "),  # noqa: DTZ001 - as SQLite keeps it
    }
    connection.execute(
        text(
            "INSERT INTO controllers (number, slug, name, country, preset, schemes, created_at)"
            " VALUES (:number, :slug, 'Name', 'FR', :preset, '', :now)"
        ),
        values,
    )
    connection.execute(
        text(
            "INSERT INTO policies (controller_number, channel, purpose, rule, attestable)"
            " VALUES (:number, 't', 'm', 'o', '')"
        ),
        values,
    )
