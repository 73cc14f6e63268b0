"""The options of an import: the values for rows that do not state their own."""

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
from suppression.domain.suppressions.kinds import STATABLE_REASONS
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, Kind, Purpose, Reason

Word = TypeVar("Word", bound=StrEnum)

ALL = "all"
_TOPIC = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_YES = {"yes": True, "no": False}


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOptions:
    """The values for rows of an import that do not state their own.

    `channels` is None for all; `kind` and `scheme` are those of columns that hold digests;
    `country` is that of numbers and addresses that name none, '' for the controller's;
    `occurred_at` is the range that the caller may have meant, None for the time of the upload;
    `whole_address`: whether a stop is for everybody at a postal address.
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

    def coverage(
        self, row_channels: tuple[Channel, ...] | None, kind: Kind
    ) -> RequestedScope | None:
        """Return the channels and purpose that a row requests for its identifier of this kind.

        `row_channels` is None if the row names no channels. Return None if no requested channel
        takes the kind, such as for a telephone number in a list for e-mail. The topic is left out.

        >>> ImportOptions(channels=(Channel.SMS,)).coverage(None, Kind.EMAIL) is None
        True
        """
        if not self.purpose.has_channel:
            return RequestedScope(channels=None, purpose=self.purpose)
        channels = self.channels if row_channels is None else row_channels
        if channels is None:
            return RequestedScope(channels=None, all_channels=True, purpose=self.purpose)
        fitting = tuple(channel for channel in channels if channel.kind is kind)
        return RequestedScope(channels=fitting, purpose=self.purpose) if fitting else None

    def canonical_text(self) -> str:
        """Return the options as one text, which is equal for two imports with the same options.

        A date that was not stated is '', so that the text does not depend on the day.

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


OPTION_NAMES = frozenset(ImportOptions.__dataclass_fields__)
"""The names of the options that `parse_options` knows."""


def parse_options(words: Mapping[str, str]) -> ImportOptions:
    """Parse a caller's options, texts by name; those that are absent have their defaults.

    Raise UnknownFieldError for an unknown name, InvalidValueError for an invalid value; `scheme` is
    not checked here.

    >>> parse_options({"channels": "sms,telephone", "reason": "objection"}).reason
    <Reason.OBJECTION: 'objection'>
    """
    if set(words) - OPTION_NAMES:
        known_options = ", ".join(sorted(OPTION_NAMES))
        raise UnknownFieldError(
            faults=(FieldError(pointer="", detail=f"Send only {known_options}."),)
        )
    occurred_at = _parse_instant(words, "occurred_at")
    return ImportOptions(
        channels=_parse_channels(words.get("channels", ALL)),
        purpose=_parse_word(words, "purpose", frozenset(Purpose)) or Purpose.MARKETING,
        topic=_parse_matching(words, "topic", _TOPIC, "Send a topic like newsletter."),
        reason=_parse_word(words, "reason", STATABLE_REASONS) or Reason.IMPORTED,
        occurred_at=DateRange(occurred_at, occurred_at) if occurred_at else None,
        expires_at=_parse_instant(words, "expires_at"),
        country=_parse_matching(words, "country", _COUNTRY, "Send two letters, like FR.").upper(),
        kind=_parse_word(words, "kind", frozenset(Kind)),
        scheme=words.get("scheme", "plain"),
        whole_address=_parse_yes_or_no(words, "whole_address"),
    )


def _parse_channels(text: str) -> tuple[Channel, ...] | None:
    """Parse the option `channels`, None for all. Raise InvalidValueError for an unknown channel."""
    if text == ALL:
        return None
    names = text.split(",")
    if not set(names) <= set(Channel):
        raise InvalidValueError.at("/channels", f"Send `all`, or some of: {', '.join(Channel)}.")
    return tuple(sorted(Channel(name) for name in set(names)))


def _parse_word(words: Mapping[str, str], name: str, accepted: frozenset[Word]) -> Word | None:
    """Parse an option that is one of the `accepted` words; None if it is absent.

    Raise InvalidValueError for any other word.
    """
    if name not in words:
        return None
    for word in accepted:
        if word == words[name]:
            return word
    raise InvalidValueError.at(f"/{name}", f"Send one of: {', '.join(sorted(accepted))}.")


def _parse_matching(
    words: Mapping[str, str], name: str, pattern: re.Pattern[str], detail: str
) -> str:
    """Return an option that must match a pattern; '' if it is absent.

    Raise InvalidValueError, with `detail`, if it does not match.
    """
    if name in words and not pattern.fullmatch(words[name]):
        raise InvalidValueError.at(f"/{name}", detail)
    return words.get(name, "")


def _parse_instant(words: Mapping[str, str], name: str) -> datetime | None:
    """Parse an option that is an instant (RFC 3339); None if it is absent.

    Raise InvalidValueError for any other text.
    """
    if name not in words:
        return None
    try:
        return from_rfc3339(words[name])
    except ValueError:
        raise InvalidValueError.at(f"/{name}", "Send a time like 2026-11-21T09:30:00Z.") from None


def _parse_yes_or_no(words: Mapping[str, str], name: str) -> bool:
    """Parse an option that is `yes` or `no`; False if it is absent.

    Raise InvalidValueError for any other text.
    """
    if words.get(name, "no") not in _YES:
        raise InvalidValueError.at(f"/{name}", "Send yes or no.")
    return _YES[words.get(name, "no")]
