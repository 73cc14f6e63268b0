"""/docs: Swagger UI, to read openapi.yaml and try the API. No file is from another host."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, render_template

from suppression.web.http.static_files import serve_file
from suppression.web.pages.rendering import base_path

blueprint = Blueprint("docs", __name__, template_folder="../templates")

_OURS = Path(__file__).parents[1] / "docs_assets"
_SWAGGER_UI = Path(str(files("flask_swagger_ui"))) / "dist"
_FOLDERS = {
    "docs.css": _OURS,
    "docs.js": _OURS,
    "swagger-ui-bundle.js": _SWAGGER_UI,
    "swagger-ui.css": _SWAGGER_UI,
}


@blueprint.get("/docs", strict_slashes=False)
def page() -> str:
    """Return the page of Swagger UI; it loads its static files from /docs, then /openapi.yaml."""
    return render_template("docs.html", root=base_path())


@blueprint.get("/docs/<filename>", endpoint="static")
def file(filename: str) -> Response:
    """Return one of the four static files of the page, or 304 if the browser has it.

    Raises NotFoundError for another name.
    """
    return serve_file(filename, _FOLDERS)


@blueprint.after_request
def locked(response: Response) -> Response:
    """Add headers that allow only our own scripts and keep the page from calling other hosts.

    The reader types an API key into this page, which no other host may receive. A response that has
    a Content-Security-Policy, as an error page has, keeps it.
    """
    response.headers["Referrer-Policy"] = "no-referrer"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers.setdefault("Content-Security-Policy", policy)  # an error page has its own
    return response
