"""POST /v1/scrubs, GET /v1/scrubs/{id} and GET /v1/scrubs/{id}/decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from flask import Blueprint, Response, request

from suppression.adapters.observability.metrics import count_attested, count_checks
from suppression.domain.checks.decision import CheckResult
from suppression.domain.checks.requests import require_scope_for
from suppression.domain.checks.scrubs import Scrub, ScrubRequest
from suppression.domain.controllers.model import Caller
from suppression.domain.vocabulary import ApiScope, Audience, Decision, Purpose
from suppression.usecases.scrubs.queries import find_scrub, read_verdicts
from suppression.usecases.scrubs.store import store_scrub
from suppression.web.api.check_requests import count_service, parse_scope
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.batch_slots import sent_in_parts
from suppression.web.http.context import now, services
from suppression.web.http.json_bodies import json_response, load, render
from suppression.web.http.uploads import parse_file_options, query_parameters, request_body
from suppression.web.schemas.files import ScrubQuerySchema, ScrubSchema

blueprint = Blueprint("scrubs", __name__)

NDJSON = "application/x-ndjson"
CSV = "text/csv"
_QUERY, _SCRUB = ScrubQuerySchema(), ScrubSchema()
_LINES = 2000


@blueprint.post("/v1/scrubs")
@require_api_key(ApiScope.CHECK)
def scrub_file(caller: Caller) -> Response:
    """Check every row of the file in the body as the query says; store the decisions for a day.

    Return the counts of the scrub and the path of its decisions. Raises RateLimitedError if no slot
    for a file is free; InvalidValueError for a query whose parameters do not fit together or an
    unusable file; MissingScopeError for a purpose that the key may not check; BodyTooLargeError for
    a file over its limits.
    """
    query = load(_QUERY, query_parameters())
    scrub_request, file_options = _scrub_request(caller, query), parse_file_options(query)

    def counted(answers: Sequence[CheckResult]) -> None:
        count_checks(scrub_request.scope.channel, [result.decision for result in answers])
        count_service(caller, scrub_request.scope.purpose, len(answers))
        for result in answers:
            professional = result.audience is Audience.PROFESSIONAL
            if result.decision is Decision.ALLOW and (result.attested or professional):
                stated = Audience.PROFESSIONAL if professional else result.basis
                count_attested(scrub_request.scope.channel, stated)

    with request_body(caller.controller) as body:
        made = store_scrub(
            services(), caller.controller, body, file_options, scrub_request, counted=counted
        )
    return json_response(render(_SCRUB, _sent(made), status=201))


@blueprint.get("/v1/scrubs/<scrub_id>")
@require_api_key(ApiScope.CHECK)
def show_scrub(caller: Caller, scrub_id: str) -> Response:
    """Return the counts of a scrub and the path of its decisions.

    Raises UnknownScrubError if the controller has no such scrub, or it is a day old.
    """
    scrub = find_scrub(caller.controller, scrub_id, now=now())
    return json_response(render(_SCRUB, _sent(scrub)))


@blueprint.get("/v1/scrubs/<scrub_id>/decisions")
@require_api_key(ApiScope.CHECK)
def show_decisions(caller: Caller, scrub_id: str) -> Response:
    """Stream the decision of every row, then a last line that says whether all rows were sent.

    Raises UnknownScrubError if the controller has no such scrub, or it is a day old;
    RateLimitedError if no slot to send files is free.
    """
    scrub = find_scrub(caller.controller, scrub_id, now=now())
    as_csv = request.accept_mimetypes.best_match([NDJSON, CSV]) == CSV
    lines = _csv_lines(scrub) if as_csv else _json_lines(scrub)
    return sent_in_parts(
        caller.controller,
        _together(lines),
        content_type=f"{CSV}; charset=utf-8" if as_csv else NDJSON,
    )


def _scrub_request(caller: Caller, query: dict[str, Any]) -> ScrubRequest:
    scope, kind = parse_scope(query)
    require_scope_for(scope.purpose or Purpose.MARKETING, caller.scopes)
    # What a caller states counts only with the scope `attest`; without that it is ignored.
    stated = query if ApiScope.ATTEST in caller.scopes else {}
    return ScrubRequest(
        scope=scope,
        kind=kind,
        country=query.get("country"),
        audience=stated.get("audience", Audience.CONSUMER),
        attested=stated.get("basis"),
        at=query.get("at"),
        scheme=query.get("scheme", "plain"),
    )


def _sent(scrub: Scrub) -> dict[str, object]:
    return {
        "scrub_id": scrub.scrub_id.hex(),
        "as_of": scrub.as_of,
        "rows": scrub.rows,
        "summary": scrub.summary,
        "valid_until": scrub.valid_until,
        "kept_until": scrub.kept_until,
        "decisions": f"/v1/scrubs/{scrub.scrub_id.hex()}/decisions",
    }


def _json_lines(scrub: Scrub) -> Iterator[str]:
    count = 0
    for row, decision, reasons in read_verdicts(scrub):
        count += 1
        yield f'{{"row": {row}, "decision": "{decision}", "reasons": {json.dumps(reasons)}}}\n'
    yield f'{{"complete": {_all(scrub, count)}, "rows": {count}}}\n'


def _csv_lines(scrub: Scrub) -> Iterator[str]:
    yield "row,decision,reasons\n"
    count = 0
    for row, decision, reasons in read_verdicts(scrub):
        count += 1
        yield f"{row},{decision},{' '.join(reasons)}\n"
    yield f"complete,{_all(scrub, count)},{count}\n"


def _all(scrub: Scrub, count: int) -> str:
    """Return "true" if `count` is the number of rows of the scrub, else "false".

    Retention may delete the remaining rows while a slow reader receives the decisions.
    """
    return "true" if count == scrub.rows else "false"


def _together(lines: Iterator[str]) -> Iterator[str]:
    """Yield texts of up to 2,000 joined lines: a network write for each line would be slow."""
    while text := "".join(islice(lines, _LINES)):
        yield text
