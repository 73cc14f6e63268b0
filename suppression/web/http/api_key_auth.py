"""API key authentication: the decorator by which a view requires a key with a scope."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Protocol

from flask import Response, g, request

from suppression.domain.controllers.model import Caller
from suppression.domain.errors import MissingKeyError, MissingScopeError
from suppression.domain.vocabulary import ApiScope
from suppression.usecases.controllers.authenticate import authenticate


class KeyedView(Protocol):
    """A view that requires an API key with `required_scope`; any valid key if that is None."""

    required_scope: ApiScope | None

    def __call__(self, **url_args: str) -> Response:
        """Authenticate the caller, then return the view's response.

        Raises MissingKeyError, InvalidApiKeyError, MissingScopeError, and the view's own errors.
        """
        ...


def _no_prefetch(_key: str) -> None:
    return None


def require_api_key(
    scope: ApiScope | None, *, prefetched: Callable[[str], Caller | None] = _no_prefetch
) -> Callable[[Callable[..., Response]], KeyedView]:
    """Return a decorator: the view requires an API key, and gets its caller as first argument.

    The decorated view raises MissingKeyError without a key, InvalidApiKeyError for an invalid key,
    MissingScopeError if the key lacks `scope`; None requires no scope. `prefetched` is called with
    the key and may return its caller, read with other rows in one query; if it returns None, the
    decorated view looks the key up.
    """

    def guard(view: Callable[..., Response]) -> KeyedView:
        @functools.wraps(view)
        def guarded(**url_args: str) -> Response:
            key = bearer_token()
            if not key:
                raise MissingKeyError
            caller = prefetched(key) or authenticate(key)
            g.caller = caller
            if scope is not None and scope not in caller.scopes:
                raise MissingScopeError(f"This API key lacks the scope `{scope}`.")
            return view(caller, **url_args)

        guarded.required_scope = scope  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def bearer_token() -> str:
    """Return the token of `Authorization: Bearer`; '' if there is none."""
    sent: str = request.environ.get("HTTP_AUTHORIZATION", "")
    scheme, _, key = sent.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""
