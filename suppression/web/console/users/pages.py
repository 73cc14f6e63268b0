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
from suppression.web.http.forms import NOTHING, FormValues

_MOST = 2_000_000_000


@page("/users", Right.USERS)
def users(desk: ConsoleContext) -> Response:
    """Show the users and open invitations of the controller."""
    return _users(desk, NOTHING)


@page("/users", Right.USERS, methods=("POST",))
def invite_user(desk: ConsoleContext) -> Response:
    """Invite a user and show the code once; the answer does not reveal whether the login exists."""
    fields = submitted_form()
    login, role = fields.text("login", required=True), fields.word("role", Role)
    if fields.errors or role is None:
        return _users(desk, fields)
    try:
        code = invite(desk.controller, login, role, by=desk.user, now=desk.now)
    except InvalidValueError:
        fields.wrong("login", "login")
    except ConflictError:
        fields.wrong("login", "invited_already")
    else:
        return _users(desk, NOTHING, made=login, code=code)
    return _users(desk, fields)


@page("/users/invitations", Right.USERS, methods=("POST",))
def revoke_invited(desk: ConsoleContext) -> Response:
    """Revoke an invitation that is not accepted yet."""
    fields = submitted_form()
    number = fields.number("number", minimum=1, maximum=_MOST)
    if fields.errors:
        raise NotFoundError
    revoke_invitation(desk.controller, number, by=desk.user, now=desk.now)
    return redirect_to("users_get", slug=desk.controller.slug)


@page("/users/role", Right.USERS, methods=("POST",))
def give_role(desk: ConsoleContext) -> Response:
    """Change a user's role, or remove it."""
    fields = submitted_form()
    role = fields.word("role", Role) if fields["role"] else None
    if fields.errors:
        return _users(desk, fields)
    change_role(desk.controller, fields.text("login"), role, by=desk.user, now=desk.now)
    return redirect_to("users_get", slug=desk.controller.slug)


@page("/users/reset", Right.USERS, methods=("POST",))
def reset_user(desk: ConsoleContext) -> Response:
    """Set a temporary password for a user who serves this controller and no other; show it once."""
    login, own_slugs = _colleague(desk), _decides_for(desk)
    password = reset_password(
        services(), login, within=own_slugs, now=desk.now, actor=desk.user.actor
    )
    return _users(desk, NOTHING, made=login, password=password)


@page("/users/disable", Right.USERS, methods=("POST",))
def disable(desk: ConsoleContext) -> Response:
    """Disable a user: their sessions end, and they cannot sign in."""
    own_slugs = _decides_for(desk)
    disable_user(_colleague(desk), within=own_slugs, now=desk.now, actor=desk.user.actor)
    return redirect_to("users_get", slug=desk.controller.slug)


@page("/users/enable", Right.USERS, methods=("POST",))
def enable(desk: ConsoleContext) -> Response:
    """Enable a disabled user again."""
    own_slugs = _decides_for(desk)
    enable_user(_colleague(desk), within=own_slugs, now=desk.now, actor=desk.user.actor)
    return redirect_to("users_get", slug=desk.controller.slug)


def _colleague(desk: ConsoleContext) -> str:
    """Return the login in the form; NotFoundError unless it is a user of this controller."""
    login = submitted_form().text("login")
    if login not in {user.login for user in list_users(desk.controller)}:
        raise NotFoundError
    return login


def _decides_for(desk: ConsoleContext) -> frozenset[str]:
    """Return the controllers whose users this user may decide about."""
    return frozenset(slug for slug, role in desk.user.roles.items() if role is Role.DPO)


def _users(
    desk: ConsoleContext, fields: FormValues, *, made: str = "", password: str = "", code: str = ""
) -> Response:
    return render_page(
        "users.html",
        status=422 if fields.errors else 200,
        fields=fields,
        users=list_users(desk.controller),
        invitations=list_invitations(desk.controller, now=desk.now),
        roles=list(Role),
        made=made,
        password=password,
        code=code,
    )
