"""Stopped people, and attempts to have them allowed again by each operation that takes an API key.

tests/attacks/test_scopes_and_effects.py makes every attempt with keys of restricted scopes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.vocabulary import Reason
from tests.api import Api
from tests.conftest import Clock
from tests.consenting import PROOF
from tests.importing import Imports

TOPICS = ["newsletter", "offers"]
UNDO = re.compile(r'name="undo" value="([^"]+)"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person who was stopped. `import_id` is the import that stopped them, or ""."""

    channel: str = "email"
    kind: str = "email"
    identifier: str
    import_id: str = ""

    @property
    def named(self) -> dict[str, str]:
        """Return the person as an item of `identifiers` in a stop or a release."""
        return {"kind": self.kind, "value": self.identifier}


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A caller who tries, with the key of `api`, to have a stopped person allowed again."""

    api: Api
    person: Person
    clock: Clock

    def post(self, path: str, body: object = None) -> None:
        """Send a POST request and ignore the answer."""
        self.api.post(path, body)

    def get(self, path: str) -> None:
        """Send a GET request and ignore the answer."""
        self.api.send("GET", path)

    def upload(self, path: str) -> str:
        """Upload a file with the person; return the id of the import or scrub, or "none"."""
        sent = f"{self.person.kind}\n{self.person.identifier}\n".encode()
        answer = self.api.post(path, data=sent, headers={"Content-Type": "text/csv"})
        body = answer.get_json(silent=True) or {}
        return str(body.get("import_id") or body.get("scrub_id") or "none")

    def import_id(self) -> str:
        """Return the id of the import that stopped the person, else of a new import by this key."""
        return self.person.import_id or self.upload(f"/v1/imports?channels={self.person.channel}")


def stops(admin: Api, clock: Clock, imports: Imports) -> dict[str, Callable[[str], str]]:
    """Return a function for every way to be stopped, by its name.

    Each stops an e-mail address and returns the id of the import that did it, else "".
    """

    def by_reason(reason: str) -> Callable[[str], str]:
        def stop(identifier: str) -> str:
            channels = None if reason in {"restriction", "deceased"} else ["email"]
            admin.stop("email", identifier, channels=channels, reason=reason)
            return ""

        return stop

    def click(identifier: str, **form: object) -> str:
        """Stop the person by their own link, which was made the day before."""
        path = link(admin, identifier)
        clock.turn(days=1)
        admin.post(path, data=form)
        return ""

    def choices(identifier: str) -> str:
        path = link(admin, identifier)
        admin.post(f"{path}/choices", data={"shown": TOPICS})
        return ""

    def form(identifier: str) -> str:
        admin.post("/stop/okwind", data={"what": "email", "email": identifier})
        return ""

    return {
        **{reason: by_reason(reason) for reason in Reason},
        "one_click": lambda identifier: click(identifier, **{"List-Unsubscribe": "One-Click"}),
        "link_page": lambda identifier: click(identifier, confirm="1"),
        "choices": choices,
        "public_form": form,
        "import": lambda identifier: imports.apply(f"email\n{identifier}\n").import_id,
    }


def link(api: Api, identifier: str) -> str:
    """Make a link and return its path; it is "/u/" if the key may not make links."""
    answer = api.post("/v1/links", {"identifier": identifier})
    return "/u/" + str(answer.get_json().get("url", "")).rpartition("/")[2]


def through_links(context: Attempt) -> None:
    """Make a link, and use every form of its pages."""
    identifier = context.person.identifier
    if context.person.kind != "email":
        return
    path = link(context.api, identifier)
    context.get(path)
    context.get(f"{path}/choices")
    for shown in ([], TOPICS):
        tick(context.api, f"{path}/choices", shown)
        context.clock.turn(minutes=1)  # a consent dated as the stop itself would lift nothing
    for form in ({"confirm": "1"}, {"confirm": "all"}):
        press(context.api, path, form)
    context.clock.turn(days=1)  # the caller clicks on a later day than the link's
    context.api.post(path, data={"List-Unsubscribe": "One-Click"})
    context.clock.turn(minutes=1)
    tick(context.api, f"{path}/choices", [])


def tick(api: Api, path: str, shown: list[str]) -> None:
    """Tick every topic on the page of choices, then undo it if the next page offers that."""
    undo(api, api.post(path, data={"topic": TOPICS, "shown": shown}).headers.get("Location", ""))


def press(api: Api, path: str, form: dict[str, str]) -> None:
    """Press a button of a link's page, then undo it if the next page offers that."""
    undo(api, api.post(path, data=form).headers.get("Location", ""))


def undo(api: Api, location: str) -> None:
    """Press every undo button on the confirmation page at `location`, if it is one."""
    if "r/" not in location:
        return
    page = "/" + re.sub(r"^(\.\./)+", "", location)
    for token in UNDO.findall(api.send("GET", page).text):
        api.post(page, data={"undo": token})


def check_each(context: Attempt) -> None:
    """Send single checks with and without a basis, a purpose and an audience."""
    body = {"channel": context.person.channel, "identifier": context.person.identifier}
    for more in ({}, {"basis": "contract"}, {"purpose": "service"}, {"audience": "professional"}):
        context.post("/v1/checks", body | more)


def outcomes(context: Attempt) -> None:
    """Report every outcome of a call."""
    later = to_rfc3339(context.clock.now + timedelta(hours=3))
    number = {"identifier": context.person.identifier}
    for outcome in ({"outcome": "refused"}, {"outcome": "callback", "callback_at": later}):
        context.post("/v1/outcomes", number | outcome)
    context.post("/v1/outcomes", number | {"outcome": "stop"})


def stop_otherwise(context: Attempt) -> None:
    """Stop the person again for every reason, with an end one minute later if it may have one."""
    ends = to_rfc3339(context.clock.now + timedelta(minutes=1))
    for reason in Reason:
        body: dict[str, object] = {"identifiers": [context.person.named], "reason": reason}
        if not reason.covers_everything:
            body["channels"] = [context.person.channel]
        if reason.may_expire:
            body["expires_at"] = ends
        context.post("/v1/suppressions", body)


def release(context: Attempt) -> None:
    """Try to release every suppression of the person."""
    body: dict[str, object] = {"identifiers": [context.person.named], "why": "person_asked"}
    reasons = [reason for reason in Reason if not reason.covers_everything]
    context.post(
        "/v1/suppressions/release",
        body | {"channels": [context.person.channel], "reasons": reasons},
    )
    context.post("/v1/suppressions/release", body | {"reasons": ["restriction", "deceased"]})


def consents(context: Attempt) -> None:
    """Record consents of the person that are given now, with and without topics."""
    who = {"kind": context.person.kind, "identifier": context.person.identifier}
    given = to_rfc3339(context.clock.now)
    for topics in ({}, {"topics": TOPICS}):
        context.post("/v1/consents", who | {"channels": "all", "given_at": given} | PROOF | topics)


def of_import(action: str) -> Callable[[Attempt], None]:
    """Return an attempt that sends an action on the person's import, such as `undo`."""
    return lambda context: context.post(f"/v1/imports/{context.import_id()}/{action}")


def batches(context: Attempt) -> None:
    """Send a mixed and a flat batch of checks."""
    item = {"channel": context.person.channel, "identifier": context.person.identifier}
    context.post("/v1/checks/batch", {"items": [item]})
    flat = {"channel": context.person.channel, "identifiers": [context.person.identifier]}
    context.post("/v1/checks/batch", flat | {"basis": "consent"})


def scrub(context: Attempt) -> None:
    """Scrub a file with the person."""
    context.upload(f"/v1/scrubs?channel={context.person.channel}&basis=contract")


def import_again(context: Attempt) -> None:
    """Upload an import with the person."""
    context.upload(f"/v1/imports?channels={context.person.channel}&reason=imported")


def links_by_file(context: Attempt) -> None:
    """Make links for a file with the person, if it is an e-mail address."""
    if context.person.kind == "email":
        context.upload("/v1/links/file")


ATTEMPTS: dict[str, Callable[[Attempt], None]] = {
    "POST /v1/checks": check_each,
    "POST /v1/checks/batch": batches,
    "POST /v1/scrubs": scrub,
    "GET /v1/scrubs/{scrub_id}": lambda context: context.get(f"/v1/scrubs/{'0' * 32}"),
    "GET /v1/scrubs/{scrub_id}/decisions": lambda context: context.get(
        f"/v1/scrubs/{'0' * 32}/decisions"
    ),
    "POST /v1/suppressions": stop_otherwise,
    "POST /v1/suppressions/search": lambda context: context.post(
        "/v1/suppressions/search",
        {"kind": context.person.kind, "identifier": context.person.identifier},
    ),
    "POST /v1/suppressions/release": release,
    "POST /v1/consents": consents,
    "POST /v1/consents/withdraw": lambda context: context.post(
        "/v1/consents/withdraw",
        {"kind": context.person.kind, "identifier": context.person.identifier, "channels": "all"},
    ),
    "POST /v1/consents/search": lambda context: context.post(
        "/v1/consents/search",
        {"kind": context.person.kind, "identifier": context.person.identifier},
    ),
    "POST /v1/consents/document": lambda context: context.post(
        "/v1/consents/document", {"consent_id": "0" * 32, "language": "en"}
    ),
    "POST /v1/attempts": lambda context: context.post(
        "/v1/attempts", {"identifier": context.person.identifier}
    ),
    "POST /v1/outcomes": outcomes,
    "POST /v1/inbound/sms": lambda context: context.post(
        "/v1/inbound/sms", {"number": context.person.identifier, "text": "START OUI"}
    ),
    "POST /v1/imports": import_again,
    "GET /v1/imports/{import_id}": lambda context: context.get(
        f"/v1/imports/{context.import_id()}"
    ),
    "POST /v1/imports/{import_id}/apply": of_import("apply"),
    "POST /v1/imports/{import_id}/discard": of_import("discard"),
    "POST /v1/imports/{import_id}/undo": of_import("undo"),
    "GET /v1/imports/{import_id}/errors": lambda context: context.get(
        f"/v1/imports/{context.import_id()}/errors"
    ),
    "POST /v1/links": through_links,
    "POST /v1/links/batch": lambda context: context.post(
        "/v1/links/batch", {"items": [{"identifier": context.person.identifier}]}
    ),
    "POST /v1/links/file": links_by_file,
    "GET /v1/me": lambda context: context.get("/v1/me"),
}
"""The attempt by each operation that needs a key. A test fails if an operation is missing."""
