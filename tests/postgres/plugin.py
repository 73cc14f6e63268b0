"""A pytest plugin that starts and stops the shared servers; named in `pytest_plugins`."""

import pytest

from tests.postgres.shared import start_shared_servers, stop_shared_servers


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers before the workers, because workers inherit the environment.

    A run without workers starts the servers when a test first needs one, so that a run which
    needs none does not wait.
    """
    is_worker = hasattr(config, "workerinput")
    if config.getoption("numprocesses", default=None) and not is_worker:
        start_shared_servers()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers, unless this process is a worker: the controller owns them."""
    if not hasattr(config, "workerinput"):
        stop_shared_servers()
