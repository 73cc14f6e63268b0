"""The pages of imports: a file of stops is previewed, then applied, discarded or undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from werkzeug.wrappers import Response

from suppression.adapters.files.contact_file import FileOptions
from suppression.adapters.files.error_file import error_file_chunks
from suppression.domain.errors import BodyTooLargeError, ConflictError, InvalidValueError
from suppression.domain.imports.model import Import, ImportAction, ImportState, RowFault
from suppression.domain.imports.options import ImportOptions
from suppression.domain.suppressions.kinds import STATABLE_REASONS
from suppression.domain.users.roles import Right
from suppression.domain.vocabulary import Channel, Reason
from suppression.usecases.controllers.topics import list_topics
from suppression.usecases.imports.manage import (
    change_import,
    find_import,
    import_faults,
    list_imports,
)
from suppression.usecases.imports.stage import ImportUpload, StagingResult, stage_import
from suppression.usecases.users.manage import find_logins
from suppression.web.console.context import (
    ConsoleContext,
    language,
    page,
    submitted_file,
    submitted_form,
)
from suppression.web.console.imports.options import (
    COLUMNS,
    FirstLine,
    Hashed,
    ListPurpose,
    file_options_from_form,
    options_from_form,
)
from suppression.web.console.imports.preview import preview_columns, preview_rows
from suppression.web.console.rendering import redirect_to, render_page
from suppression.web.http.batch_slots import sent_in_parts
from suppression.web.http.context import services
from suppression.web.http.forms import NOTHING, FormValues
from suppression.web.http.streamed_forms import StreamedForm
from suppression.web.http.uploads import MEGABYTE
from suppression.web.translations.catalogues import CONSOLE

_FAULTS_SHOWN = 20
_QUIET = timedelta(seconds=20)
"""An import without progress for this long is shown as waiting for a worker."""
_WRONG = {
    "/scheme": ("hashed", "choose"),
    "/kind": ("hashed", "choose"),
    "/occurred_at": ("occurred_on", "day_of_list"),
    "/expires_at": ("ends_on", "end_of_list"),
    "/channels": ("list_purpose", "purpose_alone"),
    "/country": ("country", "country_code"),
}
"""The form field and the error code to show for some of the error pointers of the API."""


@page("/imports", Right.IMPORT)
def imports(console: ConsoleContext) -> Response:
    """Show the newest imports, and the form to upload another file."""
    return _imports(console, NOTHING)


@page("/imports", Right.IMPORT, methods=("POST",), takes_file=True)
def upload(console: ConsoleContext) -> Response:
    """Stage a file and show a preview of its first rows. Nothing is stopped yet.

    If an import of the same bytes and options is staged, applying or applied, it is shown instead.
    After a fault in the form or the file, the form is shown again (422). Raises ImportStateError if
    the worker ended the upload, MalformedRequestError if the body comes too slowly or ends too
    early.
    """
    fields, file = submitted_form(), submitted_file()
    try:
        options = options_from_form(console, fields)
    except InvalidValueError as error:
        _wrong_file(fields, error)
        options = ImportOptions()
    file_options = file_options_from_form(fields)
    if file is None:
        fields.wrong("file", "file_needed")
    staged = (
        _staged(console, fields, file, options, file_options)
        if file and not fields.errors
        else None
    )
    if staged is None:
        return _imports(console, fields)
    return _shown(console, staged.import_, NOTHING, staged, options)


@page("/imports/<import_id>", Right.IMPORT)
def import_of_id(console: ConsoleContext, import_id: str) -> Response:
    """Show an import with its state, its counts and its first invalid rows.

    Raises NotFoundError for an unknown import.
    """
    return _shown(console, find_import(console.controller, import_id), NOTHING)


@page("/imports/<import_id>/apply", Right.IMPORT, methods=("POST",), stores_stops=True)
def apply_import(console: ConsoleContext, import_id: str) -> Response:
    """Queue a staged or failed import for the worker to apply.

    If it is queued or applied already, nothing changes. Raises NotFoundError for an unknown import
    or one that is still being uploaded, ImportStateError if it was discarded or queued to be
    undone.
    """
    return _changed(console, import_id, ImportAction.APPLY)


@page("/imports/<import_id>/discard", Right.IMPORT, methods=("POST",))
def discard_import(console: ConsoleContext, import_id: str) -> Response:
    """Discard a staged import; change nothing if it was discarded before.

    Raises NotFoundError for an unknown import or one that is still being uploaded, ImportStateError
    if it was queued to be applied.
    """
    return _changed(console, import_id, ImportAction.DISCARD)


@page("/imports/<import_id>/undo", Right.RELEASE, methods=("POST",))
def undo_import(console: ConsoleContext, import_id: str) -> Response:
    """Queue an import for the worker to release its stops; the user must tick a box to confirm.

    Without the tick the import is shown again (422). If it was queued to be undone before, nothing
    changes. Raises NotFoundError for an unknown import or one that is still being uploaded,
    ImportStateError if it was never queued to be applied.
    """
    fields = submitted_form()
    if not fields.checked("undo_import"):
        fields.wrong("undo_import", "undo_import")
        return _shown(console, find_import(console.controller, import_id), fields)
    return _changed(console, import_id, ImportAction.UNDO)


@page("/imports/<import_id>/errors", Right.IMPORT)
def import_errors(console: ConsoleContext, import_id: str) -> Response:
    """Return row number, column and fault of each row that cannot be imported, as a CSV file.

    Raises NotFoundError for an unknown import, RateLimitedError if no slot to send files is free.
    """
    import_ = find_import(console.controller, import_id)
    lines = _error_lines(import_faults(import_), language())
    response = sent_in_parts(console.controller, lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{import_id}.csv"'
    return response


def _staged(
    console: ConsoleContext,
    fields: FormValues,
    file: StreamedForm,
    options: ImportOptions,
    file_options: FileOptions,
) -> StagingResult | None:
    """Stage a file and return the result; None, with a fault in `fields`, if it is not accepted.

    Raises ImportStateError if the worker ended the upload.
    """
    upload = ImportUpload(stream=file, options=options, file_options=file_options)
    try:
        return stage_import(
            services(),
            console.controller,
            upload,
            actor=console.user.actor,
            clock=services().clock,
        )
    except BodyTooLargeError:
        fields.wrong("file", "file_too_large", detail=str(file_options.most_bytes // MEGABYTE))
    except ConflictError as error:
        fields.wrong("file", "file_known" if error.about else "file_at_once", detail=error.about)
    except InvalidValueError as error:
        _wrong_file(fields, error)
    return None


def _wrong_file(fields: FormValues, error: InvalidValueError) -> None:
    if error.code in {"column_missing", "columns_twice"}:
        fields.wrong("columns", error.code)
    elif error.code == "digests_of_what":
        fields.wrong("hashed", error.code)
    elif error.faults:
        pointer = error.faults[0].pointer
        name, code = _WRONG.get(pointer, (pointer.removeprefix("/"), "choose"))
        fields.wrong(name, code)
    else:
        fields.wrong("file", error.code or "file_unusable")


def _changed(console: ConsoleContext, import_id: str, action: ImportAction) -> Response:
    change_import(console.controller, import_id, action, actor=console.user.actor, now=console.now)
    if action is ImportAction.DISCARD:
        return redirect_to("imports_get", slug=console.controller.slug)
    return redirect_to("import_of_id_get", slug=console.controller.slug, import_id=import_id)


def _imports(console: ConsoleContext, fields: FormValues) -> Response:
    newest = list_imports(console.controller)
    return render_page(
        "imports.html",
        status=422 if fields.errors else 200,
        fields=fields,
        imports=newest,
        logins=find_logins([import_.actor for import_ in newest]),
        channels=list(Channel),
        purposes=list(ListPurpose),
        topics=list_topics(console.controller),
        reasons=[reason for reason in Reason if reason in STATABLE_REASONS - {Reason.IMPORTED}],
        columns=COLUMNS,
        first_lines=list(FirstLine),
        hashed=list(Hashed),
        limit=services().settings.upload_limit // MEGABYTE,
    )


def _shown(
    console: ConsoleContext,
    import_: Import,
    fields: FormValues,
    staged: StagingResult | None = None,
    options: ImportOptions | None = None,
) -> Response:
    """Return the page of an import; `staged` and `options` are shown once, after the upload."""
    at_work = import_.state in {ImportState.APPLYING, ImportState.UNDOING}
    return render_page(
        "import.html",
        status=422 if fields.errors else 200,
        fields=fields,
        import_=import_,
        at_work=at_work,
        waits=at_work and console.now - import_.changed_at > _QUIET,
        faults=list(islice(import_faults(import_), _FAULTS_SHOWN))
        if import_.counts.invalid
        else [],
        login=find_logins([import_.actor]).get(import_.actor, import_.actor),
        staged=staged,
        columns=preview_columns(staged) if staged else [],
        options=options,
        rows=preview_rows(console.controller, staged, options) if staged and options else [],
    )


def _error_lines(faults: Iterable[RowFault], language_code: str) -> Iterator[str]:
    """Yield the CSV file of invalid rows in parts; its BOM shows spreadsheets that it is UTF-8."""
    lines = (
        (
            fault.row,
            _column(fault, language_code),
            CONSOLE.text(language_code, f"fault.{fault.reason}"),
        )
        for fault in faults
    )
    header = (CONSOLE.text(language_code, f"imports.{name}") for name in ("row", "column", "fault"))
    delimiter = CONSOLE.text(language_code, "imports.delimiter")
    return error_file_chunks(lines, header=header, delimiter=delimiter, mark="\ufeff")


def _column(fault: RowFault, language_code: str) -> str:
    key = f"column.{fault.column}"
    return CONSOLE.text(language_code, key) if CONSOLE.has(key) else fault.column
