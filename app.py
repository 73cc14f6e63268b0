"""The WSGI entry point of gunicorn (`app:app`), which the `flask` command loads too.

Invalid settings end the process with a message. Under the `flask` command, `app` then is an
application that can only make keys, so that an operator can make the keys that are missing.
"""

from __future__ import annotations

import os
import sys

from suppression.adapters.runtime.gc_tuning import no_collections

with no_collections():
    from suppression.adapters.observability.json_logging import configure_logging
    from suppression.settings import Settings, SettingsError
    from suppression.wiring import create_app, create_unconfigured_app

try:
    settings = Settings.from_environ(os.environ)
    configure_logging(settings.log_level)
    app = create_app(settings)
except SettingsError as error:
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        sys.exit(f"Cannot start: {error}")
    app = create_unconfigured_app(error)
