"""Map every error to a problem (RFC 9457) in one table, PROBLEMS, and render problems."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from suppression.domain import errors
from suppression.domain.vocabulary import ApiScope
from suppression.web.http.request_log import outage_log
from suppression.web.schemas.problems import ProblemSchema

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5
SENT_AGAIN_LATER = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}


@dataclass(frozen=True, slots=True)
class Problem:
    """The HTTP status and title of an error; `slug` is the last part of its problem's type URN."""

    status: HTTPStatus
    slug: str
    title: str


PROBLEMS: dict[type[errors.SuppressionError], Problem] = {
    errors.BodyTooLargeError: Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", "The body is too large"
    ),
    errors.CannotUndoError: Problem(
        HTTPStatus.CONFLICT, "cannot-undo", "The click cannot be undone"
    ),
    errors.ChannelMismatchError: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "channel-mismatch", "Channels and identifiers do not fit"
    ),
    errors.ConflictError: Problem(HTTPStatus.CONFLICT, "conflict", "It exists already"),
    errors.DatabaseUnavailableError: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "database-unavailable", "The database does not answer"
    ),
    errors.IdempotencyKeyBusyError: Problem(
        HTTPStatus.CONFLICT, "idempotency-key-busy", "The first request is still running"
    ),
    errors.IdempotencyKeyReusedError: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency-key-reused", "The key had another body"
    ),
    errors.ImportStateError: Problem(
        HTTPStatus.CONFLICT, "import-state", "The import is in another state"
    ),
    errors.InvalidIdentifiersError: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-identifier", "An identifier cannot be understood"
    ),
    errors.InvalidValueError: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-value", "A field has a value we cannot take"
    ),
    errors.KeyMismatchError: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "keys-differ", "The service has the wrong keys"
    ),
    errors.MalformedRequestError: Problem(
        HTTPStatus.BAD_REQUEST, "malformed-request", "The request cannot be read"
    ),
    errors.MethodNotAllowedError: Problem(
        HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "This method is not allowed here"
    ),
    errors.MissingKeyError: Problem(HTTPStatus.UNAUTHORIZED, "missing-key", "No API key was sent"),
    errors.MissingScopeError: Problem(
        HTTPStatus.FORBIDDEN, "missing-scope", "The API key may not do this"
    ),
    errors.NotFoundError: Problem(HTTPStatus.NOT_FOUND, "not-found", "There is nothing here"),
    errors.ForbiddenError: Problem(
        HTTPStatus.FORBIDDEN, "not-allowed", "Your role does not allow this"
    ),
    errors.NotJsonError: Problem(HTTPStatus.BAD_REQUEST, "not-json", "The body is no JSON object"),
    errors.RateLimitedError: Problem(
        HTTPStatus.TOO_MANY_REQUESTS, "rate-limited", "Too many requests"
    ),
    errors.PendingMigrationError: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "schema-behind", "The database is not migrated"
    ),
    errors.OutdatedCodeError: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "schema-ahead", "This version is too old for the database"
    ),
    errors.NotSignedInError: Problem(
        HTTPStatus.UNAUTHORIZED, "signed-out", "You are not signed in"
    ),
    errors.InvalidTransitionError: Problem(
        HTTPStatus.CONFLICT, "step-refused", "The case does not take this step"
    ),
    errors.TooManyItemsError: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "too-many-items", "Too many items"
    ),
    errors.UnknownControllerError: Problem(
        HTTPStatus.NOT_FOUND, "unknown-controller", "There is no such controller"
    ),
    errors.UnknownConfirmationError: Problem(
        HTTPStatus.NOT_FOUND, "unknown-confirmation", "There is no such page"
    ),
    errors.UnconfirmedError: Problem(
        HTTPStatus.BAD_REQUEST, "unconfirmed", "The stop was not confirmed"
    ),
    errors.UnknownLinkError: Problem(HTTPStatus.NOT_FOUND, "unknown-link", "There is no such link"),
    errors.UnknownScrubError: Problem(
        HTTPStatus.NOT_FOUND, "unknown-scrub", "There is no such scrub"
    ),
    errors.UnknownFieldError: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "unknown-field", "A field is not known"
    ),
    errors.IdentifierParseError: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-identifier", "An identifier cannot be understood"
    ),
    errors.InvalidApiKeyError: Problem(
        HTTPStatus.UNAUTHORIZED, "wrong-key", "The API key is not valid"
    ),
    errors.WrongTypeError: Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "wrong-type", "A field has the wrong type"
    ),
}
_PROBLEM = ProblemSchema()
_INTERNAL = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "Something went wrong here")
_OF_STATUS: dict[int, type[errors.SuppressionError]] = {
    HTTPStatus.NOT_FOUND: errors.NotFoundError,
    HTTPStatus.METHOD_NOT_ALLOWED: errors.MethodNotAllowedError,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: errors.BodyTooLargeError,
    HTTPStatus.TOO_MANY_REQUESTS: errors.RateLimitedError,
}


def problem_of_error(error: errors.SuppressionError) -> Response:
    """Return the response of an error as application/problem+json (RFC 9457); log a 503."""
    return _render(to_document(error), error.detail, error.faults, more_faults=error.more_faults)


def to_document(error: errors.SuppressionError) -> Problem:
    """Return the problem of an error from PROBLEMS, and keep its slug for the request log.

    A problem with status 503 is logged as an error, with the reason for the operator; one of an
    unavailable database once for each outage and cause.
    """
    problem = PROBLEMS[type(error)]
    g.problem = problem.slug
    if problem.status is HTTPStatus.SERVICE_UNAVAILABLE:
        fields = {
            "problem": problem.slug,
            "request_id": g.get("request_id", ""),
            "reason": error.for_operator,
        }
        if isinstance(error, errors.DatabaseUnavailableError):
            outage_log().note_refusal(error, fields)
        else:
            log.error("unavailable", exc_info=error, extra={"fields": fields})
    return problem


def error_of_http(error: HTTPException) -> errors.SuppressionError:
    """Return the SuppressionError for a werkzeug error of status 404, 405, 413 or 429.

    For any other status return a MalformedRequestError.
    """
    return _OF_STATUS.get(error.code or 0, errors.MalformedRequestError)()


def problem_of_http(error: HTTPException) -> Response:
    """Return the problem response of an error of werkzeug, with the error's Allow header if any."""
    response = problem_of_error(error_of_http(error))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def bug_document(error: Exception) -> Problem:
    """Log an unexpected exception and return the problem of an internal error."""
    g.problem = _INTERNAL.slug
    fields = {"request_id": g.get("request_id", "")}
    log.error("unexpected error", exc_info=error, extra={"fields": fields})
    return _INTERNAL


def problem_of_bug(error: Exception) -> Response:
    """Log an unexpected exception and return the problem response of an internal error."""
    return _render(bug_document(error), "This is our fault; it was logged with the request_id.", ())


def _render(
    problem: Problem, detail: str, faults: tuple[errors.FieldError, ...], *, more_faults: int = 0
) -> Response:
    g.problem = problem.slug
    body: dict[str, object] = {
        "type": f"urn:suppression:problem:{problem.slug}",
        "title": problem.title,
        "status": problem.status.value,
        "detail": detail,
        "request_id": g.get("request_id", ""),
    }
    if faults:
        body["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]
    if more_faults:
        body["more_errors"] = more_faults
    response = Response(status=problem.status, content_type="application/problem+json")
    undecided = problem.status in SENT_AGAIN_LATER or problem is _INTERNAL
    if undecided and _answers_a_check():
        body["decision"] = "unknown"
    if problem.status in SENT_AGAIN_LATER:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if problem.status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    response.set_data(json.dumps(_PROBLEM.dump(body), ensure_ascii=False))
    return response


def _answers_a_check() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "required_scope", None) is ApiScope.CHECK
