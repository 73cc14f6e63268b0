"""The page of policies: those in force, all versions, and a form to preview and change them."""

from __future__ import annotations

from itertools import pairwise

from werkzeug.wrappers import Response

from suppression.domain.errors import InvalidTransitionError, InvalidValueError
from suppression.domain.policies.changes import PolicyChange, changes_between, describe_policy
from suppression.domain.policies.settings import to_settings
from suppression.domain.users.roles import Right
from suppression.domain.vocabulary import Preset, Sector
from suppression.usecases.policies.change import (
    PolicyChangeRequest,
    change_policies,
    preview_policies,
)
from suppression.usecases.policies.queries import PolicyVersion, list_policies, read_policies
from suppression.usecases.users.manage import find_logins
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.rendering import redirect_to, render_page
from suppression.web.http.forms import NOTHING, FormValues, filled_form


@page("/policies", Right.SETTINGS)
def policies(console: ConsoleContext) -> Response:
    """Show the policies in force, and all their versions."""
    return _policies(console, NOTHING, ())


@page("/policies", Right.SETTINGS, methods=("POST",))
def set_policies(console: ConsoleContext) -> Response:
    """Preview a change of the policies, or store it as a new version.

    The user must tick a box for a change that allows more. If somebody else has changed the
    policies, so that the change would now allow something other than the page showed, nothing is
    stored, and a new preview is shown without the tick.
    """
    fields = submitted_form()
    change = _read_change(fields)
    changes = _preview(console, fields, change)
    saving = fields["do"] != "preview"
    if (
        saving
        and any(policy_change.looser for policy_change in changes)
        and not fields.checked("looser")
    ):
        fields.wrong("looser", "looser")
    if fields.errors or not saving:
        return _policies(console, fields, changes)
    try:
        change_policies(
            console.controller,
            change,
            actor=console.user.actor,
            now=console.now,
            shown=fields["shown"],
        )
    except InvalidTransitionError:
        fresh_fields = filled_form(
            {name: fields[name] for name in ("settings", "preset", "sector")}
        )
        fresh_fields.wrong("looser", "looser_unseen")
        return _policies(console, fresh_fields, _preview(console, fields, change))
    return redirect_to("policies_get", slug=console.controller.slug)


def _read_change(fields: FormValues) -> PolicyChangeRequest:
    preset = fields.word("preset", Preset) if fields["preset"] else None
    sector = fields.word("sector", Sector) if fields["sector"] else None
    settings = fields.lines("settings")
    if sector and not preset:
        fields.wrong("sector", "sector_alone")
    if not settings and not preset:
        fields.wrong("settings", "needed")
    return PolicyChangeRequest(preset=preset, sector=sector, settings=settings)


def _preview(
    console: ConsoleContext, fields: FormValues, change: PolicyChangeRequest
) -> list[PolicyChange]:
    """Return the changes that would be made; an empty list if the form has a fault.

    Records a fault for an invalid change, and for one that would change nothing.
    """
    if fields.errors:
        return []
    try:
        return preview_policies(console.controller, change)
    except InvalidValueError as error:
        fields.wrong("settings", "setting", detail=error.detail)
        return []


def _policies(
    console: ConsoleContext, fields: FormValues, preview: list[PolicyChange] | tuple[()]
) -> Response:
    counting = read_policies(console.controller)
    versions = list_policies(console.controller)
    return render_page(
        "policies.html",
        status=422 if fields.errors else 200,
        fields=fields,
        preview=preview,
        shown=describe_policy(preview),
        policy_set=counting,
        policies=[(policy, to_settings(policy)) for policy in counting.policies.values()],
        versions=list(zip(versions, _changes(versions), strict=True))[::-1],
        logins=find_logins([policy_version.actor for policy_version in versions]),
        presets=list(Preset),
        sectors=list(Sector),
    )


def _changes(versions: list[PolicyVersion]) -> list[list[PolicyChange]]:
    """Return the changes of each version, oldest first; the first version has none."""
    sets = [policy_version.policy_set for policy_version in versions]
    return [[] for _ in sets[:1]] + [changes_between(*pair) for pair in pairwise(sets)]
