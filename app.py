"""The WSGI entry point, which the `flask` command finds too.

The process serves in production, unless `./run` started it.
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
