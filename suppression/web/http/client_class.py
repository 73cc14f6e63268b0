"""Which sort of program sent this request: noted and counted, never treated otherwise."""

from __future__ import annotations

from flask import g, request

from suppression.domain.unsubscribe.client_classes import client_class
from suppression.domain.vocabulary import ClientClass


def classify_client(*, one_click: bool = False) -> ClientClass:
    """The class of the client; whoever sends a one-click is a provider, unless it is a scanner."""
    found = client_class(request.user_agent.string, request.remote_addr or "")
    if one_click and found is ClientClass.BROWSER:
        found = ClientClass.PROVIDER
    g.client_class = found
    return found
