"""Count the functions and files that four requests pass through, and their calls to higher layers.

    PYTHONPATH=. .venv/bin/python -m benchmarks.journeys [--list]

This tells how far a reader of the code has to walk. The four requests, called journeys, run in this
process, on an SQLite database of their own:

- check: `POST /v1/checks` about one e-mail address that nobody stopped
- one-click: `POST /u/{token}`, as a mail provider sends it
- letter: `POST /console/okwind/record`, an objection that names an e-mail address, a phone number
  and a postal address
- import: `flask import okwind FILE --channels email --apply`, a file of three rows

Each journey is done once for another person before it is measured, so that no figure counts what
happens once in a process. `sys.setprofile` counts:

- functions: distinct functions of `suppression/` that are called: named functions, methods and
  lambdas; neither comprehensions, nor what `dataclass` generates, nor templates
- files: distinct files that hold these functions
- climbs: calls from a lower layer to a higher one, each call counted. The order is domain and
  settings < storage and adapters < usecases < web and cli < wiring. The caller is the nearest
  function of ours on the stack, so a callback that a library calls counts too. A generator
  counts once, where it is first resumed
- rises: with the functions in the order of their first call, how often the next one is in a
  higher layer. This is how often a reader who follows the calls comes back up

`--list` also prints the files in the order of their first call, and the climbs.
"""

from __future__ import annotations

import inspect
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType
from urllib.parse import urlsplit

from suppression.domain.users.roles import Role
from suppression.storage.engine.database import disconnect
from suppression.wiring.whole import create_app
from tests.api import Api, make_controller, make_key
from tests.conftest import Clock
from tests.databases import SQLITE, migrated_database
from tests.launching import PROJECT
from tests.web.console.browser import STOP, Browser, signed_in

_OURS = f"{PROJECT / 'suppression'}/"
_RANKS = {
    "domain": 0,
    "settings": 0,
    "storage": 1,
    "adapters": 1,
    "usecases": 2,
    "web": 3,
    "cli": 3,
    "wiring": 4,
}
_NOT_CALLED = ("<module>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
SLUG = "okwind"


@dataclass(slots=True)
class Walk:
    """The functions that one journey called, in the order of first calls, and its climbs.

    A climb is a call from a lower layer to a higher one. `sys.setprofile(walk)` fills the Walk.
    """

    functions: dict[str, None] = field(default_factory=dict)
    climbs: Counter[str] = field(default_factory=Counter)
    _generators: set[FrameType] = field(default_factory=set)

    @property
    def files(self) -> list[str]:
        """Return the files of the called functions, in the order of their first call."""
        return list(dict.fromkeys(name.partition(":")[0] for name in self.functions))

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """Record one call of a function of `suppression/`; Python's profiler calls this method."""
        code = frame.f_code
        if event != "call" or not _is_ours(code) or code.co_name in _NOT_CALLED:
            return
        if code.co_flags & inspect.CO_GENERATOR:
            if frame in self._generators:
                return
            self._generators.add(frame)
        name, caller = _named(code), _caller(frame.f_back)
        self.functions[name] = None
        if caller and _rank(caller) < _rank(name):
            self.climbs[f"{caller} -> {name}"] += 1

    @property
    def rises(self) -> int:
        """Return how often the next function, in the order of first calls, is in a higher layer."""
        return sum(_rank(before) < _rank(after) for before, after in pairwise(self.functions))

    def __str__(self) -> str:
        """Return the counts of functions, files, climbs and rises as one line."""
        functions, files, climbs = len(self.functions), len(self.files), self.climbs.total()
        return f"{functions} functions, {files} files, {climbs} climbs, {self.rises} rises"


Journey = Callable[[str], Callable[[], None]]
"""A function that prepares a journey for a person's name and returns the function to measure."""


@dataclass(frozen=True, slots=True)
class House:
    """A service with one controller, an API client, and a user signed in to the console.

    The functions that its methods return raise SystemExit if the service refuses the request.
    """

    api: Api
    clerk: Browser
    folder: Path

    def check(self, person: str) -> Callable[[], None]:
        """Return a function that checks the e-mail address of a person."""
        body = {"channel": "email", "identifier": f"{person}@example.fr"}
        return lambda: _expect(self.api.client.post("/v1/checks", json=body, headers=self._key()))

    def one_click(self, person: str) -> Callable[[], None]:
        """Make a link for a person; return a function that clicks it as a mail provider does."""
        link = self.api.post("/v1/links", {"identifier": f"{person}@example.fr"}).get_json()["url"]
        path, form = urlsplit(link).path, {"List-Unsubscribe": "One-Click"}
        return lambda: _expect(self.api.client.post(path, data=form))

    def letter(self, person: str) -> Callable[[], None]:
        """Open the form; return a function that records a letter with identifiers of all kinds."""
        form = STOP | {
            "channels": ["email", "sms", "telephone", "post"],
            "emails": f"{person}@example.fr",
            "phones": f"06 12 34 56 {len(person):02}",
            "name": f"{person} Martin",
            "addresses": f"{len(person)} rue de la Paix\n35000 Rennes",
        }
        self.clerk.get(f"/{SLUG}/record")
        return lambda: _expect(self.clerk.post(f"/{SLUG}/record", form))

    def list_of_stops(self, person: str) -> Callable[[], None]:
        """Write a file of three stops; return a function that runs `flask import --apply` on it."""
        file = self.folder / f"{person}.csv"
        file.write_text("email\n" + "".join(f"{person}.{row}@example.fr\n" for row in range(3)))
        words = ["import", SLUG, str(file), "--channels", "email", "--apply"]
        runner = self.api.app.test_cli_runner()

        def run() -> None:
            result = runner.invoke(args=words)
            if result.exit_code:
                raise SystemExit(result.output)

        return run

    def _key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api.key}"}


def walks() -> dict[str, Walk]:
    """Run and measure the four journeys; return the Walk of each, by the journey's name."""
    with _house() as house:
        journeys = {
            "check": house.check,
            "one-click": house.one_click,
            "letter": house.letter,
            "import": house.list_of_stops,
        }
        return {name: _walk(journey) for name, journey in journeys.items()}


def main(*, listed: bool) -> None:
    """Run every journey and print its counts; with `listed`, its files and climbs too."""
    for name, walk in walks().items():
        print(f"{name}: {walk}")
        if listed:
            print("".join(f"    {file}\n" for file in walk.files))
            print("".join(f"    {times} x {climb}\n" for climb, times in walk.climbs.items()))


def _walk(journey: Journey) -> Walk:
    journey("zoe")()
    measured = journey("camille")
    walk = Walk()
    sys.setprofile(walk)
    try:
        measured()
    finally:
        sys.setprofile(None)
    return walk


@contextmanager
def _house() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as outer:
        folder = Path(outer) / "list"
        folder.mkdir()
        clock, seen = Clock(), set[str]()
        with migrated_database(SQLITE, folder) as database:
            app = create_app(database.settings(), clock=clock, database_clock=clock)
            controller = make_controller(app, SLUG)
            api = Api(app, make_key(app, controller), seen)
            yield House(api, signed_in(app, clock, seen, {controller: Role.INTAKE}), folder)
            with app.app_context():
                disconnect()


def _expect(response: object) -> None:
    status = getattr(response, "status_code", 0)
    if status not in {200, 201}:
        raise SystemExit(f"a journey was answered {status}")


def _is_ours(code: CodeType) -> bool:
    return code.co_filename.startswith(_OURS) and code.co_filename.endswith(".py")


def _caller(frame: FrameType | None) -> str:
    """Return the name of the nearest function of `suppression/` from `frame` up, or ""."""
    while frame is not None and not _is_ours(frame.f_code):
        frame = frame.f_back
    return _named(frame.f_code) if frame else ""


def _named(code: CodeType) -> str:
    """Return the name of a function as `suppression/layer/.../file.py:name`."""
    return f"{code.co_filename.removeprefix(f'{PROJECT}/')}:{code.co_qualname}"


def _rank(name: str) -> int:
    return _RANKS[re.split(r"[/.]", name)[1]]


if __name__ == "__main__":
    main(listed="--list" in sys.argv[1:])
