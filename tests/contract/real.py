"""Put real tokens, codes and ids of the service into the requests that Schemathesis makes.

The ones that Schemathesis invents never exist, so that its requests would be answered only by 404.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from schemathesis import Case, GenerationMode
from schemathesis.core.parameters import ParameterLocation

from suppression.domain.imports.model import ImportAction
from suppression.usecases.controllers.branding import BrandingRequest, change_branding
from suppression.usecases.controllers.queries import find_controller
from tests.api import Api
from tests.consenting import GIVEN, PROOF, consented
from tests.importing import Imports

SLUG = "okwind"
NUMBER = "+33612345678"
CSV = b"email\nana.silva@example.com\n"
LOGO = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
_SENSE: Mapping[str, Mapping[str, Any]] = {
    "/v1/links": {"identifier": "ana.silva@example.com", "topic": "offers"},
    "/v1/attempts": {"identifier": NUMBER, "country": "FR"},
    "/stop/{controller}": {"what": "email", "email": "ana.silva@example.com"},
}
"""Real values, by path, for fields that the contract calls a text but that need a certain value."""
_WHOLE: Mapping[str, Mapping[str, Any]] = {
    "/v1/suppressions/search": {"kind": "email", "identifier": "ana.silva@example.com"},
    "/v1/consents": {"kind": "phone", "identifier": NUMBER, "channels": "all", "given_at": GIVEN}
    | PROOF,
    "/v1/consents/withdraw": {"kind": "phone", "identifier": NUMBER, "channels": "all"},
}
"""Complete bodies, by path, whose fields must fit each other; every second request uses them."""
_UNDO = re.compile(r'name="undo" value="([^"]+)"')
_ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Real:
    """A source of real values, each made newly by the API because most can be used only once."""

    def __init__(self, app: Flask, api: Api) -> None:
        """Set up the sources; the key of `api` must have all scopes."""
        self._api, self._numbers = api, count()
        self._code = ""
        with app.app_context():
            change_branding(find_controller(SLUG), BrandingRequest(logo=LOGO))
        self._places: Mapping[str, Callable[[], str]] = {
            "token": self._token,
            "code": self._confirmation,
            "controller": lambda: SLUG,
            "scrub_id": self._scrub,
            "import_id": self._import,
            "filename": lambda: "page.css",
        }
        self._members: Mapping[str, Callable[[], str]] = {
            "undo": self._undo,
            "attempt_id": self._attempt,
            "consent_id": self._consent,
        }

    def put_into(self, case: Case[Any]) -> None:
        """Replace the invented values of a request's valid parts by real ones.

        The parts are copied first, because Schemathesis shares them with later requests.
        """
        if _is_meant_well(case, ParameterLocation.PATH):
            case.path_parameters = dict(case.path_parameters or {})
            for name in case.path_parameters:
                case.path_parameters[name] = self._of(case.operation.path, name)
        if isinstance(case.body, dict) and _is_meant_well(case, ParameterLocation.BODY):
            case.body = dict(case.body)
            for name in case.body.keys() & self._members.keys():
                case.body[name] = self._members[name]()
            case.body.update(_SENSE.get(case.operation.path, {}))
            self._make_whole(case.operation.path, case.body)

    def _make_whole(self, path: str, body: dict[str, Any]) -> None:
        if path in _WHOLE and next(self._numbers) % 2:
            body.clear()
            body.update(_WHOLE[path])

    def _of(self, path: str, name: str) -> str:
        if path == "/v1/imports/{import_id}/undo":
            return self._applied_import()
        return "swagger-ui.css" if path.startswith("/docs") else self._places[name]()

    def _token(self) -> str:
        body = {"identifier": f"person{next(self._numbers)}@example.com", "topic": "offers"}
        url = self._api.post("/v1/links", body).get_json()["url"]
        return str(urlsplit(url).path.removeprefix("/u/"))

    def _confirmation(self) -> str:
        done = self._api.client.post(f"/u/{self._token()}", data={"confirm": "all"})
        self._code = urlsplit(done.headers["Location"]).path.rpartition("/")[2]
        return self._code

    def _undo(self) -> str:
        """Return the undo token of the newest confirmation, whose code is in the same request."""
        page = self._api.client.get(f"/r/{self._code or self._confirmation()}")
        match = _UNDO.search(page.get_data(as_text=True))
        return match[1] if match else ""

    def _scrub(self) -> str:
        sent = {"data": CSV, "content_type": "text/csv"}
        answer = self._api.send("POST", "/v1/scrubs?channel=email", **sent)
        return str(answer.get_json()["scrub_id"])

    def _import(self) -> str:
        row = f"email\nperson{next(self._numbers)}@example.com\n".encode()
        sent = {"data": row, "content_type": "text/csv"}
        answer = self._api.send("POST", "/v1/imports?channels=email", **sent)
        return str(answer.get_json()["import_id"])

    def _applied_import(self) -> str:
        import_id = self._import()
        imports = Imports(self._api.app)
        imports.wish(import_id, ImportAction.APPLY)
        imports.work()
        return import_id

    def _attempt(self) -> str:
        number = f"+336{next(self._numbers):08}"
        return str(self._api.post("/v1/attempts", {"identifier": number}).get_json()["attempt_id"])

    def _consent(self) -> str:
        return str(consented(self._api, "phone", NUMBER)[0]["consent_id"])


def _is_meant_well(case: Case[Any], place: ParameterLocation) -> bool:
    """Return whether Schemathesis made this part of a request valid."""
    part = case.meta.components.get(place) if case.meta else None
    return part is None or part.mode is GenerationMode.POSITIVE
