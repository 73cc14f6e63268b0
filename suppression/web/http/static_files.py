"""Serve the static files of pages from a fixed list of names; requests supply no path."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Response, request

from suppression.domain.errors import NotFoundError

_TYPES = {".css": "text/css", ".js": "text/javascript"}


def serve_file(name: str, folders: Mapping[str, Path]) -> Response:
    """Return the file `name`, or 304 if the browser has its current version.

    `folders` maps each allowed name to the folder of the file. Raises NotFoundError for another
    name.
    """
    if name not in folders:
        raise NotFoundError
    path = folders[name] / name
    response = Response(path.read_bytes(), mimetype=_TYPES[path.suffix])
    response.cache_control.no_cache = True  # the browser revalidates each time
    response.add_etag()
    response.make_conditional(request)
    return response
