"""Flask, without what none of our requests needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from suppression.web.http.request_bodies import BodyRequest


class ConsoleSessions(SecureCookieSessionInterface):
    """Sessions where their cookie is sent: under its path. Elsewhere nothing is read or signed."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request of the console; one that nobody can write to for any other."""
        if request.path.startswith(self.get_cookie_path(app)):
            return super().open_session(app, request)
        return self.make_null_session(app)


class Application(Flask):
    """All of its views and hooks are plain functions: nobody has to ask at each call."""

    session_interface = ConsoleSessions()
    request_class = BodyRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func
