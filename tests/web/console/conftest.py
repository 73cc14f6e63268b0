"""Fixtures: controllers, and browsers signed in to the console."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from suppression.domain.controllers.model import Controller
from suppression.domain.users.roles import Role
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api, make_controller
from tests.conftest import Clock
from tests.web.console.browser import Browser, signed_in


@pytest.fixture
def okwind(app: Flask, api: Api) -> Controller:
    """Return the controller whose key the fixture `api` uses."""
    del api
    with app.app_context():
        return find_controller("okwind")


@pytest.fixture
def okonect(app: Flask) -> Controller:
    return make_controller(app, "okonect")


@pytest.fixture
def browser_as(
    app: Flask, clock: Clock, seen: set[str], okwind: Controller
) -> Callable[[Role], Browser]:
    """Return a function that makes a browser with a user of a role of `okwind` signed in."""
    return lambda role: signed_in(app, clock, seen, {okwind: role}, login=f"a.{role}")


@pytest.fixture
def dpo(browser_as: Callable[[Role], Browser]) -> Browser:
    return browser_as(Role.DPO)


@pytest.fixture
def clerk(browser_as: Callable[[Role], Browser]) -> Browser:
    return browser_as(Role.INTAKE)
