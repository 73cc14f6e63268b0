"""POST /v1/links and /v1/links/batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response
from marshmallow import ValidationError

from suppression.adapters.runtime.time_slices import taking_turns
from suppression.domain.checks.requests import Unaskable
from suppression.domain.controllers.model import Caller
from suppression.domain.errors import (
    Fault,
    InvalidIdentifierError,
    InvalidValueError,
    SuppressionError,
    UnreadableIdentifierError,
)
from suppression.domain.vocabulary import Kind, Scope
from suppression.usecases.unsubscribe.make_links import Link, LinkRequest, make_links
from suppression.usecases.unsubscribe.make_links_for_file import checked_ref
from suppression.web.http.api_key_auth import keyed
from suppression.web.http.batch_slots import batch_place
from suppression.web.http.context import services
from suppression.web.http.identifiers import value_of
from suppression.web.http.json_bodies import (
    BATCH_LIMIT,
    SINGLE_LIMIT,
    json_body,
    json_response,
    loaded,
    rendered,
)
from suppression.web.schemas.links import (
    LinkBatchAnswerSchema,
    LinkBatchSchema,
    LinkRequestSchema,
    LinkSchema,
)

blueprint = Blueprint("links", __name__)

_REQUEST, _LINK = LinkRequestSchema(), LinkSchema()
_BATCH, _BATCH_ANSWER = LinkBatchSchema(), LinkBatchAnswerSchema()


@blueprint.post("/v1/links")
@keyed(Scope.LINKS)
def make_one(caller: Caller) -> Response:
    """Make the link for one e-mail, with its headers."""
    body = loaded(_REQUEST, json_body(limit=SINGLE_LIMIT))
    try:
        request = _request(caller, body)
    except UnreadableIdentifierError as error:
        place = "sha256" if "sha256" in body else "identifier"
        fault = Fault(pointer=f"/{place}", detail=error.detail)
        raise InvalidIdentifierError(error.detail, faults=(fault,)) from None
    (link,) = make_links(services(), caller.controller, [request])
    if isinstance(link, Unaskable):
        detail = "This controller has no topic of this name."
        raise InvalidValueError(faults=(Fault(pointer="/topic", detail=detail),))
    return json_response(rendered(_LINK, _sent(link)))


@blueprint.post("/v1/links/batch")
@keyed(Scope.LINKS)
def make_batch(caller: Caller) -> Response:
    """Make up to 10,000 links; a bad item says why it has none, never the whole batch."""
    with batch_place(caller.controller):
        items = loaded(_BATCH, json_body(limit=BATCH_LIMIT))["items"]
        requests = [_request_of_item(caller, item) for item in taking_turns(items)]
        links = make_links(services(), caller.controller, requests)
        failed = sum(isinstance(link, Unaskable) for link in links)
        results = [_sent(link) for link in links]
        answer = {"results": results, "made": len(links) - failed, "failed": failed}
        return json_response(rendered(_BATCH_ANSWER, answer))


def _request(caller: Caller, body: Mapping[str, Any]) -> LinkRequest:
    value = value_of(body, field="identifier")
    ref = checked_ref(body["ref"]) if "ref" in body else ""
    return LinkRequest(
        subject=services().subject(caller.controller, Kind.EMAIL, value),
        topic=body.get("topic", ""),
        ref=ref,
        language=body.get("language", ""),
    )


def _request_of_item(caller: Caller, item: object) -> LinkRequest | Unaskable:
    try:
        return _request(caller, _REQUEST.load(item))
    except UnreadableIdentifierError as error:
        return Unaskable(code=error.code)
    except (ValidationError, SuppressionError):
        return Unaskable(code="invalid_item")


def _sent(link: Link | Unaskable) -> dict[str, object]:
    if isinstance(link, Unaskable):
        return {"error": link.code}
    headers = {name.lower().replace("-", "_"): value for name, value in link.headers.items()}
    return {"url": link.url, "headers": headers}
