"""The Flask application class, without work that none of our requests needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from suppression.web.http.request_bodies import BodyRequest


class ConsoleSessions(SecureCookieSessionInterface):
    """Sessions under the path of their cookie only; elsewhere no session is read or signed."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a console request; a read-only null session for any other."""
        if request.path.startswith(self.get_cookie_path(app)):
            return super().open_session(app, request)
        return self.make_null_session(app)


class Application(Flask):
    """A Flask application whose views and hooks are all plain functions."""

    session_interface = ConsoleSessions()
    request_class = BodyRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return `func` itself, so that no call has to check for a coroutine."""
        return func
