"""flask import and flask imports: lists of stops from files."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from suppression.adapters.contact_files import Wanted
from suppression.cli.command import ServiceCommand, now, say, services
from suppression.cli.file_options import file_options, wanted_of
from suppression.cli.import_options import for_all_rows, terms_from
from suppression.domain.controllers import Controller
from suppression.domain.import_terms import ImportTerms
from suppression.domain.imports import Import, ImportState, Tally, Wish
from suppression.usecases.change_import import (
    change_import,
    find_import,
    import_faults,
    list_imports,
)
from suppression.usecases.find_controller import find_controller
from suppression.usecases.read_stops import FirstRow
from suppression.usecases.stage_import import Staged, Upload, stage_import
from suppression.usecases.work_on_imports import clear_imports, work_on

imports = AppGroup("imports", help="Look at imports; apply, discard or undo one.")

_EVERY_SECONDS = 5
_COUNTS = ("rows", "new", "known", "invalid", "stops", "applied", "released")


@click.command("import", cls=ServiceCommand)
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@for_all_rows
@file_options
@click.option("--apply", "at_once", is_flag=True, help="Apply it too, and see it done.")
@click.option("--errors", type=click.Path(path_type=Path), help="Where invalid rows are listed.")
@click.option("--json", "as_json", is_flag=True, help="The import for programs.")
def import_command(
    slug: str,
    file: Path,
    *,
    at_once: bool,
    errors: Path | None,
    as_json: bool,
    **said: Any,  # noqa: ANN401
) -> None:
    """Stage a file of stops, and show what it would do. Nothing is stopped before it is applied.

    Ends with 1 if a row was invalid. The same file again is the same import.
    """
    controller = find_controller(slug)
    staged = _staged(controller, file, terms_from(said, controller), wanted_of(said))
    _show_first_rows(staged)
    found = staged.found
    if errors:
        _write_errors(found, errors)
    if at_once:
        change_import(controller, found.import_id, Wish.APPLY, actor="cli", now=now())
        found = _worked(find_import(controller, found.import_id))
    _tell(found, as_json=as_json)


def _staged(controller: Controller, file: Path, terms: ImportTerms, wanted: Wanted) -> Staged:
    with file.open("rb") as stream, _bar("Staging", file.stat().st_size) as moved:
        upload = Upload(
            stream=stream,
            terms=terms,
            wanted=wanted,
            progress=lambda tally: moved(stream.tell(), _in_short(tally)),
        )
        try:
            return stage_import(services(), controller, upload, actor="cli", clock=services().clock)
        except LookupError:
            raise click.UsageError("--encoding: use one that Python knows, like cp1252.") from None


@imports.command("list", cls=ServiceCommand)
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="For programs, an import a line.")
def list_command(slug: str, *, as_json: bool) -> None:
    """The newest imports: id, state, when, and their counts."""
    for found in list_imports(find_controller(slug)):
        if as_json:
            click.echo(json.dumps(_shown(found)))
        else:
            counts = "\t".join(str(getattr(found.tally, name)) for name in _COUNTS)
            moment = found.created_at.strftime("%Y-%m-%d %H:%M")
            click.echo(f"{found.import_id}\t{_state(found)}\t{moment}\t{counts}")


@imports.command("apply", cls=ServiceCommand)
@click.argument("slug")
@click.argument("import_id")
@click.option("--json", "as_json", is_flag=True, help="The import for programs.")
def apply_command(slug: str, import_id: str, *, as_json: bool) -> None:
    """Apply a staged import, and see it done."""
    _tell(_wished(slug, import_id, Wish.APPLY), as_json=as_json)


@imports.command("discard", cls=ServiceCommand)
@click.argument("slug")
@click.argument("import_id")
@click.option("--json", "as_json", is_flag=True, help="The import for programs.")
def discard_command(slug: str, import_id: str, *, as_json: bool) -> None:
    """Forget an import that was not applied."""
    _tell(_wished(slug, import_id, Wish.DISCARD), as_json=as_json)


@imports.command("undo", cls=ServiceCommand)
@click.argument("slug")
@click.argument("import_id")
@click.option("--json", "as_json", is_flag=True, help="The import for programs.")
def undo_command(slug: str, import_id: str, *, as_json: bool) -> None:
    """Lift what an import put on the list, its own rows alone."""
    _tell(_wished(slug, import_id, Wish.UNDO), as_json=as_json)


@imports.command("errors", cls=ServiceCommand)
@click.argument("slug")
@click.argument("import_id")
@click.argument("file", type=click.Path(path_type=Path))
def errors_command(slug: str, import_id: str, file: Path) -> None:
    """Write the invalid rows of an import into a file: row, column, reason, what to change."""
    _write_errors(find_import(find_controller(slug), import_id), file)


def _wished(slug: str, import_id: str, wish: Wish) -> Import:
    controller = find_controller(slug)
    found, _ = change_import(controller, import_id, wish, actor="cli", now=now())
    return _worked(found)


def _worked(found: Import) -> Import:
    """Apply or undo it to its end, as the worker would."""
    undoing = found.state is ImportState.UNDOING
    name, total = ("Undoing", found.tally.applied) if undoing else ("Applying", found.tally.stops)
    with _bar(name, total) as moved:

        def told(one: Import) -> None:
            done = one.tally.released if undoing else one.tally.applied
            moved(done, f"{done} of {total} stops")

        found = work_on(found, services().clock, told)
    clear_imports(now=now())
    return found


@contextmanager
def _bar(name: str, total: int) -> Iterator[Callable[[int, str], None]]:
    """Progress: a bar with rate and time left on a terminal, a line now and then elsewhere."""
    stderr = sys.stderr
    if not stderr.isatty():
        told = time.monotonic()

        def say_now_and_then(_at: int, text: str) -> None:
            nonlocal told
            if time.monotonic() - told > _EVERY_SECONDS:
                told = time.monotonic()
                say(f"{name}: {text}")

        yield say_now_and_then
        return
    began = time.monotonic()
    with click.progressbar(
        length=total, label=name, file=stderr, item_show_func=lambda text: text or ""
    ) as bar:

        def move(at: int, text: str) -> None:
            rate = bar.pos / max(time.monotonic() - began, 0.001)
            bar.update(at - bar.pos, f"{text}, {rate:,.0f}/s")

        yield move


def _in_short(tally: Tally) -> str:
    return f"{tally.rows} rows, {tally.invalid} invalid"


def _show_first_rows(staged: Staged) -> None:
    """How the first rows were understood, for the person who decides whether to apply."""
    if not staged.fresh:
        say(f"This very file is import {staged.found.import_id} already, as it stands:")
        return
    say(f"Columns: {', '.join(one or '(not used)' for one in staged.found.columns) or 'by name'}")
    for row in staged.first_rows[:5]:
        say(f"Row {row.number}: {_understood(row)}")


def _understood(row: FirstRow) -> str:
    if row.fault:
        return f"invalid: {row.fault.reason} {row.fault.column}"
    stops = [
        f"{one.extent.channel or one.extent.purpose or 'everything'}"
        f"{' ' + one.extent.topic if one.extent.topic else ''}, {one.reason}"
        f", since {one.occurred_at:%Y-%m-%d}"
        for one in row.stops
    ]
    return "; ".join(stops)


def _write_errors(found: Import, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("row", "column", "reason", "change"))
        writer.writerows(import_faults(found))


def _state(found: Import) -> str:
    return f"{found.state} (interrupted)" if found.interrupted else str(found.state)


def _shown(found: Import) -> Mapping[str, object]:
    counts: dict[str, object] = {name: getattr(found.tally, name) for name in _COUNTS}
    if found.interrupted:
        counts["interrupted"] = True
    return {"import_id": found.import_id, "state": str(found.state)} | counts


def _tell(found: Import, *, as_json: bool) -> None:
    """The import, and 1 as the command's end if a row was invalid."""
    if as_json:
        click.echo(json.dumps(_shown(found)))
    else:
        for name, value in _shown(found).items():
            click.echo(f"{name}\t{value}")
    if found.state is ImportState.STAGED:
        say("Nothing is stopped yet: apply it with flask imports apply, or discard it.")
    if found.tally.invalid and found.state in {ImportState.STAGED, ImportState.APPLIED}:
        click.get_current_context().exit(1)
