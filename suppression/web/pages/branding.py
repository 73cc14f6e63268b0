"""Views of a controller's branding files: its style sheet and its logo."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, request

from suppression.domain.controllers.branding import Branding
from suppression.domain.controllers.contrast import NIGHT, readable_on
from suppression.usecases.controllers.branding import find_branding, find_logo
from suppression.web.http.rate_limits import exempt_from_rate_limit
from suppression.web.pages.rendering import add_privacy_headers

blueprint = Blueprint("brands", __name__)

_SHEET = Path(__file__).parents[1] / "assets" / "page.css"
_LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@blueprint.get("/brand/<controller>/page.css")
@exempt_from_rate_limit
def style_sheet(controller: str) -> Response:
    """Return the common style sheet of the pages, followed by the controller's colours.

    Returns 304 if the browser has the current version. Raises NotFoundError for an unknown
    controller.
    """
    text = _SHEET.read_text("utf-8") + _colours(find_branding(controller))
    return _cached(Response(text, content_type="text/css; charset=utf-8"))


@blueprint.get("/brand/<controller>/logo")
@exempt_from_rate_limit
def logo(controller: str) -> Response:
    """Return the logo, with a policy under which an SVG opened by itself runs and loads nothing.

    Returns 304 if the browser has the current version. Raises NotFoundError for an unknown
    controller, or one without a logo.
    """
    logo_file = find_logo(controller)
    response = Response(logo_file.content, content_type=logo_file.media_type)
    response.headers["Content-Security-Policy"] = _LOGO_POLICY
    return _cached(response)


def _colours(brand: Branding) -> str:
    dark = readable_on(brand.colour, NIGHT)
    return (
        f":root{{--brand:{brand.colour}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--brand:{dark}}}}}\n"
        f"@media print{{:root{{--brand:{brand.colour}}}}}\n"
    )


def _cached(response: Response) -> Response:
    response.cache_control.no_cache = True  # browsers revalidate it each time
    response.add_etag()
    response.make_conditional(request)
    return response


blueprint.after_request(add_privacy_headers)
