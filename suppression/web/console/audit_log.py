"""The audit log's page: look-ups, sign-ins, reviews, changes of users, policies and imports."""

from __future__ import annotations

import re

from flask import request
from werkzeug.wrappers import Response

from suppression.domain.ledger.entries import EntryId
from suppression.domain.users.roles import Right
from suppression.usecases.ledger.read_audit_log import read_log
from suppression.web.console.context import ConsoleContext, page
from suppression.web.console.rendering import render_page

_ENTRY = re.compile(r"[0-9a-f]{32}")


@page("/log", Right.READ_LOG)
def log(console: ConsoleContext) -> Response:
    """Show a page of the audit log: the newest entries, or the newest older than `?before=`.

    The parameter is the id of an entry in 32 hexadecimal digits; any other text is ignored.
    """
    named = request.args.get("before", "")
    before = EntryId(bytes.fromhex(named)) if _ENTRY.fullmatch(named) else None
    return render_page("log.html", log_page=read_log(console.controller, before=before))
