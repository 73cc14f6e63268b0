"""The commands `flask import` and `flask imports` (list, apply, discard, undo, errors)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TextIO

import click
from flask.cli import AppGroup

from suppression.adapters.files.contact_file import FileOptions
from suppression.adapters.files.error_file import ErrorFileWriter
from suppression.cli.base import ServiceCommand, echo_err, now, program_name, services
from suppression.cli.files import (
    READ,
    WRITTEN,
    file_options,
    is_standard,
    parse_file_options,
    reading,
    size_of,
    writing,
)
from suppression.cli.imports.options import options_for_all_rows, options_from_words
from suppression.cli.output import json_option, print_json, print_list
from suppression.cli.progress import progress_of
from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.controllers.model import Controller
from suppression.domain.imports.model import Import, ImportAction, ImportCounts, ImportState
from suppression.domain.imports.options import ImportOptions
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.imports.apply import clear_imports, run_import
from suppression.usecases.imports.manage import (
    change_import,
    find_import,
    import_faults,
    list_imports,
)
from suppression.usecases.imports.parse_rows import PreviewRow
from suppression.usecases.imports.stage import ImportUpload, StagingResult, stage_import

imports = AppGroup("imports", help="Look at imports; apply, discard or undo one.")

_COUNTS = ("rows", "new", "known", "invalid", "stops", "applied", "released")


@click.command("import", cls=ServiceCommand)
@click.argument("slug")
@click.argument("file", type=READ)
@options_for_all_rows
@file_options
@click.option(
    "--apply", "at_once", is_flag=True, help="Apply the import, and wait until it is done."
)
@click.option("--errors", type=WRITTEN, help="The file to list invalid rows in.")
@json_option
def import_command(
    slug: str,
    file: str,
    *,
    at_once: bool,
    errors: str | None,
    as_json: bool,
    **options: Any,  # noqa: ANN401
) -> None:
    """Stage a file of stops, and show what it would do. Only applying it stops anybody.

    Ends with 1 if a row was invalid, or not all applied. The same file again is the same import.
    """
    errors_on_stdout = is_standard(errors, as_json=as_json)
    controller = find_controller(slug)
    row_options, file_format = options_from_words(options, controller), parse_file_options(options)
    with writing(errors) if errors else nullcontext() as listed:
        staged = _staged(controller, file, row_options, file_format)
        _show_first_rows(staged)
        import_ = staged.import_
        if listed:
            _write_errors(import_, listed)
    if at_once:
        import_ = _changed(controller, import_.import_id, ImportAction.APPLY)
    _tell(slug, import_, as_json=as_json, echo=echo_err if errors_on_stdout else click.echo)
    if at_once:
        _require_applied(import_)
    if import_.counts.invalid and import_.state in {ImportState.STAGED, ImportState.APPLIED}:
        raise click.exceptions.Exit(1)


def _staged(
    controller: Controller, file: str, row_options: ImportOptions, file_format: FileOptions
) -> StagingResult:
    size = size_of(file)
    with reading(file) as raw, progress_of("Staging", size) as progress:

        def staged_so_far(counts: ImportCounts) -> None:
            progress.position = raw.tell() if size is not None else 0
            progress.done(counts.rows - progress.count, f"{counts.invalid:,} invalid")

        upload = ImportUpload(
            stream=raw,
            options=row_options,
            file_options=file_format,
            progress=staged_so_far,
        )
        try:
            return stage_import(services(), controller, upload, actor="cli", clock=services().clock)
        except LookupError:
            raise click.UsageError("--encoding: use one that Python knows, like cp1252.") from None


@imports.command("list", cls=ServiceCommand)
@click.argument("slug")
@json_option
def list_command(slug: str, *, as_json: bool) -> None:
    """List the newest imports: id, state, time of creation, and counts."""
    newest = list_imports(find_controller(slug))
    if as_json:
        print_json([_shown(import_) for import_ in newest])
        return
    rows = [_shown(import_) | {"state": _state(import_)} for import_ in newest]
    print_list(("import_id", "state", "created_at", *_COUNTS), rows, as_json=False)


@imports.command("apply", cls=ServiceCommand)
@click.argument("slug")
@click.argument("import_id")
@json_option
def apply_command(slug: str, import_id: str, *, as_json: bool) -> None:
    """Apply a staged or failed import to its end. Ends with 0 if every valid row was applied."""
    import_ = _changed(find_controller(slug), import_id, ImportAction.APPLY)
    _tell(slug, import_, as_json=as_json)
    _require_applied(import_)


@imports.command("discard", cls=ServiceCommand)
@click.argument("slug")
@click.argument("import_id")
@json_option
def discard_command(slug: str, import_id: str, *, as_json: bool) -> None:
    """Discard an import that was not applied, and delete its staged rows."""
    import_ = _changed(find_controller(slug), import_id, ImportAction.DISCARD)
    _tell(slug, import_, as_json=as_json)


@imports.command("undo", cls=ServiceCommand)
@click.argument("slug")
@click.argument("import_id")
@json_option
def undo_command(slug: str, import_id: str, *, as_json: bool) -> None:
    """Undo an import: lift the stops that it put on the list, and no others."""
    import_ = _changed(find_controller(slug), import_id, ImportAction.UNDO)
    _tell(slug, import_, as_json=as_json)


@imports.command("errors", cls=ServiceCommand)
@click.argument("slug")
@click.argument("import_id")
@click.argument("file", type=WRITTEN)
def errors_command(slug: str, import_id: str, file: str) -> None:
    """Write the invalid rows of an import to a file: row, column, reason, and what to change."""
    import_ = find_import(find_controller(slug), import_id)
    with writing(file) as listed:
        _write_errors(import_, listed)


def _changed(controller: Controller, import_id: str, action: ImportAction) -> Import:
    """Apply or undo an import to its end in this process, or discard it; return the import.

    Then delete the staged rows that no import needs any more. Raises NotFoundError for an unknown
    import or one that is still being uploaded, ImportStateError if its state forbids the action or
    its staged rows are missing.
    """
    import_, _ = change_import(controller, import_id, action, actor="cli", now=now())
    if import_.state in {ImportState.APPLYING, ImportState.UNDOING}:
        import_ = _run(import_)
    clear_imports(now=now())
    return import_


def _run(import_: Import) -> Import:
    """Apply or undo an import to its end, and show the progress; return it in its final state."""
    undoing = import_.state is ImportState.UNDOING
    name, total = (
        ("Undoing", import_.counts.applied) if undoing else ("Applying", import_.counts.stops)
    )
    with progress_of(name, total, unit="stops", by_bytes=False) as progress:

        def worked_so_far(moved: Import) -> None:
            done = moved.counts.released if undoing else moved.counts.applied
            progress.done(done - progress.count)

        return run_import(import_, services().clock, worked_so_far)


def _require_applied(import_: Import) -> None:
    """End the command with exit status 1 unless the import is applied to its end."""
    if import_.state is ImportState.FAILED:
        echo_err("It was given up after failures: see the worker's log, then apply it again.")
        raise click.exceptions.Exit(1)
    if import_.state is not ImportState.APPLIED:
        echo_err(f"It was not applied to its end: somebody else had it {import_.state}.")
        raise click.exceptions.Exit(1)


def _show_first_rows(staged: StagingResult) -> None:
    """Print on stderr the columns and how the first five rows were parsed, for a user to judge.

    For a file that was imported before, print the id of its import instead.
    """
    if not staged.fresh:
        import_id = staged.import_.import_id
        echo_err(f"This very file is import {import_id} already, as it stands:")
        return
    columns = ", ".join(name or "(not used)" for name in staged.import_.columns)
    echo_err(f"Columns: {columns or 'by name'}")
    for row in staged.first_rows[:5]:
        echo_err(f"Row {row.number}: {_understood(row)}")


def _understood(row: PreviewRow) -> str:
    if row.fault:
        return f"invalid: {row.fault.reason} {row.fault.column}"
    stops = [
        f"{suppression.scope.channel or suppression.scope.purpose or 'everything'}"
        f"{' ' + suppression.scope.topic if suppression.scope.topic else ''}, {suppression.reason}"
        f", since {suppression.occurred_at:%Y-%m-%d}"
        for suppression in row.stops
    ]
    return "; ".join(stops)


def _write_errors(import_: Import, listed: TextIO) -> None:
    error_file = ErrorFileWriter(listed)
    for fault in import_faults(import_):
        error_file.write(fault)


def _state(import_: Import) -> str:
    return f"{import_.state} (interrupted)" if import_.interrupted else str(import_.state)


def _shown(import_: Import) -> dict[str, object]:
    counts: dict[str, object] = {name: getattr(import_.counts, name) for name in _COUNTS}
    if import_.interrupted:
        counts["interrupted"] = True
    head = {"import_id": import_.import_id, "state": str(import_.state)}
    return head | {"created_at": to_rfc3339(import_.created_at)} | counts


def _tell(
    slug: str,
    import_: Import,
    *,
    as_json: bool,
    echo: Callable[[str], None] = click.echo,
) -> None:
    """Print the state and counts of an import; for a staged one, also the commands to go on."""
    if as_json:
        print_json(_shown(import_))
    else:
        for name, value in _shown(import_).items():
            echo(f"{name}\t{value}")
    if import_.state is ImportState.STAGED:
        name = program_name()
        echo_err("Nothing is stopped yet. Apply it, or forget it:")
        echo_err(f"  {name} imports apply {slug} {import_.import_id}")
        echo_err(f"  {name} imports discard {slug} {import_.import_id}")
