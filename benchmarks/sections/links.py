"""Measure unsubscribe links against URLSafeSerializer: tokens alone, and a file of links."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.commands import CommandFailedError, NotBuiltError, links, run_flask, watched
from benchmarks.goals import Failure, Finding
from benchmarks.ground import SLUG, Ground
from benchmarks.lists import fingerprints
from benchmarks.peers.serializer import today, token
from benchmarks.people import PROBE, STRANGERS, write_recipients
from benchmarks.rounds import interleaved
from benchmarks.sections.scrub import expect
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.vocabulary import Preset
from suppression.settings import Settings
from suppression.usecases.unsubscribe.make_links import LinkMaker
from suppression.wiring.whole import create_app

_PEER = [sys.executable, "-m", "benchmarks.peers.serializer"]
Forms = tuple[Fingerprint, ...]


def tokens(on: Ground) -> Iterator[Finding | Failure]:
    """Measure tokens per second, packed and signed from fingerprints that were made before."""
    people = list(fingerprints(range(STRANGERS, STRANGERS + on.sizes.tokens)))
    day, url = today(), _maker(on).url
    contestants = {
        "ours": partial(_tokens_per_second, lambda forms: url(forms, ref="", language=""), people),
        "peer": partial(_tokens_per_second, lambda forms: token(forms, day), people),
    }
    turns = interleaved(contestants, on.sizes.rounds)
    yield Finding(row="links-tokens", ours=turns["ours"], peer=turns["peer"])


def _maker(on: Ground) -> LinkMaker:
    """Return a LinkMaker that makes links as `flask links` does."""
    stop_list = on.lists[on.sizes.single_list]
    app = create_app(Settings.from_environ(on.environment(stop_list.url)))
    controller = Controller(
        number=1, slug=SLUG, name="Measured", country="FR", preset=Preset.OBJECTION_ONLY
    )
    return LinkMaker(
        app.extensions["suppression"], controller, "", 0, issued_on=datetime.now(UTC).date()
    )


def _tokens_per_second(make: Callable[[Forms], str], people: Sequence[Forms]) -> float:
    begun = time.perf_counter()
    for forms in people:
        make(forms)
    return len(people) / (time.perf_counter() - begun)


def link_files(on: Ground) -> Iterator[Finding | Failure]:
    """Measure rows per second of a file of links, from the command's start to the written file."""
    stop_list, count = on.lists[on.sizes.single_list], on.sizes.links
    source = write_recipients(on.path("mailing.csv"), count, listed=stop_list.size)
    environ, target = on.environment(stop_list.url), on.path("linked.csv")

    probe = write_recipients(on.path("probe.csv"), PROBE, listed=stop_list.size)

    def by_us(given: Path = source, rows: int = count) -> float:
        target.unlink(missing_ok=True)
        seconds = run_flask(links(given, target), environ).seconds
        expect(target, rows, "/u/")
        return rows / seconds

    def by_the_peer() -> float:
        seconds = watched([*_PEER, str(source), str(target)], environ).seconds
        expect(target, count, "/u/")
        return count / seconds

    try:
        by_us(probe, PROBE)
    except (NotBuiltError, CommandFailedError) as error:
        why = f"{error}; peer: {by_the_peer():,.0f} rows/s"
        yield Failure(row="links-file", why=why)
        return
    turns = interleaved({"ours": by_us, "peer": by_the_peer}, on.sizes.rounds)
    yield Finding(row="links-file", ours=turns["ours"], peer=turns["peer"])
