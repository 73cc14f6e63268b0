"""Serves the static files of pages by name from a list: no path comes from a request."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Response, request

from suppression.domain.errors import NotFoundError

_TYPES = {".css": "text/css", ".js": "text/javascript"}


def serve_file(name: str, folders: Mapping[str, Path]) -> Response:
    """Return the file `name`, or 304 if cached. Raises NotFoundError if `folders` lacks `name`."""
    if name not in folders:
        raise NotFoundError
    path = folders[name] / name
    response = Response(path.read_bytes(), mimetype=_TYPES[path.suffix])
    response.cache_control.no_cache = True  # the browser revalidates each time
    response.add_etag()
    response.make_conditional(request)
    return response
