"""The command `flask consents import`, which records the consents of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import BinaryIO, TypeVar

import click
from flask.cli import AppGroup

from suppression.adapters.files.cell_values import IDENTIFIER_COLUMN
from suppression.adapters.files.contact_file import ContactFile, FileOptions
from suppression.adapters.files.error_file import ErrorFileWriter
from suppression.adapters.files.records import Row
from suppression.cli.base import ServiceCommand, echo_err, now, services
from suppression.cli.files import READ, WRITTEN, is_standard, reading_twice, size_of, writing
from suppression.cli.output import json_option, print_json
from suppression.cli.progress import Progress, progress_of
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import DatabaseUnavailableError, InvalidValueError
from suppression.domain.imports.model import RowFault
from suppression.domain.vocabulary import GivenBy, Purpose
from suppression.usecases.consents.import_rows import FileRow, RowOutcome, import_consents
from suppression.usecases.consents.parse_rows import ConsentRowParser
from suppression.usecases.controllers.queries import find_controller
from suppression.usecases.imports.rows import RowError

consents = AppGroup("consents", help="Bring consents in from a file.")

Command = TypeVar("Command", bound=Callable[..., object])

BATCH = 200
_BLOCK = 1 << 20
_DELIMITERS = {",": ",", ";": ";", "tab": "\t"}
_PURPOSES = [purpose.value for purpose in Purpose if purpose is not Purpose.SERVICE]
_PROOF = ("wording", "given_by", "evidence", "collected_by")
_USED = frozenset(
    {
        *("email", "phone", "name", "first_name", "last_name", "street", "line1", "line2"),
        *("postcode", "city", "country", "channels", "topics", "given_at", "until", *_PROOF),
    }
)
"""The columns from which a consent is parsed."""


@dataclass(kw_only=True, slots=True)
class ConsentCounts:
    """The counts of one run over a file: of rows and, as `consents`, of new consents.

    `stored`: rows with a new consent; `already`: rows whose consents were all stored before;
    `sandbox`: valid rows of the sandbox alone, of which nothing is stored; `ended`, `stopped`:
    valid rows with a consent that has ended, or that a stop still denies.
    """

    rows: int = 0
    stored: int = 0
    already: int = 0
    invalid: Counter[str] = field(default_factory=Counter)
    sandbox: int = 0
    consents: int = 0
    ended: int = 0
    stopped: int = 0

    def add(self, row: FileRow, outcome: RowOutcome) -> None:
        """Count a valid row by its outcome: whether its consents are new, ended or stopped."""
        tried = [request for request in row.requests if request.subject.sandbox]
        # A consent of the sandbox is answered as new each time, and never stored.
        created = outcome.created - sum(len(request.scopes) for request in tried)
        if len(tried) == len(row.requests):
            self.sandbox += 1
        else:
            self.stored += created > 0
            self.already += created == 0
        self.consents += created
        self.ended += outcome.ended
        self.stopped += outcome.stopped

    def shown(self) -> dict[str, object]:
        """Return the counts as a JSON object, keyed by the names that the command prints."""
        return {
            "rows": self.rows,
            "stored": self.stored,
            "already": self.already,
            "sandbox": self.sandbox,
            "invalid": dict(sorted(self.invalid.items())),
            "consents": self.consents,
            "ended_already": self.ended,
            "still_stopped": self.stopped,
        }


def _for_rows_without(command: Command) -> Command:
    """Add the options that apply to all rows; most of them give the values of empty cells."""
    for option in (
        click.option("--purpose", type=click.Choice(_PURPOSES), default=Purpose.MARKETING.value),
        click.option(
            "--channels", help="For rows that name none: email,sms,telephone,post or all."
        ),
        click.option("--topics", help="For rows that name none; all topics if absent."),
        click.option("--wording", help="For rows without: the words that the people agreed to."),
        click.option(
            "--given-by",
            type=click.Choice([given_by.value for given_by in GivenBy]),
            help="For rows without: how the consent was given.",
        ),
        click.option("--evidence", help="For rows without: your reference to the proof."),
        click.option("--collected-by", help="For rows without: who or what collected it."),
    ):
        command = option(command)
    return command


@consents.command("import", cls=ServiceCommand)
@click.argument("slug")
@click.argument("file", type=READ)
@_for_rows_without
@click.option("--errors", type=WRITTEN, help="The file to list invalid rows in.")
@click.option("--delimiter", type=click.Choice(sorted(_DELIMITERS)), help="Detected if absent.")
@click.option("--encoding", help="Detected if absent: UTF-8, else Windows-1252.")
@json_option
@click.option("--dry-run", is_flag=True, help="Show what would be stored; store nothing.")
def import_command(  # noqa: PLR0913 - options of a command
    slug: str,
    file: str,
    *,
    errors: str | None,
    delimiter: str | None,
    encoding: str | None,
    purpose: str,
    as_json: bool,
    dry_run: bool,
    **defaults: str | None,
) -> None:
    """Record the consents of a CSV file, each row with its date and proof. Rerunning it is safe.

    Ends with 1 if a row was invalid; all others are stored. No row lifts a stop.
    """
    errors_on_stdout = is_standard(errors, as_json=as_json)
    controller = find_controller(slug)
    given = {name: text for name, text in defaults.items() if text}
    with reading_twice(file) as raw, progress_of("Importing", size_of(file)) as progress:
        source = _source_of(raw)
        separator, purpose_of_all = _DELIMITERS.get(delimiter or ""), Purpose(purpose)
        known = FileOptions(header=True, encoding=encoding, delimiter=separator)
        contacts = _open_file(raw, known, progress)
        _check_columns(contacts, given, purpose_of_all)
        reader = ConsentRowParser(services(), controller, source, purpose_of_all, given)
        with _error_file(errors) as error_file:
            work = ConsentImportRun(controller, reader, error_file, dry_run=dry_run)
            counts = work.run(contacts, progress)
    _print_summary(counts, as_json=as_json, echo=echo_err if errors_on_stdout else click.echo)


@contextmanager
def _error_file(errors: str | None) -> Iterator[ErrorFileWriter | None]:
    """Yield a writer into the file `errors` for the invalid rows; None if no file is named."""
    if errors is None:
        yield None
        return
    with writing(errors) as listed:
        yield ErrorFileWriter(listed)


class ConsentImportRun:
    """One run over a file of consents, in batches, so that memory does not grow with the file."""

    def __init__(
        self,
        controller: Controller,
        reader: ConsentRowParser,
        errors: ErrorFileWriter | None,
        *,
        dry_run: bool,
    ) -> None:
        self.controller, self.reader, self.errors = controller, reader, errors
        self.dry_run, self.counts = dry_run, ConsentCounts()

    def run(self, file: ContactFile, progress: Progress) -> ConsentCounts:
        """Store the consents of the valid rows of `file`, except in a dry run; return the counts.

        Invalid rows are counted, and listed in the error file if there is one. Raises
        DatabaseUnavailableError if the database does not answer, BodyTooLargeError for a file over
        the limits, InvalidValueError for one that cannot be read to its end; earlier batches stay
        stored.
        """
        rows = file.iter_rows()
        while batch := list(islice(rows, BATCH)):
            self._store(list(self._read(file, batch)), last=batch[-1].number)
            progress.done(len(batch), f"{self.counts.invalid.total()} invalid")
        return self.counts

    def _read(self, file: ContactFile, batch: list[Row]) -> Iterator[FileRow]:
        for row in batch:
            self.counts.rows += 1
            try:
                yield self.reader.parse(row, file.column_names(row))
            except RowError as error:
                self._refuse(error.at_row(row.number))

    def _store(self, rows: list[FileRow], *, last: int) -> None:
        try:
            outcomes = import_consents(
                self.controller, rows, actor="cli", now=now(), dry_run=self.dry_run
            )
        except DatabaseUnavailableError:
            echo_err(f"Stopped before row {last} was stored. Run it again: what is stored stays.")
            raise
        for row, outcome in zip(rows, outcomes, strict=True):
            if outcome.fault is None:
                self.counts.add(row, outcome)
                continue
            self._refuse(outcome.fault)

    def _refuse(self, fault: RowFault) -> None:
        self.counts.invalid[fault.reason] += 1
        if self.errors:
            self.errors.write(fault)


def _source_of(raw: BinaryIO) -> str:
    """Return the source to record with a file's consents: `import:` and 12 hex digits.

    The digits are the first of the file's SHA-256. The file is read to its end, then rewound.
    """
    begin = raw.tell()
    digest = sha256()
    while block := raw.read(_BLOCK):
        digest.update(block)
    raw.seek(begin)
    return f"import:{digest.hexdigest()[:12]}"


def _open_file(raw: BinaryIO, known: FileOptions, progress: Progress) -> ContactFile:
    try:
        file = ContactFile(raw, known, seen=progress.seen)
        file.refuse_ambiguous(*_USED)
    except InvalidValueError as error:
        raise click.UsageError(error.detail) from None
    except LookupError:
        raise click.UsageError("--encoding: use one that Python knows, like cp1252.") from None
    return file


def _check_columns(file: ContactFile, defaults: dict[str, str], purpose: Purpose) -> None:
    """Raise UsageError if the file lacks a column that every row needs, and no option replaces it.

    This reads no row. Columns that are not used are listed on stderr.
    """
    columns = {*file.columns, *defaults}
    if not columns & set(IDENTIFIER_COLUMN.values()):
        raise click.UsageError("The file has no column of e-mails, phones or addresses.")
    required = ["given_at", *_PROOF, *(["channels"] if purpose.has_channel else [])]
    missing = [name for name in required if name not in columns]
    if missing:
        raise click.UsageError(
            f"The file has no column for {', '.join(missing)}: add it, or, but for the date, "
            "say it for all rows with the option of that name."
        )
    unknown = [str(at) for at, name in enumerate(file.columns, start=1) if name not in _USED]
    if unknown and not file.is_json:
        echo_err(f"Columns that are not used: {', '.join(unknown)}.")


def _print_summary(counts: ConsentCounts, *, as_json: bool, echo: Callable[[str], None]) -> None:
    """Print the counts, then end the command with exit status 1 if a row was invalid."""
    if as_json:
        print_json(counts.shown())
    else:
        _print_counts(counts, echo)
    if counts.invalid:
        click.get_current_context().exit(1)


def _print_counts(counts: ConsentCounts, echo: Callable[[str], None]) -> None:
    for name, number in counts.shown().items():
        if name != "invalid":
            echo(f"{name}\t{number}")
    for reason, number in sorted(counts.invalid.items()):
        echo(f"invalid: {reason}\t{number}")
    if counts.stopped:
        echo_err("Where a stop stands, the stop holds: a file lifts none.")
