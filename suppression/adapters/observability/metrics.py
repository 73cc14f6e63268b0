"""Metrics for Prometheus. No label contains an identifier, a token, a key or a controller.

The entry points and the worker class count; use cases do not. Under gunicorn each worker counts
into its own files, and a scrape of any worker adds them up: docs/decisions/0012-metrics.md.
"""

from __future__ import annotations

import collections
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from math import inf
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from suppression import __version__
from suppression.domain.probes import Probe
from suppression.domain.vocabulary import (
    ATTESTABLE,
    STOP_EVIDENCE,
    Audience,
    Basis,
    Channel,
    ClientClass,
    Decision,
    Evidence,
)

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

disable_created_metrics()  # type: ignore[no-untyped-call]
_registry = CollectorRegistry()
_checks = Counter(
    "suppression_checks",
    "Decisions given, one per identifier; channel is empty for profiling and sharing.",
    ("channel", "decision"),
    registry=_registry,
)
_attested = Counter(
    "suppression_attested_allows",
    "Allows that rest on what the caller states: a basis, or that a professional is meant.",
    ("channel", "stated"),
    registry=_registry,
)
_check_seconds = Histogram(
    "suppression_check_seconds",
    "How long answered check requests took.",
    ("call",),
    buckets=_BUCKETS,
    registry=_registry,
)
_stops = Counter(
    "suppression_stops",
    "Stops stored, repeats of standing ones too; without sandbox and synthetic opt-out.",
    ("channel", "evidence"),
    registry=_registry,
)
_reopenings = Counter(
    "suppression_reopenings",
    "What a click had closed and a link or its own confirmation opened again; without sandbox.",
    ("way",),
    registry=_registry,
)
_links = Counter(
    "suppression_link_verifications",
    "Links opened or clicked: genuine, or none of ours.",
    ("result",),
    registry=_registry,
)
_pages = Counter(
    "suppression_pages",
    "Recipient pages asked for and forms sent, by what sort of program the client looks like.",
    ("client",),
    registry=_registry,
)
_problems = Counter(
    "suppression_problems", "Requests that ended in a problem.", ("type",), registry=_registry
)
# A series that begins with its first event hides that event from rate() and increase(), so all
# are created here. They are kept because looking up a series costs more than counting in it.
_CHECK_SERIES = {
    (_check_channel, _check_decision): _checks.labels(_check_channel or "", _check_decision)
    for _check_channel, _check_decision in product((None, *Channel), Decision)
}
_TIME_SERIES = {_call: _check_seconds.labels(_call) for _call in ("single", "batch")}
for _channel, _stated in product(("", *Channel), (*ATTESTABLE, Audience.PROFESSIONAL)):
    _attested.labels(_channel, _stated)
for _channel, _evidence in product(("", *Channel), STOP_EVIDENCE):
    _stops.labels(_channel, _evidence)
for _way in ("old_link", "confirmation"):
    _reopenings.labels(_way)
for _client in ClientClass:
    _pages.labels(_client)
for _result in ("genuine", "unknown"):
    _links.labels(_result)


def count_checks(channel: Channel | None, decisions: Iterable[Decision]) -> None:
    """Count decisions of checks on a channel; `channel` is None for checks without a channel."""
    for decision, number in collections.Counter(decisions).items():
        _CHECK_SERIES[channel, decision].inc(number)


def count_check(channel: Channel | None, decision: Decision) -> None:
    """Count one decision of a check; `channel` is None for a check without a channel."""
    _CHECK_SERIES[channel, decision].inc()


def count_attested(channel: Channel | None, stated: Basis | Audience | None) -> None:
    """Count an allow that rests on `stated`, the basis or audience that the caller states.

    `channel` is None for a check without a channel.
    """
    _attested.labels(channel or "", stated or "").inc()


def time_checks(call: str, *, since: float) -> None:
    """Record how long a check request took until now; `call` is `single` or `batch`.

    `since` is what `time.perf_counter()` returned when the request started, in seconds.
    """
    _TIME_SERIES[call].observe(time.perf_counter() - since)


def count_stop(channel: Channel | None, evidence: Evidence) -> None:
    """Count a stored stop; `channel` is None for a stop without a channel.

    The caller leaves out stops of the sandbox and of the synthetic opt-out.
    """
    _stops.labels(channel or "", evidence).inc()


def count_reopened(way: str) -> None:
    """Count a reopening; `way` is `old_link`, or `confirmation` for the click's own page."""
    _reopenings.labels(way).inc()


def count_link(*, genuine: bool) -> None:
    """Count a link that somebody opened or clicked; `genuine`: whether we signed the link."""
    _links.labels("genuine" if genuine else "unknown").inc()


def count_page(client: ClientClass) -> None:
    """Count a recipient page that was requested or a form that was sent, by the client's class."""
    _pages.labels(client).inc()


def count_problem(kind: str) -> None:
    """Count a request that was answered by a problem of this type."""
    _problems.labels(kind).inc()


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """The state that the database reported for one scrape; a field is None if it is unknown.

    `watch`: the last run of the synthetic opt-out, also None if it never ran. `imported`: how many
    stops imports have ever put on the list. `ahead`: how far this machine's clock is ahead of the
    database's, negative if behind. `unusual_reopenings`: how many controllers have more reopenings
    by links today than usual.
    """

    database_up: bool
    watch: Probe | None = None
    imported: int | None = None
    ahead: timedelta | None = None
    unusual_reopenings: int | None = None


def exposition(folder: Path | None, observation: Observation, *, now: datetime) -> bytes:
    """Return all metrics in Prometheus' text format: those counted, and those in `observation`.

    `folder` holds the metric files of gunicorn's workers; None if there is only this process. `now`
    is the time at which the age of the last synthetic opt-out is taken.
    """
    registry = _registry
    if folder is not None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    database_registry = CollectorRegistry()
    database_registry.register(_ObservationCollector(observation, now))
    return generate_latest(registry) + generate_latest(database_registry)


class _ObservationCollector(Collector):
    """A collector of the gauges and counters of one scrape's observation."""

    def __init__(self, observation: Observation, now: datetime) -> None:
        self.observation, self.now = observation, now

    def collect(self) -> Iterable[GaugeMetricFamily | CounterMetricFamily]:
        """Yield the metrics of the observation.

        If the database is unavailable, yield only the build and `suppression_database_up` (0).
        """
        build = GaugeMetricFamily(
            "suppression_build_info", "1, under the version that runs.", labels=("version",)
        )
        build.add_metric((__version__,), 1.0)
        yield build
        up = "Whether the database answered this scrape."
        yield GaugeMetricFamily("suppression_database_up", up, float(self.observation.database_up))
        if not self.observation.database_up:
            return
        yield from self._told_by_database()
        watch = self.observation.watch
        ok = "Whether the last synthetic opt-out passed; 0 if none ever ran."
        yield GaugeMetricFamily(
            "suppression_synthetic_opt_out_ok", ok, float(watch is not None and watch.ok)
        )
        passed_at = watch.passed_at if watch else None
        age = (self.now - passed_at).total_seconds() if passed_at else inf
        yield GaugeMetricFamily(
            "suppression_synthetic_opt_out_age_seconds",
            "Seconds since a synthetic opt-out last passed; +Inf if none ever did.",
            max(age, 0.0),
        )

    def _told_by_database(self) -> Iterable[GaugeMetricFamily | CounterMetricFamily]:
        """Yield the metrics read from the database; leave out those that are unknown."""
        if self.observation.imported is not None:
            applied = "Stops that imports have put on the list, since there were imports."
            yield CounterMetricFamily(
                "suppression_imported_stops", applied, float(self.observation.imported)
            )
        if self.observation.ahead is not None:
            yield GaugeMetricFamily(
                "suppression_clock_ahead_seconds",
                "By how much this machine's clock is ahead of the database's; negative if behind.",
                self.observation.ahead.total_seconds(),
            )
        if self.observation.unusual_reopenings is not None:
            yield GaugeMetricFamily(
                "suppression_unusual_reopenings",
                "Controllers with more reopenings by links today than is usual for them.",
                float(self.observation.unusual_reopenings),
            )
