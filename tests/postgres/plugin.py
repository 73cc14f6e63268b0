"""Starts and stops the shared servers with pytest; named in `pytest_plugins`."""

import pytest

from tests.postgres.shared import start_shared_servers, stop_shared_servers


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers before the workers, which inherit the environment, are started.

    Without workers a run starts them when a test first asks, so that one that needs none
    does not wait.
    """
    is_worker = hasattr(config, "workerinput")
    if config.getoption("numprocesses", default=None) and not is_worker:
        start_shared_servers()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them, unless this is a worker: they are the controller's."""
    if not hasattr(config, "workerinput"):
        stop_shared_servers()
