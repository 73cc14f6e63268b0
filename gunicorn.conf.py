"""gunicorn's configuration, which it reads from its working directory."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.glogging import Logger

from suppression.adapters.observability.multiprocess_dir import prepare_metrics_folder
from suppression.adapters.runtime.ports import forbidden
from suppression.settings import Settings, SettingsError

try:
    prepare_metrics_folder(os.environ)  # before any module that counts is imported
    _settings = Settings.from_environ(os.environ)
except SettingsError as error:
    sys.exit(f"Cannot start: {error}")

bind = f"0.0.0.0:{_settings.port}"
# gthread, because COPY does not work under gevent; but no thread waits for a slow sender.
worker_class = "suppression.adapters.worker.worker_class.GatheringWorker"
workers = _settings.workers
threads = 8
_TURN_SECONDS = 0.0005
_INHERITED = {"GUNICORN_FD", "LISTEN_FDS"}  # sockets from the previous gunicorn or from systemd
timeout = 30
graceful_timeout = 10
keepalive = 5
control_socket_disable = True
forwarded_allow_ips = ""  # TRUSTED_PROXIES decides; gunicorn would refuse conflicting headers
wsgi_app = "app:app"


class _WithoutAccessLog(Logger):
    """gunicorn's logger, which obeys `--log-level` and writes no line per request.

    request_log.py writes that line, with more fields and without the URL.
    """

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - gunicorn's own
        """Apply `logconfig_dict`, then a `--log-level` other than the default to gunicorn's logger.

        All other loggers use LOG_LEVEL.
        """
        super().setup(cfg)
        if cfg.loglevel != cfg.settings["loglevel"].default:
            self.error_log.setLevel(cfg.loglevel.upper())

    def access(self, *_: object) -> None:
        """Do nothing: the application logs its requests itself."""


logger_class = _WithoutAccessLog

logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "suppression.adapters.observability.json_logging.JsonFormatter"}},
    "filters": {
        "requests": {"()": "suppression.adapters.observability.json_logging.WithoutRequests"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"level": _settings.log_level, "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {
            "level": _settings.log_level,
            "handlers": [],
            "filters": ["requests"],
            "propagate": True,
        },
        "alembic": {"level": "WARNING", "handlers": [], "propagate": True},
    },
}


def on_starting(server: Any) -> None:  # noqa: ANN401 - gunicorn's own
    """Exit, before any worker starts, if the port is forbidden, or keys or schema are wrong.

    An unavailable database is only reported on stderr: it may become available later. From here on
    HUP is ignored, with a line in the log, and workers use the templates as they are now.
    """
    server.handle_hup = partial(_ignore_hup, server)
    if not _INHERITED & os.environ.keys():
        for address in server.address:
            refusal = forbidden(*address) if isinstance(address, tuple) else ""
            if refusal:
                sys.exit(f"Cannot start: {refusal}. Set PORT to another one.")
    os.environ.pop("FLASK_RUN_FROM_CLI", None)  # app.py would load the commands and no routes
    from jinja2 import DictLoader  # noqa: PLC0415 - gunicorn reads this file before the application

    from app import app  # noqa: PLC0415 - as above
    from suppression.domain.errors import DatabaseUnavailableError, SuppressionError  # noqa: PLC0415
    from suppression.storage.engine.database import disconnect  # noqa: PLC0415
    from suppression.usecases.operations.verify_start import verify_start  # noqa: PLC0415

    with app.app_context():
        try:
            verify_start(app.extensions["suppression"])
        except DatabaseUnavailableError as error:
            sys.stderr.write(f"{error.for_operator} Answering 503 until it answers.\n")
        except SuppressionError as error:
            sys.exit(f"Cannot start: {error.for_operator}")
        finally:
            disconnect()  # workers must not inherit a connection, not even after a failure
    # A new version may lie in the folder before this one ends: its templates are not for this code.
    loader = app.create_global_jinja_loader()
    sources = {name: loader.get_source(app.jinja_env, name)[0] for name in loader.list_templates()}
    app.jinja_env.loader = DictLoader(sources)


def _ignore_hup(server: Any) -> None:  # noqa: ANN401 - gunicorn's own
    """Log that HUP loads no new code: this process and its workers hold the modules they have.

    Otherwise gunicorn would read the new version of this file, and go on with the old modules.
    """
    server.log.warning(
        "HUP is ignored, since it loads no new code: send USR2, or end this process and start it "
        "again (docs/upgrading.md)"
    )


def post_worker_init(_worker: object) -> None:
    """Let threads switch every 0.5 ms, open the connection for stops, tune garbage collection.

    At Python's default of 5 ms, a check beside seven other requests or a batch would spend its time
    waiting for the interpreter. If the database is unavailable, the connection is opened later.
    HUP, which may be sent to the whole process group, is ignored here too: it would end the worker.
    """
    from app import app  # noqa: PLC0415 - as above
    from suppression.adapters.runtime.gc_tuning import tune_gc  # noqa: PLC0415 - as above
    from suppression.domain.errors import DatabaseUnavailableError  # noqa: PLC0415 - as above
    from suppression.usecases.connections import use_reserved_connection  # noqa: PLC0415 - as above

    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    sys.setswitchinterval(_TURN_SECONDS)
    # Before other workers and their readers have taken all connections of the database.
    with app.app_context(), suppress(DatabaseUnavailableError):
        use_reserved_connection()
    tune_gc()


def child_exit(_server: object, worker: Any) -> None:  # noqa: ANN401 - gunicorn's own
    """Remove a dead worker's live gauges. Its counters stay, so that no sum ever falls."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - not before the folder for counts is prepared

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
