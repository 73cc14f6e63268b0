"""The page of a controller's users: invitations, roles, password resets, disabling."""

from __future__ import annotations

from werkzeug.wrappers import Response

from suppression.domain.errors import ConflictError, InvalidValueError, NotFoundError
from suppression.domain.users.roles import Right, Role
from suppression.usecases.users.invitations import invite, list_invitations, revoke_invitation
from suppression.usecases.users.manage import (
    change_role,
    disable_user,
    enable_user,
    list_users,
    reset_password,
)
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.rendering import redirect_to, render_page
from suppression.web.http.context import services
from suppression.web.http.forms import LARGEST_NUMBER, NOTHING, FormValues


@page("/users", Right.USERS)
def users(console: ConsoleContext) -> Response:
    """Show the users and open invitations of the controller."""
    return _users(console, NOTHING)


@page("/users", Right.USERS, methods=("POST",))
def invite_user(console: ConsoleContext) -> Response:
    """Invite a user and show the invitation's code once; show a form with faults again (422).

    The page does not reveal whether the login exists at another controller.
    """
    fields = submitted_form()
    login, role = fields.text("login", required=True), fields.word("role", Role)
    if fields.errors or role is None:
        return _users(console, fields)
    try:
        code = invite(console.controller, login, role, by=console.user, now=console.now)
    except InvalidValueError:
        fields.wrong("login", "login")
    except ConflictError:
        fields.wrong("login", "invited_already")
    else:
        return _users(console, NOTHING, made=login, code=code)
    return _users(console, fields)


@page("/users/invitations", Right.USERS, methods=("POST",))
def revoke_invited(console: ConsoleContext) -> Response:
    """Revoke an open invitation. Raises NotFoundError if none has the number in the form."""
    fields = submitted_form()
    number = fields.number("number", minimum=1, maximum=LARGEST_NUMBER)
    if fields.errors:
        raise NotFoundError
    revoke_invitation(console.controller, number, by=console.user, now=console.now)
    return redirect_to("users_get", slug=console.controller.slug)


@page("/users/role", Right.USERS, methods=("POST",))
def give_role(console: ConsoleContext) -> Response:
    """Change a user's role with this controller, and end the user's sessions.

    An empty role in the form removes the role; a form without the field is a fault. Raises
    ForbiddenError for the acting user's own role, InvalidValueError for a login that has no role
    with this controller.
    """
    fields = submitted_form()
    role = None if fields.all("role") == [""] else fields.word("role", Role)
    if fields.errors:
        return _users(console, fields)
    change_role(console.controller, fields.text("login"), role, by=console.user, now=console.now)
    return redirect_to("users_get", slug=console.controller.slug)


@page("/users/reset", Right.USERS, methods=("POST",))
def reset_user(console: ConsoleContext) -> Response:
    """Set a temporary password for a user of this controller, and show it once.

    The user's one-time codes are reset and their sessions end. Raises NotFoundError for a login
    that has no role with this controller, ForbiddenError if the user also serves a controller whose
    DPO the acting user is not.
    """
    login, own_slugs = _colleague(console), _decides_for(console)
    password = reset_password(
        services(), login, within=own_slugs, now=console.now, actor=console.user.actor
    )
    return _users(console, NOTHING, made=login, password=password)


@page("/users/disable", Right.USERS, methods=("POST",))
def disable(console: ConsoleContext) -> Response:
    """Disable a user: end their sessions, and refuse their sign-ins until they are enabled.

    Raises NotFoundError for a login that has no role with this controller, ForbiddenError for the
    acting user, and for a user who also serves a controller whose DPO the acting user is not.
    """
    own_slugs = _decides_for(console)
    disable_user(_colleague(console), within=own_slugs, now=console.now, actor=console.user.actor)
    return redirect_to("users_get", slug=console.controller.slug)


@page("/users/enable", Right.USERS, methods=("POST",))
def enable(console: ConsoleContext) -> Response:
    """Allow a disabled user to sign in again.

    Raises NotFoundError for a login that has no role with this controller, ForbiddenError if the
    user also serves a controller whose DPO the acting user is not.
    """
    own_slugs = _decides_for(console)
    enable_user(_colleague(console), within=own_slugs, now=console.now, actor=console.user.actor)
    return redirect_to("users_get", slug=console.controller.slug)


def _colleague(console: ConsoleContext) -> str:
    """Return the login in the form; raise NotFoundError if it has no role with this controller."""
    login = submitted_form().text("login")
    if login not in {user.login for user in list_users(console.controller)}:
        raise NotFoundError
    return login


def _decides_for(console: ConsoleContext) -> frozenset[str]:
    """Return the slugs of the controllers whose DPO this user is."""
    return frozenset(slug for slug, role in console.user.roles.items() if role is Role.DPO)


def _users(
    console: ConsoleContext,
    fields: FormValues,
    *,
    made: str = "",
    password: str = "",
    code: str = "",
) -> Response:
    return render_page(
        "users.html",
        status=422 if fields.errors else 200,
        fields=fields,
        users=list_users(console.controller),
        invitations=list_invitations(console.controller, now=console.now),
        roles=list(Role),
        made=made,
        password=password,
        code=code,
    )
