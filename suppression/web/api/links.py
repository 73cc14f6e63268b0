"""POST /v1/links and /v1/links/batch, which make unsubscribe links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response
from marshmallow import ValidationError

from suppression.adapters.runtime.time_slices import in_slices
from suppression.domain.checks.requests import InvalidCheck
from suppression.domain.controllers.model import Caller
from suppression.domain.errors import (
    FieldError,
    IdentifierParseError,
    InvalidIdentifiersError,
    InvalidValueError,
    SuppressionError,
)
from suppression.domain.vocabulary import ApiScope, Kind
from suppression.usecases.unsubscribe.make_links import Link, LinkRequest, make_links
from suppression.usecases.unsubscribe.make_links_for_file import valid_ref_of
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.batch_slots import batch_slot
from suppression.web.http.context import services
from suppression.web.http.identifiers import parse_value
from suppression.web.http.json_bodies import (
    BATCH_LIMIT,
    SINGLE_LIMIT,
    json_body,
    json_response,
    load,
    render,
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
@require_api_key(ApiScope.LINKS)
def make_one(caller: Caller) -> Response:
    """Return the unsubscribe link for one e-mail, and the headers for it, such as List-Unsubscribe.

    Raises InvalidIdentifiersError for an address that cannot be parsed; InvalidValueError for an
    unknown topic, an invalid `ref`, or a body with both `identifier` and `sha256`, or neither.
    """
    body = load(_REQUEST, json_body(limit=SINGLE_LIMIT))
    try:
        request = _request(caller, body)
    except IdentifierParseError as error:
        place = "sha256" if "sha256" in body else "identifier"
        fault = FieldError(pointer=f"/{place}", detail=error.detail)
        raise InvalidIdentifiersError(error.detail, faults=(fault,)) from None
    (link,) = make_links(services(), caller.controller, [request])
    if isinstance(link, InvalidCheck):
        detail = "This controller has no topic of this name."
        raise InvalidValueError.at("/topic", detail)
    return json_response(render(_LINK, _sent(link)))


@blueprint.post("/v1/links/batch")
@require_api_key(ApiScope.LINKS)
def make_batch(caller: Caller) -> Response:
    """Return up to 10,000 unsubscribe links, in the order of the items.

    An invalid item gets an error code in place of a link; the other items get their links. Raises
    RateLimitedError if no slot for a batch is free.
    """
    with batch_slot(caller.controller):
        items = load(_BATCH, json_body(limit=BATCH_LIMIT))["items"]
        requests = [_request_of_item(caller, item) for item in in_slices(items)]
        links = make_links(services(), caller.controller, requests)
        failed = sum(isinstance(link, InvalidCheck) for link in links)
        results = [_sent(link) for link in links]
        answer = {"results": results, "made": len(links) - failed, "failed": failed}
        return json_response(render(_BATCH_ANSWER, answer))


def _request(caller: Caller, body: Mapping[str, Any]) -> LinkRequest:
    value = parse_value(body, field="identifier")
    ref = valid_ref_of(body["ref"]) if "ref" in body else ""
    return LinkRequest(
        subject=services().subject(caller.controller, Kind.EMAIL, value),
        topic=body.get("topic", ""),
        ref=ref,
        language=body.get("language", ""),
    )


def _request_of_item(caller: Caller, item: object) -> LinkRequest | InvalidCheck:
    try:
        return _request(caller, _REQUEST.load(item))
    except IdentifierParseError as error:
        return InvalidCheck(code=error.code)
    except (ValidationError, SuppressionError):
        return InvalidCheck(code="invalid_item")


def _sent(link: Link | InvalidCheck) -> dict[str, object]:
    if isinstance(link, InvalidCheck):
        return {"error": link.code}
    headers = {name.lower().replace("-", "_"): value for name, value in link.headers.items()}
    return {"url": link.url, "headers": headers}
