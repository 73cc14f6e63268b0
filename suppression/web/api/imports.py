"""/v1/imports: stage a file of stops, then discard it, or have it applied and perhaps undone."""

from __future__ import annotations

from flask import Blueprint, Response

from suppression.adapters.files.error_file import error_file_chunks
from suppression.domain.controllers.model import Caller
from suppression.domain.imports.model import Import, ImportAction, ImportState
from suppression.domain.imports.options import OPTION_NAMES, parse_options
from suppression.domain.vocabulary import ApiScope
from suppression.usecases.imports.manage import change_import, find_import, import_faults
from suppression.usecases.imports.stage import ImportUpload, stage_import
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.batch_slots import sent_in_parts
from suppression.web.http.context import now, services
from suppression.web.http.json_bodies import json_response, load, render
from suppression.web.http.rate_limits import exempt_from_rate_limit
from suppression.web.http.uploads import parse_file_options, query_parameters, request_body
from suppression.web.schemas.imports import ImportQuerySchema, ImportSchema

blueprint = Blueprint("imports", __name__)

_QUERY, _IMPORT = ImportQuerySchema(), ImportSchema()


@blueprint.post("/v1/imports")
@require_api_key(ApiScope.IMPORT)
def create(caller: Caller) -> Response:
    """Stage the file in the body and return its import; store no stop.

    If an import of the same bytes and options is staged, applying or applied, it is returned
    instead. Raises RateLimitedError if no slot for a file is free; InvalidValueError for invalid
    options or an unusable file; BodyTooLargeError for a file over its limits; ConflictError if the
    same bytes have an import with other options, or are being uploaded too; ImportStateError if the
    worker ended the upload.
    """
    words = query_parameters()
    file_options = parse_file_options(load(_QUERY, words))
    options = parse_options({name: words[name] for name in words if name in OPTION_NAMES})
    with request_body(caller.controller) as body:
        staged = stage_import(
            services(),
            caller.controller,
            ImportUpload(stream=body, options=options, file_options=file_options),
            actor=caller.actor,
            clock=services().clock,
        )
    return _answer(staged.import_, 201 if staged.fresh else 200)


@blueprint.get("/v1/imports/<import_id>")
@require_api_key(ApiScope.IMPORT)
def show(caller: Caller, import_id: str) -> Response:
    """Return the state and the counts of an import. Raises NotFoundError for an unknown id."""
    return _answer(find_import(caller.controller, import_id), 200)


@blueprint.post("/v1/imports/<import_id>/apply")
@exempt_from_rate_limit
@require_api_key(ApiScope.IMPORT)
def apply(caller: Caller, import_id: str) -> Response:
    """Queue a staged or failed import for the worker to apply.

    If it is queued or applied already, nothing changes. Raises NotFoundError for an unknown import
    or one that is still being uploaded, ImportStateError if it was discarded or queued to be
    undone.
    """
    return _changed(caller, import_id, ImportAction.APPLY)


@blueprint.post("/v1/imports/<import_id>/discard")
@require_api_key(ApiScope.IMPORT)
def discard(caller: Caller, import_id: str) -> Response:
    """Discard a staged import; change nothing if it was discarded before.

    Raises NotFoundError for an unknown import or one that is still being uploaded, ImportStateError
    if it was queued to be applied.
    """
    return _changed(caller, import_id, ImportAction.DISCARD)


@blueprint.post("/v1/imports/<import_id>/undo")
@require_api_key(ApiScope.RELEASE)
def undo(caller: Caller, import_id: str) -> Response:
    """Queue an import to be undone: one that was applied, is being applied, or failed.

    The worker then releases the suppressions that the import stored. If the import was queued to be
    undone before, nothing changes. The key needs the scope `release`, even if the same key created
    the import. Raises NotFoundError for an unknown import or one that is still being uploaded,
    ImportStateError if it was never queued to be applied.
    """
    return _changed(caller, import_id, ImportAction.UNDO)


@blueprint.get("/v1/imports/<import_id>/errors")
@require_api_key(ApiScope.IMPORT)
def errors(caller: Caller, import_id: str) -> Response:
    """Return the invalid rows of an import as CSV: row number, column, reason, what to change.

    Raises NotFoundError for an unknown id, RateLimitedError if no slot to send is free.
    """
    import_ = find_import(caller.controller, import_id)
    lines = error_file_chunks(import_faults(import_))
    return sent_in_parts(caller.controller, lines, content_type="text/csv; charset=utf-8")


def _changed(caller: Caller, import_id: str, action: ImportAction) -> Response:
    import_, fresh = change_import(
        caller.controller, import_id, action, actor=caller.actor, now=now()
    )
    at_work = import_.state in {ImportState.APPLYING, ImportState.UNDOING}
    return _answer(import_, 202 if fresh and at_work else 200)


def _answer(import_: Import, status: int) -> Response:
    sent = {
        **{name: getattr(import_.counts, name) for name in import_.counts.__dataclass_fields__},
        "import_id": import_.import_id,
        "state": import_.state,
        "created_at": import_.created_at,
        "changed_at": import_.changed_at,
        "columns": import_.columns,
    }
    if import_.interrupted:
        sent["interrupted"] = True
    return json_response(render(_IMPORT, sent, status=status))
