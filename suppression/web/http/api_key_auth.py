"""Routes that need an API key declare it here, with the scope that they need."""

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
    """A view that answers only callers whose key carries `required_scope` (None: any key)."""

    required_scope: ApiScope | None

    def __call__(self, **places: str) -> Response:
        """Authenticate, then answer."""
        ...


def _no_prefetch(_key: str) -> None:
    return None


def require_api_key(
    scope: ApiScope | None, *, foreseen: Callable[[str], Caller | None] = _no_prefetch
) -> Callable[[Callable[..., Response]], KeyedView]:
    """Give the view its caller, after key and scope were checked, and the parts of its address.

    `foreseen` may say who calls where it has read that with something else already.
    """

    def guard(view: Callable[..., Response]) -> KeyedView:
        @functools.wraps(view)
        def guarded(**places: str) -> Response:
            key = bearer_token()
            if not key:
                raise MissingKeyError
            caller = foreseen(key) or authenticate(key)
            g.caller = caller
            if scope is not None and scope not in caller.scopes:
                raise MissingScopeError(f"This API key lacks the scope `{scope}`.")
            return view(caller, **places)

        guarded.required_scope = scope  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def bearer_token() -> str:
    """What came as `Authorization: Bearer`; '' if nothing did."""
    sent: str = request.environ.get("HTTP_AUTHORIZATION", "")
    scheme, _, key = sent.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""
