"""An application without a database: routes and views are all that these tests look at."""

from pathlib import Path

import pytest
from flask import Flask

from suppression.settings import Settings
from suppression.wiring import create_app


@pytest.fixture
def contract_app(tmp_path: Path) -> Flask:
    nowhere = f"sqlite:///{tmp_path}/never-made.db"
    return create_app(Settings(database_url=nowhere, master_keys={1: bytes(32)}))
