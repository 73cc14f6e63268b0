"""Probe the opt-out: click a real link of an invented recipient, check, release (docs/rules.md#g8).

An unsubscribe that breaks silently leads to a fine, and nobody who clicks it complains to us. So
the service clicks a link of its own along the whole path: link, public URL, page, database, check.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from suppression.adapters.runtime.one_click_client import ClickError, one_click
from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import ConflictError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.probes import PASSED, SYNTHETIC_OPT_OUT
from suppression.domain.suppressions.model import Scope
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, Decision, Kind, Preset, Purpose, ReleaseWhy
from suppression.storage.controllers.rows import controller_by_slug
from suppression.storage.engine.database import reading, writing
from suppression.storage.operations.probes import save_probe_run
from suppression.usecases.checks.check import check
from suppression.usecases.controllers.create import create_controller
from suppression.usecases.idempotency import StoredResponse
from suppression.usecases.operations.verify_start import verify_start
from suppression.usecases.releases.release import ReleaseAnswer, ReleaseRequest, release
from suppression.usecases.services import Services
from suppression.usecases.unsubscribe.make_links import LinkRequest, make_links

CLICK_SECONDS = 10.0
UNREACHED = "click_failed"
"""The result of a run whose click got no answer."""
_OK = 200
_SCOPE = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeRun:
    """The result of a probe run: a code, and for the log an HTTP status or a kind of error."""

    result: str
    detail: str = ""

    @property
    def passed(self) -> bool:
        """Return whether a check was denied after the click and allowed again after the release."""
        return self.result == PASSED


def run_synthetic_opt_out(
    services: Services, address: str, *, clock: Callable[[], datetime]
) -> ProbeRun:
    """Run the probe for an address at example.invalid; store its result for /metrics and return it.

    A run takes a while, so it gets a clock rather than a time. Raises DatabaseUnavailableError in
    an outage, and before the first verified start the errors of `verify_start`; no result is stored
    then: the metric of the last passed run ages and shows the failure.
    """
    if not services.start_verified.is_set():
        verify_start(services)
    controller = _controller(now=clock())
    subject = services.subject(controller, Kind.EMAIL, address)
    run = _round(services, controller, subject, clock)
    with writing() as transaction:
        save_probe_run(transaction, SYNTHETIC_OPT_OUT, result=run.result, now=clock())
    return run


def _controller(*, now: datetime) -> Controller:
    """Return the controller that only the probe uses; create it if it is missing."""
    controller = _probe_controller()
    if controller is None:
        try:
            return create_controller(
                SYNTHETIC_OPT_OUT,
                name="Synthetic opt-out",
                country="FR",
                preset=Preset.OBJECTION_ONLY,
                now=now,
            )
        except ConflictError:  # another worker created the controller first
            controller = _probe_controller()
    if controller is None:
        raise LookupError(SYNTHETIC_OPT_OUT)
    return controller


def _probe_controller() -> Controller | None:
    with reading() as transaction:
        return controller_by_slug(transaction, SYNTHETIC_OPT_OUT)


def _round(
    services: Services, controller: Controller, subject: Subject, clock: Callable[[], datetime]
) -> ProbeRun:
    _release(controller, subject, now=clock())  # an interrupted run may have left a stop
    if _decision(services, controller, subject, now=clock()) is not Decision.ALLOW:
        return ProbeRun(result="denied_before")
    (link,) = make_links(services, controller, [LinkRequest(subject=subject)])
    if isinstance(link, InvalidCheck):
        return ProbeRun(result="no_link", detail=link.code)
    refused = _click(link.url)
    if refused:
        return refused
    if _decision(services, controller, subject, now=clock()) is not Decision.DENY:
        return ProbeRun(result="not_denied")
    _release(controller, subject, now=clock())
    lifted = _decision(services, controller, subject, now=clock()) is Decision.ALLOW
    return ProbeRun(result=PASSED if lifted else "still_denied")


def _click(url: str) -> ProbeRun | None:
    """Click the link; return None if that succeeded, else the result of the failed run."""
    try:
        status = one_click(url, timeout=CLICK_SECONDS)
    except ClickError as error:
        return ProbeRun(result=UNREACHED, detail=str(error))
    return None if status == _OK else ProbeRun(result="click_refused", detail=f"status {status}")


def _decision(
    services: Services, controller: Controller, subject: Subject, *, now: datetime
) -> Decision:
    check_request = CheckRequest(subject=subject, scope=_SCOPE)
    (answer,) = check(services, controller, [check_request], now=now)
    return answer.decision


def _release(controller: Controller, subject: Subject, *, now: datetime) -> None:
    request = ReleaseRequest(
        subjects=(subject,),
        coverage=RequestedScope(channels=(Channel.EMAIL,)),
        reasons=(),
        why=ReleaseWhy.MISTAKE,
    )
    release(controller, request, _unread, actor="worker", now=now)


def _unread(answer: ReleaseAnswer) -> StoredResponse:
    return StoredResponse(status=0, body=answer.reference)
