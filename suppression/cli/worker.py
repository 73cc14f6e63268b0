"""The command `flask worker`: work outside requests (imports, deletions, opt-out probe)."""

from __future__ import annotations

import logging
import secrets
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime

import click
from flask import Flask, current_app

from suppression.adapters.observability.outage_log import OutageLog
from suppression.cli.base import WaitForDatabaseCommand, echo_err, services
from suppression.cli.import_retries import ImportRetries
from suppression.domain.errors import DatabaseUnavailableError, SuppressionError
from suppression.domain.imports.model import Import, ImportState
from suppression.usecases.consents.announce_ends import announce_consent_ends
from suppression.usecases.imports.apply import (
    Place,
    clear_imports,
    end_as_failed,
    next_of_each_controller,
    run_batch,
)
from suppression.usecases.operations.retention import (
    purge_attempts,
    purge_cases,
    purge_confirmations,
    purge_counts,
    purge_idempotency,
    purge_invitations,
    purge_old_proofs,
    purge_scrubs,
)
from suppression.usecases.operations.synthetic_opt_out import (
    UNREACHED,
    ProbeRun,
    run_synthetic_opt_out,
)
from suppression.usecases.operations.watch_clock import earlier_clock, watch_clock
from suppression.usecases.sms.review_queue import settle_overdue

log = logging.getLogger(__name__)

EVERY_SECONDS = 3600
AGAIN_AFTER_SECONDS = 60
"""The wait after a probe that failed: short, so that the metric soon shows a repaired click."""
IMPORTS_EVERY_SECONDS = 2


def _settle_texts(*, now: datetime) -> int:
    return settle_overdue(services(), now=now)


_UPKEEP: dict[str, Callable[..., int]] = {
    "old answers forgotten": purge_idempotency,
    "contacts of closed cases forgotten": purge_cases,
    "old confirmations forgotten": purge_confirmations,
    "ends of consents announced": announce_consent_ends,
    "old proofs purged": purge_old_proofs,
    "old scrubs forgotten": purge_scrubs,
    "old sign-in attempts forgotten": purge_attempts,
    "old invitations forgotten": purge_invitations,
    "old daily counts forgotten": purge_counts,
    "undecided texts taken as stops": _settle_texts,
}
_outages = OutageLog()
_ENDING = (signal.SIGTERM, signal.SIGINT)


@click.command("worker", cls=WaitForDatabaseCommand)
@click.option("--once", is_flag=True, help="Run one round and end; exit status 1 if it failed.")
def worker_command(once: bool) -> None:  # noqa: FBT001 - a flag of click
    """Apply and undo imports within seconds; every hour, delete old data and test the opt-out.

    The test stops an invented recipient by a real click and checks that the stop holds.
    """
    # Each process has its own address, so that two processes never interfere.
    address = f"worker-{secrets.token_hex(8)}@example.invalid"
    if once:
        imports_done = _work_on_imports(ImportRetries())
        run, upkeep_done = _round(address)
        click.echo(run.result)
        if not (imports_done and upkeep_done):
            echo_err("An import or a job of upkeep failed: see the log.")
        if not (imports_done and upkeep_done and run.passed):
            raise click.exceptions.Exit(1)
        return
    # Blocked before the threads start and inherit the mask: only sigwait receives the signals.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    # A daemon: a hanging click must not delay the end. The next round releases what is left.
    threading.Thread(target=_rounds, args=(app, address), daemon=True).start()
    threading.Thread(target=_imports, args=(app,), daemon=True).start()
    signal.sigwait(_ENDING)
    log.debug("worker ends")


def _rounds(app: Flask, address: str) -> None:
    """Do upkeep and run the probe, for ever: hourly, or a minute after a probe that did not pass.

    Errors are only logged.
    """
    is_first = True
    while True:
        with app.app_context():
            passed = _run_round_safely(address, is_first=is_first)
        is_first = False
        time.sleep(EVERY_SECONDS if passed else AGAIN_AFTER_SECONDS)


def _imports(app: Flask) -> None:
    """Compare the clocks, and apply and undo pending imports, every two seconds, for ever.

    If the process ends during an import, the next worker continues it.
    """
    retries = ImportRetries()
    while True:
        with app.app_context():
            _watch_clock()
            _work_on_imports(retries)
        time.sleep(IMPORTS_EVERY_SECONDS)


def _watch_clock() -> None:
    """Compare this machine's clock with the database's, because no health request does so here.

    Errors are only logged; DatabaseUnavailableError is ignored here, because the work that needs
    the database logs it.
    """
    try:
        watch_clock(services())
    except DatabaseUnavailableError:
        return  # the work that needs the database reports this
    except Exception:
        log.exception("clock not looked at")


def _work_on_imports(retries: ImportRetries) -> bool:
    """Apply or undo the pending imports; end interrupted uploads; delete unneeded staged rows.

    An import whose batch fails is left out until `retries` allows the next try. Return whether no
    import's last batch failed in this call, and nothing else raised an error.

    Errors are only logged: none ends the worker, and an import that fails does not delay another.
    """
    try:
        failed = _run_in_turn(retries)
        clear_imports(now=services().clock())
        _outages.note_answer()
    except DatabaseUnavailableError as error:
        _outages.note_refusal(error, {"work": "imports"})
    except SuppressionError as error:
        log.exception("imports not looked at", extra={"fields": {"reason": error.for_operator}})
    except Exception:
        log.exception("imports not looked at")
    else:
        return not failed
    return False


def _run_in_turn(retries: ImportRetries) -> set[int]:
    """Run one batch of each controller's oldest pending import in turn, until none is left.

    So a long import does not block another controller's short one. An import whose batch fails is
    left out until `retries` tries it again, and the error is logged. Return the numbers of the
    imports whose last batch failed. Raises DatabaseUnavailableError if imports cannot be listed.
    """
    places: dict[int, Place] = {}
    failed: set[int] = set()
    while waiting := next_of_each_controller(without=retries.is_waiting):
        for import_ in waiting:
            place = places.get(import_.number)
            try:
                moved, places[import_.number] = run_batch(import_, place, now=services().clock())
            except Exception as error:
                fields: dict[str, object] = {"import_id": import_.import_id}
                log.exception("import not worked on", extra={"fields": fields})
                places.pop(import_.number, None)
                failed.add(import_.number)
                if retries.is_hopeless(import_, error):
                    _give_up(import_, retries)
            else:
                if moved.state is not ImportState.FAILED:
                    failed.discard(import_.number)
                retries.forget(import_)
                _tell_of(moved)
    return failed


def _give_up(import_: Import, retries: ImportRetries) -> None:
    """End an import as failed; if this fails, log the error, and the next try ends it."""
    try:
        ended = end_as_failed(import_, now=services().clock())
    except Exception:
        log.exception("import not given up", extra={"fields": {"import_id": import_.import_id}})
        return
    retries.forget(import_)
    _tell_of(ended)


def _tell_of(moved: Import) -> None:
    """Log the end of an import; do nothing for an import that is still being worked on."""
    if moved.state in {ImportState.APPLYING, ImportState.UNDOING}:
        return
    fields = {"import_id": moved.import_id, "state": str(moved.state)}
    counts = {"applied": moved.counts.applied, "released": moved.counts.released}
    if moved.state is ImportState.FAILED:
        log.error("import given up", extra={"fields": fields | counts})
        return
    log.info("import worked on", extra={"fields": fields | counts})


def _run_round_safely(address: str, *, is_first: bool) -> bool:
    """Do all upkeep, then run the probe; return whether it passed. Errors are only logged."""
    try:
        run, _ = _round(address, is_first=is_first)
    except SuppressionError as error:
        fields = {"result": "not_run", "detail": type(error).__name__}
        fields["reason"] = error.for_operator
        log.exception("synthetic opt-out failed", extra={"fields": fields})
    except Exception:
        log.exception("synthetic opt-out failed", extra={"fields": {"result": "bug"}})
    else:
        return run.passed
    return False


def _round(address: str, *, is_first: bool = False) -> tuple[ProbeRun, bool]:
    """Do all upkeep, then run the probe; return its result, and whether all upkeep was done.

    In a worker's first round, a click that does not reach the service is logged as a warning, not
    an error, because a machine may start the worker before the web process.
    """
    failed = [what for what, work in _UPKEEP.items() if not _run_upkeep(what, work)]
    run = run_synthetic_opt_out(services(), address, clock=services().clock)
    fields = {"result": run.result, "detail": run.detail}
    if run.passed:
        log.info("synthetic opt-out passed", extra={"fields": fields})
    elif is_first and run.result == UNREACHED:
        log.warning("synthetic opt-out waits for the service", extra={"fields": fields})
    else:
        log.error("synthetic opt-out failed", extra={"fields": fields})
    return run, not failed


def _run_upkeep(what: str, work: Callable[..., int]) -> bool:
    """Run one job of upkeep and log its count unless it is 0; return False if it failed.

    An error is only logged, so that the probe runs after a failed job too.
    """
    try:
        count = work(now=earlier_clock(services()))
    except Exception:
        log.exception("upkeep failed", extra={"fields": {"upkeep": what}})
        return False
    if count:
        log.info("upkeep done", extra={"fields": {"upkeep": what, "count": count}})
    return True
