"""The WSGI entry point of gunicorn (`app:app`), which the `flask` command loads too.

Invalid settings end the process with a message, except under the `flask` command: `app` then is an
application that can only make keys, so that an operator can make the keys that are missing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from flask import Flask

from suppression.adapters.runtime.gc_tuning import no_collections

_of_flask = os.environ.get("FLASK_RUN_FROM_CLI") == "true"
# Flask's own commands that need the routes. Another argument of such a name only costs time.
_with_routes = not {"run", "routes", "shell"}.isdisjoint(sys.argv)

with no_collections():
    from suppression.adapters.observability.json_logging import configure_logging
    from suppression.settings import Settings, SettingsError

    create: Callable[[Settings], Flask]
    if not _of_flask:
        from suppression.wiring.server import create_server

        create = create_server
    elif _with_routes:
        from suppression.wiring.whole import create_app

        create = create_app
    else:
        from suppression.wiring.commands import create_commands

        create = create_commands

try:
    settings = Settings.from_environ(os.environ)
    configure_logging(settings.log_level)
    app = create(settings)
except SettingsError as error:
    if not _of_flask:
        sys.exit(f"Cannot start: {error}")
    from suppression.wiring.commands import create_unconfigured_app

    app = create_unconfigured_app(error)
