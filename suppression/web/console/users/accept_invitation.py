"""The page that accepts an invitation, with the user's own login or with a new one."""

from __future__ import annotations

from werkzeug.wrappers import Response

from suppression.domain.errors import ConflictError, InvalidValueError
from suppression.domain.users.model import Stage, User
from suppression.usecases.users.invitations import accept_as_new, accept_with_login, read_invitation
from suppression.web.console.context import blueprint, current_session, submitted_form
from suppression.web.console.rendering import redirect_to, render_page
from suppression.web.http.context import now, services


@blueprint.get("/invitation")
def invitation() -> Response:
    """Ask for an invitation's code. It is never in a URL, which logs and histories keep."""
    return _show_form()


@blueprint.post("/invitation")
def send_invitation() -> Response:
    """Show the controller and role of an invitation, or accept it if the field `do` is `accept`.

    A signed-in user accepts it with their own login, anybody else with a new login, whose temporary
    password is shown once. If the invitation cannot be accepted, the form for its code is shown
    again (422).
    """
    fields, user = submitted_form(), _signed_in()
    code = fields.text("invitation")
    try:
        if fields["do"] != "accept":
            invited = read_invitation(code, user=user, now=now())
            return render_page("invited.html", invited=invited, code=code)
        if user is not None:
            joined = accept_with_login(code, user=user, now=now())
            return redirect_to("start_get", slug=joined.slug)
        return render_page("joined.html", joined=accept_as_new(services(), code, now=now()))
    except InvalidValueError:
        return _show_form("invitation_wrong")
    except ConflictError:
        return _show_form("invitation_needless")


def _show_form(failed: str = "") -> Response:
    return render_page("invitation.html", status=422 if failed else 200, failed=failed)


def _signed_in() -> User | None:
    """Return the user of a full session; None if there is none, or only the password was sent."""
    session = current_session()
    return session.user if session is not None and session.stage is Stage.FULL else None
