"""The page that shows and changes a controller's branding: colour, contact, logo, URL."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from suppression.adapters.files.logos import read_logo
from suppression.domain.controllers.branding import (
    MAX_CONTACT,
    MAX_LOGO,
    MAX_URL,
    Branding,
    valid_contact,
    valid_resubscribe_url,
)
from suppression.domain.controllers.contrast import nearest_readable
from suppression.domain.errors import InvalidValueError
from suppression.domain.users.roles import Right
from suppression.usecases.controllers.branding import (
    BrandingRequest,
    change_branding,
    find_branding,
)
from suppression.web.console.context import ConsoleContext, page, submitted_form
from suppression.web.console.rendering import redirect_to, render_page
from suppression.web.http.forms import FormValues, filled_form


@page("/look", Right.SETTINGS)
def look(console: ConsoleContext) -> Response:
    """Show the controller's current branding in a form."""
    brand = find_branding(console.controller.slug)
    shown = filled_form(
        {
            "colour": brand.colour,
            "dpo_contact": brand.dpo_contact,
            "resubscribe_url": brand.resubscribe_url,
        }
    )
    return _look(shown, brand)


@page("/look", Right.SETTINGS, methods=("POST",))
def set_look(console: ConsoleContext) -> Response:
    """Change the branding to the values of the form; without a file the logo stays.

    A form with faults is shown again (422), and nothing of it is stored.
    """
    fields, brand = submitted_form(), find_branding(console.controller.slug)
    branding_request = BrandingRequest(
        colour=_colour(fields),
        dpo_contact=_contact(fields, brand),
        logo=_logo(fields),
        resubscribe_url=_resubscribe_url(fields),
    )
    if fields.errors:
        return _look(fields, brand)
    change_branding(console.controller, branding_request)
    return redirect_to("look_get", slug=console.controller.slug)


def _colour(fields: FormValues) -> str:
    colour = fields.text("colour", required=True).lower()
    nearest = nearest_readable(colour)
    if not nearest:
        fields.wrong("colour", "colour")
    elif nearest != colour:
        fields.wrong("colour", "colour_pale", detail=nearest)
    return colour


def _contact(fields: FormValues, brand: Branding) -> str | None:
    """Return the DPO's contact in the form; None if it is empty or invalid.

    Records a fault for an invalid text. A contact that the controller has can be replaced, but not
    emptied: that is a fault too.
    """
    contact = fields.text("dpo_contact", max_length=MAX_CONTACT, required=bool(brand.dpo_contact))
    try:
        return valid_contact(contact) if contact else None
    except InvalidValueError:
        fields.wrong("dpo_contact", "one_line")
        return None


def _resubscribe_url(fields: FormValues) -> str:
    """Return the URL of the sign-up page; '' for none, and for an invalid URL, which is a fault."""
    url = fields.text("resubscribe_url", max_length=MAX_URL)
    try:
        return valid_resubscribe_url(url)
    except InvalidValueError:
        fields.wrong("resubscribe_url", "https_page")
        return ""


def _logo(fields: FormValues) -> bytes | None:
    """Return the uploaded logo; None without a file, and for an invalid logo, which is a fault."""
    file = request.files.get("logo")
    if file is None or not file.filename:
        return None
    content = file.stream.read(MAX_LOGO + 1)
    try:
        return read_logo(content).content
    except InvalidValueError as error:
        fields.wrong("logo", error.code)
        return None


def _look(fields: FormValues, brand: Branding) -> Response:
    return render_page(
        "look.html", status=422 if fields.errors else 200, fields=fields, brand=brand
    )
