"""What holds for all rows of an import that do not say it themselves, as a caller words it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from suppression.domain.calendar.date_parsing import DateRange
from suppression.domain.calendar.timestamps import from_rfc3339, to_rfc3339
from suppression.domain.errors import FieldError, InvalidValueError, UnknownFieldError
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, Kind, Purpose, Reason

Word = TypeVar("Word", bound=StrEnum)

ALL = "all"
_TOPIC = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_YES = {"yes": True, "no": False}


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOptions:
    """What holds for rows that do not say it themselves.

    `kind` and `scheme` are those of columns that hold digests; `country` reads national numbers and
    addresses; `occurred_at` is all that the caller may have meant, None the moment of the upload.
    """

    channels: tuple[Channel, ...] | None = None
    purpose: Purpose = Purpose.MARKETING
    topic: str = ""
    reason: Reason = Reason.IMPORTED
    occurred_at: DateRange | None = None
    expires_at: datetime | None = None
    country: str = ""
    kind: Kind | None = None
    scheme: str = "plain"
    whole_address: bool = False

    def coverage(self, named: tuple[Channel, ...] | None, kind: Kind) -> RequestedScope | None:
        """What a row covers that names these channels (None: it names none) for a kind.

        None where no channel takes the kind: a telephone number in a list for e-mail.

        >>> ImportOptions(channels=(Channel.SMS,)).coverage(None, Kind.EMAIL) is None
        True
        """
        if not self.purpose.has_channel:
            return RequestedScope(channels=None, purpose=self.purpose)
        chosen = self.channels if named is None else named
        if chosen is None:
            return RequestedScope(channels=None, all_channels=True, purpose=self.purpose)
        fitting = tuple(channel for channel in chosen if channel.kind is kind)
        return RequestedScope(channels=fitting, purpose=self.purpose) if fitting else None

    def canonical_text(self) -> str:
        """All of it as one text, which tells whether two imports of a file mean the same.

        What was asked for, not what it is today: a day is the same day on the day after it.

        >>> ImportOptions(channels=(Channel.SMS,)).canonical_text()
        'sms|marketing||imported|||||plain|False'

        """
        occurred_at = self.occurred_at.last if self.occurred_at else None
        dates = [
            to_rfc3339(instant) if instant else "" for instant in (occurred_at, self.expires_at)
        ]
        channels = ",".join(sorted(self.channels or ()))
        words = [channels, self.purpose, self.topic, self.reason, *dates]
        words += [self.country, self.kind or "", self.scheme]
        return "|".join([*words, str(self.whole_address)])


TERMS = frozenset(ImportOptions.__dataclass_fields__)
"""The words that `terms_of` knows."""


def parse_options(words: Mapping[str, str]) -> ImportOptions:
    """The terms that a caller words, option by option; what is not worded is as always.

    UnknownFieldError for a word that is none, InvalidValueError for a value that cannot be taken.

    >>> parse_options({"channels": "sms,telephone", "reason": "objection"}).reason
    <Reason.OBJECTION: 'objection'>
    """
    if set(words) - TERMS:
        known = ", ".join(sorted(TERMS))
        raise UnknownFieldError(faults=(FieldError(pointer="", detail=f"Send only {known}."),))
    moment = _moment(words, "occurred_at")
    return ImportOptions(
        channels=_channels(words.get("channels", ALL)),
        purpose=_word(words, "purpose", Purpose) or Purpose.MARKETING,
        topic=_matching(words, "topic", _TOPIC, "Send a topic like newsletter."),
        reason=_word(words, "reason", Reason) or Reason.IMPORTED,
        occurred_at=DateRange(moment, moment) if moment else None,
        expires_at=_moment(words, "expires_at"),
        country=_matching(words, "country", _COUNTRY, "Send two letters, like FR.").upper(),
        kind=_word(words, "kind", Kind),
        scheme=words.get("scheme", "plain"),
        whole_address=_yes_or_no(words, "whole_address"),
    )


def _channels(text: str) -> tuple[Channel, ...] | None:
    if text == ALL:
        return None
    names = text.split(",")
    if not set(names) <= set(Channel):
        raise InvalidValueError.at("/channels", f"Send `all`, or some of: {', '.join(Channel)}.")
    return tuple(sorted(Channel(name) for name in set(names)))


def _word(words: Mapping[str, str], name: str, kind: type[Word]) -> Word | None:
    if name not in words:
        return None
    try:
        return kind(words[name])
    except ValueError:
        raise InvalidValueError.at(f"/{name}", f"Send one of: {', '.join(kind)}.") from None


def _matching(words: Mapping[str, str], name: str, pattern: re.Pattern[str], detail: str) -> str:
    if name in words and not pattern.fullmatch(words[name]):
        raise InvalidValueError.at(f"/{name}", detail)
    return words.get(name, "")


def _moment(words: Mapping[str, str], name: str) -> datetime | None:
    if name not in words:
        return None
    try:
        return from_rfc3339(words[name])
    except ValueError:
        raise InvalidValueError.at(f"/{name}", "Send a time like 2026-11-21T09:30:00Z.") from None


def _yes_or_no(words: Mapping[str, str], name: str) -> bool:
    if words.get(name, "no") not in _YES:
        raise InvalidValueError.at(f"/{name}", "Send yes or no.")
    return _YES[words.get(name, "no")]
