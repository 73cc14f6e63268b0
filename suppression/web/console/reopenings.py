"""The page of reopenings: how often, each day, people reopened what a click had closed."""

from __future__ import annotations

from werkzeug.wrappers import Response

from suppression.domain.users.roles import Right
from suppression.usecases.unsubscribe.reopenings import list_reopenings
from suppression.web.console.context import ConsoleContext, page
from suppression.web.console.rendering import render_page


@page("/reopenings", Right.READ_LOG)
def reopenings(console: ConsoleContext) -> Response:
    """Show the number of reopenings of each of the last 30 days, unusual numbers highlighted."""
    return render_page("reopenings.html", days=list_reopenings(console.controller, now=console.now))
