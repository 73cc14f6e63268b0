"""What a form says of a file of stops, as the terms and the columns that the API takes."""

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
"""The columns that a person may point out; the others are found by their headers alone."""


class FirstLine(StrEnum):
    """Whether the file's first line names its columns."""

    HEADER = "header"
    CONTACT = "contact"


class Hashed(StrEnum):
    """Of what a list is that comes hashed: a kind, and the spelling that its sender hashed."""

    EMAIL = "email:plain"
    GOOGLE_EMAIL = "email:google-email"
    PHONE = "phone:plain"
    META_PHONE = "phone:meta-phone"
    POSTAL = "postal:plain"


class ListPurpose(StrEnum):
    """What a list stops, if not marketing."""

    PROFILING = Purpose.PROFILING
    SHARING = Purpose.SHARING


def options_from_form(desk: ConsoleContext, fields: FormValues) -> ImportOptions:
    """What holds for rows that do not say it themselves; `fields.errors` names what is wrong.

    InvalidValueError for a word that the API would not take either.
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
        "expires_at": _end_of_all(desk, fields),
        "country": fields.text("country"),
        "kind": kind,
        "scheme": scheme,
        "whole_address": "yes" if fields.checked("whole_address") else "",
    }
    terms = parse_options({name: word for name, word in words.items() if word})
    return dataclasses.replace(terms, occurred_at=_day_of_all(desk, fields))


def file_options_from_form(fields: FormValues) -> FileOptions:
    """Which columns hold what, where a person says so."""
    said = {name: fields.text(f"column_{name}", place="columns") for name in COLUMNS}
    first = fields.word("first_line", FirstLine) if fields["first_line"] else None
    return FileOptions(
        columns={name: where for name, where in said.items() if where},
        header=None if first is None else first is FirstLine.HEADER,
        most_bytes=services().settings.upload_limit,
    )


def _day_of_all(desk: ConsoleContext, fields: FormValues) -> DateRange | None:
    """The day that holds for all rows; None is now."""
    day = fields.day("occurred_on", required=False)
    if day is None:
        return None
    if day > desk.today or day.year < desk.today.year - OLDEST_YEARS:
        fields.wrong("occurred_on", "day_of_list")
        return None
    return parse_date_range(day.isoformat(), desk.controller.country)


def _end_of_all(desk: ConsoleContext, fields: FormValues) -> str:
    """When the stops of all rows end, '' for never: a day holds to its last moment."""
    day = fields.day("ends_on", required=False)
    if day is None:
        return ""
    if day < desk.today:
        fields.wrong("ends_on", "end_of_list")
        return ""
    return to_rfc3339(parse_date_range(day.isoformat(), desk.controller.country).end)
