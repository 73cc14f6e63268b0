"""API key authentication: the decorator by which a view requires a key with a scope."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Protocol

from flask import Response, g, request

from suppression.domain.controllers.model import Caller
from suppression.domain.errors import MissingKeyError, MissingScopeError
from suppression.domain.vocabulary import ApiScope
from suppression.usecases.authenticate import authenticate


class KeyedView(Protocol):
    """A view for callers whose API key has `required_scope`; if that is None, for any valid key."""

    required_scope: ApiScope | None

    def __call__(self, **url_args: str) -> Response:
        """Authenticate the caller, then return the view's response.

        Raises MissingKeyError, InvalidApiKeyError, MissingScopeError, and the view's own errors.
        """
        ...


def require_api_key(scope: ApiScope | None) -> Callable[[Callable[..., Response]], KeyedView]:
    """Return a decorator: it authenticates the caller and passes it to the view as first argument.

    The decorated view raises MissingKeyError, InvalidApiKeyError or MissingScopeError; no scope is
    needed if `scope` is None.
    """

    def guard(view: Callable[..., Response]) -> KeyedView:
        @functools.wraps(view)
        def guarded(**url_args: str) -> Response:
            caller = authenticate(sent_key())
            authorize(caller, scope)
            return view(caller, **url_args)

        guarded.required_scope = scope  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def declare_scope(scope: ApiScope) -> Callable[[Callable[[], Response]], KeyedView]:
    """Return a decorator for a view that calls `sent_key`, `authenticate` and `authorize` itself.

    It only declares the required scope: rate limits and problem documents read it from the view.
    """

    def declare(view: Callable[[], Response]) -> KeyedView:
        view.required_scope = scope  # type: ignore[attr-defined]
        return view  # type: ignore[return-value]

    return declare


def authorize(caller: Caller, scope: ApiScope | None) -> None:
    """Name the caller in the request log; raise MissingScopeError if their key lacks the scope."""
    g.caller = caller
    if scope is not None and scope not in caller.scopes:
        raise MissingScopeError(f"This API key lacks the scope `{scope}`.")


def sent_key() -> str:
    """Return the API key of this request; raise MissingKeyError if there is none."""
    key = bearer_token()
    if not key:
        raise MissingKeyError
    return key


def bearer_token() -> str:
    """Return the token of `Authorization: Bearer`; '' if there is none."""
    sent: str = request.environ.get("HTTP_AUTHORIZATION", "")
    scheme, _, key = sent.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""
