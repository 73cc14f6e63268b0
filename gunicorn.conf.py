"""How gunicorn serves: threads, no control socket, our log format; read from this folder."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

from gunicorn.glogging import Logger

from suppression.adapters.observability.multiprocess_dir import prepare_metrics_folder
from suppression.adapters.runtime.ports import forbidden
from suppression.settings import Settings, SettingsError

try:
    prepare_metrics_folder(os.environ)  # before anything is imported that counts
    _settings = Settings.from_environ(os.environ)
except SettingsError as error:
    sys.exit(f"Cannot start: {error}")

bind = f"0.0.0.0:{_settings.port}"
# gthread, which is what COPY works under (gevent's does not), without threads for slow senders.
worker_class = "suppression.adapters.worker.worker_class.GatheringWorker"
workers = _settings.workers
threads = 8
_TURN_SECONDS = 0.0005
_INHERITED = {"GUNICORN_FD", "LISTEN_FDS"}  # sockets of the gunicorn before, or of systemd
timeout = 30
graceful_timeout = 10
keepalive = 5
control_socket_disable = True
forwarded_allow_ips = ""  # TRUSTED_PROXIES says it; gunicorn would refuse what they contradict
wsgi_app = "app:app"


class _WithoutAccessLog(Logger):
    """Takes `--log-level` at its word, and makes no line of its own per request.

    Ours says more, without the URL (request_log.py).
    """

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - gunicorn's own
        """Set up `logconfig_dict`, which knows LOG_LEVEL; `./run` wants less of gunicorn itself."""
        super().setup(cfg)
        if cfg.loglevel != cfg.settings["loglevel"].default:
            self.error_log.setLevel(cfg.loglevel.upper())

    def access(self, *_: object) -> None:
        """Gather nothing. With a `logconfig_dict` gunicorn would, for a line that nobody reads."""


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
    """Look at port, keys and schema before any worker is made; a database may come later."""
    if not _INHERITED & os.environ.keys():
        for address in server.address:
            forbidden_here = forbidden(*address) if isinstance(address, tuple) else ""
            if forbidden_here:
                sys.exit(f"Cannot start: {forbidden_here}. Set PORT to another one.")
    from app import app  # noqa: PLC0415 - gunicorn reads this file before the application
    from suppression.domain.errors import DatabaseUnavailableError, SuppressionError  # noqa: PLC0415
    from suppression.storage.engine.database import disconnect  # noqa: PLC0415
    from suppression.usecases.operations.verify_start import verify_start  # noqa: PLC0415

    with app.app_context():
        try:
            verify_start(app.extensions["suppression"])
            disconnect()  # no connection may be shared with the workers to come
        except DatabaseUnavailableError as error:
            sys.stderr.write(f"{error.for_operator} Answering 503 until it answers.\n")
        except SuppressionError as error:
            sys.exit(f"Cannot start: {error.for_operator}")


def post_worker_init(_worker: object) -> None:
    """Let threads take turns, and do not walk again and again what a worker needs from the start.

    A request waits for the interpreter whenever it comes back from a socket or the database. At
    Python's own 5 ms a turn a check beside seven others, or beside a batch, spends its time so.
    """
    from app import app  # noqa: PLC0415 - as above
    from suppression.adapters.runtime.gc_tuning import tune_gc  # noqa: PLC0415 - the same
    from suppression.domain.errors import DatabaseUnavailableError  # noqa: PLC0415 - the same
    from suppression.usecases.connections import use_reserved_connection  # noqa: PLC0415 - the same

    sys.setswitchinterval(_TURN_SECONDS)
    # Before other workers and their readers have taken all that the database gives.
    with app.app_context(), suppress(DatabaseUnavailableError):
        use_reserved_connection()
    tune_gc()


def child_exit(_server: object, worker: Any) -> None:  # noqa: ANN401 - gunicorn's own
    """Forget what only a living worker can say. Its counts stay, so that no sum ever falls."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - once it counts

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
