"""Fixture: an application without a database, for tests that read only its routes and views."""

from pathlib import Path

import pytest
from flask import Flask

from suppression.wiring.whole import create_app
from tests.databases import settings_for


@pytest.fixture
def contract_app(tmp_path: Path) -> Flask:
    nowhere = f"sqlite:///{tmp_path}/never-made.db"
    return create_app(settings_for(nowhere))
