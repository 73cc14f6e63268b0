"""How often links opened again what clicks had closed: the DPO sees an unusual number."""

from __future__ import annotations

from werkzeug.wrappers import Response

from suppression.domain.users.roles import Right
from suppression.usecases.unsubscribe.reopenings import list_reopenings
from suppression.web.console.context import ConsoleContext, page
from suppression.web.console.rendering import render_page


@page("/reopenings", Right.READ_LOG)
def reopenings(desk: ConsoleContext) -> Response:
    """The last 30 days, each with its number."""
    return render_page("reopenings.html", days=list_reopenings(desk.controller, now=desk.now))
