"""What is counted, for Prometheus. No identifier, token, key or controller ever is a label.

The doors count; use cases do not know of it. Under gunicorn each worker counts into files of its
own and a scrape of any worker adds them up: docs/decisions/0012-metrics.md.
"""

from __future__ import annotations

from collections import Counter as Tally
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
# A series that begins at its first event hides that event from rate() and increase().
# Asking for a series costs more than counting in it.
_COUNTED = {
    (_wanted, _decision): _checks.labels(_wanted or "", _decision)
    for _wanted, _decision in product((None, *Channel), Decision)
}
_TIMED = {_call: _check_seconds.labels(_call) for _call in ("single", "batch")}
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
    """Decisions that were given on a channel; None where there is none."""
    for decision, number in Tally(decisions).items():
        _COUNTED[channel, decision].inc(number)


def count_check(channel: Channel | None, decision: Decision) -> None:
    """One of them."""
    _COUNTED[channel, decision].inc()


def count_attested(channel: Channel | None, stated: Basis | Audience | None) -> None:
    """An allow that rests on what the caller states."""
    _attested.labels(channel or "", stated or "").inc()


def time_checks(call: str, seconds: float) -> None:
    """How long a check request took: `single` or `batch`."""
    _TIMED[call].observe(seconds)


def count_stop(channel: Channel | None, evidence: Evidence) -> None:
    """A stop that is stored."""
    _stops.labels(channel or "", evidence).inc()


def count_reopened(way: str) -> None:
    """Count a reopening: by an `old_link`, or on the `confirmation` of the click itself."""
    _reopenings.labels(way).inc()


def count_link(*, genuine: bool) -> None:
    """A link that somebody opened or clicked."""
    _links.labels("genuine" if genuine else "unknown").inc()


def count_page(client: ClientClass) -> None:
    """A recipient page that was asked for, or a form that was sent."""
    _pages.labels(client).inc()


def count_problem(kind: str) -> None:
    """A request that ended in a problem of this type."""
    _problems.labels(kind).inc()


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What the database said for one scrape; None: never happened, or cannot be known.

    `watch`: how the synthetic opt-out went. `imported`: how many stops imports have put on the
    list. `ahead`: by how much this machine's clock is ahead of the database's.
    `unusual_reopenings`: how many controllers see more reopenings by links today than is usual.
    """

    database_up: bool
    watch: Probe | None = None
    imported: int | None = None
    ahead: timedelta | None = None
    unusual_reopenings: int | None = None


def exposition(folder: Path | None, seen: Observation, *, now: datetime) -> bytes:
    """All metrics in Prometheus' text format; `folder` is that of gunicorn's workers."""
    registry = _registry
    if folder is not None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    asked = CollectorRegistry()
    asked.register(_Observed(seen, now))
    return generate_latest(registry) + generate_latest(asked)


class _Observed(Collector):
    """The gauges and counters of one scrape's observation."""

    def __init__(self, seen: Observation, now: datetime) -> None:
        self.seen, self.now = seen, now

    def collect(self) -> Iterable[GaugeMetricFamily | CounterMetricFamily]:
        """Gauges, and what the worker counts in the database, which no process of ours holds.

        With the database away nobody knows of the watch, so nothing is said of it.
        """
        build = GaugeMetricFamily(
            "suppression_build_info", "1, under the version that runs.", labels=("version",)
        )
        build.add_metric((__version__,), 1.0)
        yield build
        up = "Whether the database answered this scrape."
        yield GaugeMetricFamily("suppression_database_up", up, float(self.seen.database_up))
        if not self.seen.database_up:
            return
        yield from self._told_by_database()
        watch = self.seen.watch
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
        """What is left out where it cannot be known."""
        if self.seen.imported is not None:
            applied = "Stops that imports have put on the list, since there were imports."
            yield CounterMetricFamily(
                "suppression_imported_stops", applied, float(self.seen.imported)
            )
        if self.seen.ahead is not None:
            yield GaugeMetricFamily(
                "suppression_clock_ahead_seconds",
                "By how much this machine's clock is ahead of the database's; negative if behind.",
                self.seen.ahead.total_seconds(),
            )
        if self.seen.unusual_reopenings is not None:
            yield GaugeMetricFamily(
                "suppression_unusual_reopenings",
                "Controllers with more reopenings by links today than is usual for them.",
                float(self.seen.unusual_reopenings),
            )
