"""Convert the upload form to the options of an import and of its file, as the API has them."""

from __future__ import annotations

import dataclasses
from enum import StrEnum

from suppression.adapters.files.contact_file import FileOptions
from suppression.domain.calendar.date_parsing import DateRange, parse_date_range
from suppression.domain.calendar.timestamps import to_rfc3339
from suppression.domain.imports.options import ImportOptions, parse_options
from suppression.domain.vocabulary import Channel, Purpose, Reason
from suppression.web.console.context import ConsoleContext
from suppression.web.http.context import services
from suppression.web.http.forms import FormValues

OLDEST_YEARS = 30
COLUMNS = (
    *("email", "phone", "last_name", "first_name", "street", "postcode", "city"),
    *("reason", "occurred_at"),
)
"""The columns that a user may assign in the form; others are recognized by their headers."""


class FirstLine(StrEnum):
    """The content of a file's first line: the names of the columns, or a contact."""

    HEADER = "header"
    CONTACT = "contact"


class Hashed(StrEnum):
    """The kind of identifier in a list of hashes, and the scheme of its spelling."""

    EMAIL = "email:plain"
    GOOGLE_EMAIL = "email:google-email"
    PHONE = "phone:plain"
    META_PHONE = "phone:meta-phone"
    POSTAL = "postal:plain"


class ListPurpose(StrEnum):
    """The purpose that a list stops, if it is not marketing."""

    PROFILING = Purpose.PROFILING
    SHARING = Purpose.SHARING


def options_from_form(console: ConsoleContext, fields: FormValues) -> ImportOptions:
    """Return the import options in the form, for rows that have no value of their own.

    Records a fault in `fields` for each invalid field. Raises InvalidValueError for a value that
    `parse_options` refuses, as it does for the API.
    """
    hashed = fields.word("hashed", Hashed) if fields["hashed"] else None
    kind, _, scheme = hashed.partition(":") if hashed else ("", "", "")
    reason = fields.word("reason", Reason) if fields["reason"] else None
    purpose = fields.word("list_purpose", ListPurpose) if fields["list_purpose"] else None
    words = {
        "channels": ",".join(fields.words("channels", Channel)),
        "reason": reason or "",
        "purpose": purpose or "",
        "topic": fields.text("topic"),
        "expires_at": _end_of_all(console, fields),
        "country": fields.text("country"),
        "kind": kind,
        "scheme": scheme,
        "whole_address": "yes" if fields.checked("whole_address") else "",
    }
    options = parse_options({name: word for name, word in words.items() if word})
    return dataclasses.replace(options, occurred_at=_day_of_all(console, fields))


def file_options_from_form(fields: FormValues) -> FileOptions:
    """Return the file options in the form: assigned columns, and whether there is a header.

    What the form does not say is detected. Records a fault in `fields` for each invalid field.
    """
    column_texts = {name: fields.text(f"column_{name}", place="columns") for name in COLUMNS}
    first_line = fields.word("first_line", FirstLine) if fields["first_line"] else None
    return FileOptions(
        columns={name: where for name, where in column_texts.items() if where},
        header=None if first_line is None else first_line is FirstLine.HEADER,
        most_bytes=services().settings.upload_limit,
    )


def _day_of_all(console: ConsoleContext, fields: FormValues) -> DateRange | None:
    """Return the day of objection for rows that state none; None if the form has none.

    Records a fault and returns None for a text that is no day, a day after today, or a year more
    than OLDEST_YEARS ago.
    """
    day = fields.day("occurred_on", required=False)
    if day is None:
        return None
    if day > console.today or day.year < console.today.year - OLDEST_YEARS:
        fields.wrong("occurred_on", "day_of_list")
        return None
    return parse_date_range(day.isoformat(), console.controller.country)


def _end_of_all(console: ConsoleContext, fields: FormValues) -> str:
    """Return the end of all stops, the midnight after a day, as RFC 3339; '' if they have no end.

    Records a fault and returns '' for a text that is no day, or a day before today.
    """
    day = fields.day("ends_on", required=False)
    if day is None:
        return ""
    if day < console.today:
        fields.wrong("ends_on", "end_of_list")
        return ""
    return to_rfc3339(parse_date_range(day.isoformat(), console.controller.country).end)
