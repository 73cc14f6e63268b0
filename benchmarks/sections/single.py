"""Measure single checks over HTTP, against bare Flask, FastAPI, the naive peer and pgbench."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.goals import Failure, Finding
from benchmarks.ground import Ground, List
from benchmarks.lists import fingerprints
from benchmarks.load import Load, WrongAnswerError, send, write_bodies
from benchmarks.people import recipients
from benchmarks.rounds import interleaved
from benchmarks.sections.check_bodies import compare_singles, share, single_bodies
from benchmarks.serving import FASTAPI, FLOOR, NAIVE, OURS

CONNECTIONS = 8
_STATEMENTS = 100
_LOOKUP = """
SELECT fingerprint, channel, purpose, topic, reason, occurred_at, last_occurred_at, expires_at
FROM suppressions WHERE fingerprint = ANY('{{{forms}}}'::uuid[]) AND released_at IS NULL
UNION ALL
SELECT f.fingerprint, s.channel, s.purpose, s.topic, s.reason, s.occurred_at, s.last_occurred_at,
    s.expires_at
FROM suppression_forms AS f JOIN suppressions AS s ON s.fingerprint = f.primary_fingerprint
    AND s.channel = f.channel AND s.purpose = f.purpose AND s.topic = f.topic
    AND s.reason = f.reason AND s.source = f.source
WHERE f.fingerprint = ANY('{{{forms}}}'::uuid[]) AND s.released_at IS NULL
UNION ALL
SELECT fingerprint, channel, purpose, topic, '', given_at, NULL, until
FROM consents WHERE fingerprint = ANY('{{{forms}}}'::uuid[]) AND ended_at IS NULL
"""


def single(on: Ground) -> Iterator[Finding | Failure]:
    """Measure answers per second of one worker at eight connections.

    pgbench runs only the lookup statement.
    """
    stop_list = on.lists[on.sizes.single_list]
    contestants, failures = _contestants(on, stop_list)
    turns = interleaved(contestants, on.sizes.rounds)
    for name in ("floor", "fastapi", "naive", "lookup"):
        row = f"single-{name}"
        if name in turns:
            yield Finding(row=row, ours=turns["ours"], peer=turns[name])
        else:
            yield Failure(row=row, why=failures[name])


def _contestants(
    on: Ground, stop_list: List
) -> tuple[dict[str, Callable[[], float]], dict[str, str]]:
    applications = {"ours": OURS, "naive": NAIVE, "fastapi": FASTAPI}
    ports, failures = on.ports(stop_list, applications)
    compare_singles(stop_list, ports)
    load = single_load(on, stop_list, connections=CONNECTIONS)
    contestants: dict[str, Callable[[], float]] = {
        name: partial(checks_per_second, load, port, share(stop_list.size))
        for name, port in ports.items()
    }
    contestants["floor"] = partial(checks_per_second, load, on.port(FLOOR, stop_list), 0.0)
    for warm in contestants.values():
        warm()
    if shutil.which("pgbench"):
        script = _script(on, stop_list)
        contestants["lookup"] = partial(_lookups_per_second, stop_list, script, on.sizes.seconds)
    else:
        failures["lookup"] = "pgbench (Debian's package postgresql) is not installed"
    return contestants, failures


def single_load(on: Ground, stop_list: List, *, connections: int) -> Load:
    """Write the bodies of single checks, one in ten of a listed person; return the load."""
    bodies = write_bodies(on.path(f"single-{stop_list.size}.jsonl"), single_bodies(stop_list.size))
    return Load(
        path="/v1/checks",
        key=stop_list.key,
        bodies=bodies,
        connections=connections,
        seconds=on.sizes.seconds,
    )


def checks_per_second(load: Load, port: int, denied: float) -> float:
    """Run one turn of single checks and return their rate.

    Raises WrongAnswerError if the share of denied checks differs from `denied` by over 1 % and the
    share that an incomplete last pass through the bodies can add.
    """
    answered = send(load, port)
    doubt = 0.01 + 100 / answered.answers  # the last lap through the thousand is not whole
    if abs(answered.marked - denied) > doubt:
        raise WrongAnswerError(f"{answered.marked:.1%} were denied instead of {denied:.1%}")
    return answered.rate


def latency(on: Ground) -> Iterator[Finding | Failure]:
    """Measure the median milliseconds of a check on one connection, on a large and a small list."""
    lists = {"large": on.lists[on.sizes.large_list], "small": on.lists[on.sizes.small_list]}
    contestants = {
        name: partial(_median, single_load(on, stop_list, connections=1), on.port(OURS, stop_list))
        for name, stop_list in lists.items()
    }
    for warm in contestants.values():
        warm()
    turns = interleaved(contestants, on.sizes.rounds)
    yield Finding(row="single-latency", ours=turns["large"], peer=turns["small"])


def _median(load: Load, port: int) -> float:
    return send(load, port).median * 1000


def _script(on: Ground, stop_list: List) -> Path:
    """Write a pgbench script of a hundred lookups, one in ten of a listed person; return its path.

    It looks up every form of each person.
    """
    people = list(recipients(_STATEMENTS, listed=stop_list.size))
    lookups = (",".join(form.hex() for form in forms) for forms in fingerprints(people))
    statements = (_LOOKUP.format(forms=form).replace("\n", " ").strip() + ";\n" for form in lookups)
    path = on.path("lookup.sql")
    path.write_text("".join(statements))
    return path


def _lookups_per_second(stop_list: List, script: Path, seconds: float) -> float:
    command = ["pgbench", "--no-vacuum", "--protocol=prepared", f"--file={script}"]
    command += [
        f"--client={CONNECTIONS}",
        "--jobs=1",
        f"--time={max(1, round(seconds))}",
        stop_list.url,
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    match = re.search(r"^tps = ([0-9.]+)", ended.stdout, re.MULTILINE)
    if ended.returncode or match is None:
        raise WrongAnswerError(f"pgbench: {ended.stderr.strip()[-200:]}")
    return float(match.group(1)) * _STATEMENTS
