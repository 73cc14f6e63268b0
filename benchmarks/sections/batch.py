"""Measure batches over HTTP, against FastAPI, the naive peer, and our service on a small list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.goals import Failure, Finding
from benchmarks.ground import Ground, List
from benchmarks.load import Load, send, write_bodies
from benchmarks.rounds import interleaved
from benchmarks.sections.check_bodies import batches, compare_batches, flat, mixed
from benchmarks.serving import FASTAPI, NAIVE, OURS

_LIMIT = 300.0
_APPLICATIONS = {"ours": OURS, "naive": NAIVE, "fastapi": FASTAPI}


def batch(on: Ground) -> Iterator[Finding | Failure]:
    """Measure identifiers per second, with batches sent one after the other on one connection."""
    large, small = on.lists[on.sizes.large_list], on.lists[on.sizes.batch_small_list]
    ports, failures = on.ports(large, _APPLICATIONS)
    compare_batches(large, batches(on, large.size)[0], ports)
    contestants = {name: _contestant(on, large, name, port) for name, port in ports.items()}
    contestants["small"] = _contestant(on, small, "small", on.port(OURS, small))
    contestants["small"]()
    turns = interleaved(contestants, on.sizes.rounds)
    for name in ("fastapi", "naive"):
        if name in turns:
            yield Finding(row=f"batch-{name}", ours=turns["ours"], peer=turns[name])
        else:
            yield Failure(row=f"batch-{name}", why=failures[name])
    milliseconds = {
        name: [on.sizes.batch / rate * 1000 for rate in turns[name]] for name in ("ours", "small")
    }
    yield Finding(row="batch-sizes", ours=milliseconds["ours"], peer=milliseconds["small"])


def _contestant(on: Ground, stop_list: List, name: str, port: int) -> Callable[[], float]:
    body = mixed if name == "naive" else flat
    bodies = [body(identifiers) for identifiers in batches(on, stop_list.size)]
    load = Load(
        path="/v1/checks/batch",
        key=stop_list.key,
        bodies=write_bodies(on.path(f"batch-{name}.jsonl"), bodies),
        connections=1,
        seconds=_LIMIT,
        once=True,
    )
    return partial(_identifiers_per_second, load, port, on.sizes.batch)


def _identifiers_per_second(load: Load, port: int, size: int) -> float:
    return send(load, port).rate * size
