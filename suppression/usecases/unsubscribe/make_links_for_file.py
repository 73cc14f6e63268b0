"""Make the unsubscribe link of every row of a file. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

from suppression.adapters.files.cell_values import columns_of, picker
from suppression.adapters.files.contact_file import ContactFile
from suppression.adapters.files.records import Row
from suppression.domain.controllers.model import Controller, valid_ref
from suppression.domain.errors import IdentifierParseError, InvalidValueError
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.identifiers.match_keys import Value
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.unsubscribe.link_tokens import MAX_REF, carried_match_keys
from suppression.domain.unsubscribe.mail_headers import unsubscribe_header
from suppression.domain.vocabulary import Kind
from suppression.storage.controllers.rows import load_topics
from suppression.storage.engine.database import reading
from suppression.usecases.services import Services
from suppression.usecases.unsubscribe.make_links import (
    IssueDays,
    LinkMaker,
    read_issue_days,
)

ADDED = ("unsubscribe_url", "list_unsubscribe", "list_unsubscribe_post", "list_id", "link_error")
_LANGUAGES = frozenset({"fr", "en"})


@dataclass(frozen=True, kw_only=True, slots=True)
class FileLinks:
    """The options of the links for a file; `topic` is a slug, '' for all topics.

    `ref` goes into every link. `ref_column`: whether a filled cell in column `ref` replaces it.
    `language` (fr, en or '' for the browser's) is used for rows that state neither fr nor en.
    """

    topic: str = ""
    ref: str = ""
    language: str = ""
    ref_column: bool = False


class LinkedRows(NamedTuple):
    """Rows and, for each, the cells of ADDED; a row without a link fills only the last cell."""

    rows: list[Row]
    cells: list[tuple[str, ...]]


def make_links_for_rows(
    services: Services,
    controller: Controller,
    file: ContactFile,
    links: FileLinks,
) -> Iterator[LinkedRows]:
    """Yield all rows of a file, except blank ones, with their links, some thousand at a time.

    Each batch of links is dated once its rows are read (`IssueDays`), because reading a file may
    take hours and pass midnight. Raises InvalidValueError for an unknown topic, a missing
    or ambiguous column, or a file that cannot be read to its end; BodyTooLargeError for a file over
    its limits.
    """
    file.refuse_ambiguous(*columns_of(Kind.EMAIL), "language")
    number = _topic_number(controller, links.topic)
    linker = _Linker(services, controller, file, links, number)
    for rows in file.batches():
        yield LinkedRows(rows, linker.cells_of(rows))


def valid_ref_of(ref: str) -> str:
    """Return `ref` if a link can contain it. Raises InvalidValueError if it cannot."""
    if len(valid_ref(ref, pointer="/ref")) > MAX_REF:
        detail = f"Use at most {MAX_REF} characters: a link's reference stands in its URL."
        raise InvalidValueError.at("/ref", detail)
    return ref


def _topic_number(controller: Controller, topic: str) -> int:
    if not topic:
        return 0
    with reading() as transaction:
        numbers: Mapping[str, int] = {
            topic.slug: topic.number for topic in load_topics(transaction, controller)
        }
    if topic not in numbers:
        detail = "This controller has no topic of this name."
        raise InvalidValueError.at("/topic", detail)
    return numbers[topic]


class _Recipient(NamedTuple):
    """The contents of a row's link; `error` is the row's fault, '' if the row gets a link."""

    forms: Sequence[Fingerprint] = ()
    ref: str = ""
    language: str = ""
    error: str = ""


class _Linker:
    """A maker of the cells of ADDED for the rows of a file."""

    def __init__(
        self,
        services: Services,
        controller: Controller,
        file: ContactFile,
        links: FileLinks,
        number: int,
    ) -> None:
        # No Subject is built: it has every fingerprint for checks; a link needs the stored ones.
        self.keys, self.region = services.keys_of(controller), controller.country
        self.clean_email = self.keys.clean_email
        version = self.keys.version
        self.newest = slice(version - 1, None, version)
        self.links = links
        self.maker = cache(partial(LinkMaker, services, controller, links.topic, number))
        self.pick = picker(file.columns, Kind.EMAIL, scheme="plain")
        places = {name: place for place, name in enumerate(file.columns)}
        self.language_at = places.get("language")
        self.ref_at = places.get("ref") if links.ref_column else None

    def cells_of(self, rows: Sequence[Row]) -> list[tuple[str, ...]]:
        """Return the cells of ADDED for each row."""
        recipients = [self._recipient(row) for row in rows]
        forms = {form for recipient in recipients for form in recipient.forms}
        with reading() as transaction:
            days = read_issue_days(transaction, forms)
        return [self._cells(recipient, days) for recipient in recipients]

    def _recipient(self, row: Row) -> _Recipient:
        if row.fault:
            return _Recipient(error=row.fault)
        try:
            forms = self._forms(self.pick(row.cells))
            return _Recipient(forms, ref=self._ref(row), language=self._language(row))
        except IdentifierParseError as error:
            return _Recipient(error=error.code)
        except InvalidValueError:
            return _Recipient(error="invalid_item")

    def _cells(self, recipient: _Recipient, days: IssueDays) -> tuple[str, ...]:
        if recipient.error:
            return ("", "", "", "", recipient.error)
        maker = self.maker(issued_on=days.of(recipient.forms))
        url = maker.url(recipient.forms, ref=recipient.ref, language=recipient.language)
        return (url, unsubscribe_header(url), *maker.lasting.values(), "")

    def _forms(self, value: Value) -> Sequence[Fingerprint]:
        """Return the fingerprints for a link to this address, made with the newest master key.

        Raises IdentifierParseError if the address cannot be parsed.
        """
        if isinstance(value, str) and (clean := self.clean_email(value)):
            return clean[self.newest]
        keys = self.keys
        identifier = parse_identifier(Kind.EMAIL, value, region=self.region)
        written = [match_key for match_key in identifier.forms if match_key.use.is_stored]
        forms = [keys.versions(Kind.EMAIL, match_key)[-1] for match_key in written]
        return carried_match_keys(forms, hashed=identifier.hashed)

    def _ref(self, row: Row) -> str:
        if self.ref_at is not None and (cell := row.cells[self.ref_at].strip()):
            return valid_ref_of(cell)
        return self.links.ref

    def _language(self, row: Row) -> str:
        if self.language_at is None:
            return self.links.language
        language = row.cells[self.language_at].strip()[:2].lower()
        return language if language in _LANGUAGES else self.links.language
