"""The content of a case that concerns the person: only what an answer needs, for a limited time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from suppression.domain.cases.vocabulary import CaseEvent
from suppression.domain.retention import CASES_KEPT_MONTHS
from suppression.domain.vocabulary import Kind

SHORTEST_KEEP, LONGEST_KEEP = 1, 120


@dataclass(frozen=True, kw_only=True, slots=True)
class UnparsedIdentifier:
    """An identifier that could not be parsed, as the person gave it."""

    kind: Kind
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseContact:
    """Name and contact of the person, the writer if it was somebody else, and unparsed identifiers.

    `given`: the identifiers of a request that stops nothing: without them nobody could answer it.
    The storage holds this encrypted only.
    """

    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    writer: str = field(default="", repr=False)
    unread: tuple[UnparsedIdentifier, ...] = ()
    given: tuple[UnparsedIdentifier, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the content as JSON values, for encryption."""
        return {
            "name": self.name,
            "contact": self.contact,
            "writer": self.writer,
            "unread": [[unparsed.kind.value, unparsed.text] for unparsed in self.unread],
            "given": [[unparsed.kind.value, unparsed.text] for unparsed in self.given],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> CaseContact:
        """Return the contact of decrypted JSON values.

        >>> CaseContact.from_json(CaseContact(name="Zoé").as_json()).name
        'Zoé'
        """
        return cls(
            name=content["name"],
            contact=content["contact"],
            writer=content["writer"],
            unread=tuple(
                UnparsedIdentifier(kind=Kind(kind), text=text) for kind, text in content["unread"]
            ),
            given=tuple(
                UnparsedIdentifier(kind=Kind(kind), text=text)
                for kind, text in content.get("given", ())
            ),
        )

    def merged_with(self, other: CaseContact) -> CaseContact:
        """Return this contact completed from a repeat of the request; known fields remain."""
        return CaseContact(
            name=self.name or other.name,
            contact=self.contact or other.contact,
            writer=self.writer or other.writer,
            unread=self.unread
            + tuple(unparsed for unparsed in other.unread if unparsed not in self.unread),
            given=self.given,
        )

    def without_fields(self, other: CaseContact) -> str:
        """Return the fields that `merged_with` does not take over from a repeat, as lines.

        Somebody else may have sent the repeat.

        >>> theirs = CaseContact(name="Paul Petit", contact="12 rue X")
        >>> CaseContact(name="Zoé Petit").without_fields(theirs)
        'Paul Petit'
        """
        pairs = (
            (self.name, other.name),
            (self.contact, other.contact),
            (self.writer, other.writer),
        )
        return "\n".join(new for current, new in pairs if current and new and current != new)

    def without_unparsed(self, kind: Kind) -> CaseContact:
        """Return this contact without its first unparsed identifier of a kind, which was found."""
        of_kind = [unparsed for unparsed in self.unread if unparsed.kind is kind]
        return CaseContact(
            name=self.name,
            contact=self.contact,
            writer=self.writer,
            unread=tuple(unparsed for unparsed in self.unread if unparsed not in of_kind[:1]),
            given=self.given,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineEvent:
    """A step in the timeline: who did what, and when. It holds no words of a person."""

    event: CaseEvent
    actor: str
    recorded_at: datetime


def suppression_dates(events: Iterable[TimelineEvent]) -> int:
    """Count how often a case has stopped what was asked for: once for each request."""
    return sum(timeline_event.event is CaseEvent.STOPPED for timeline_event in events)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseNote:
    """The text that somebody wrote about a step."""

    event: CaseEvent
    actor: str
    recorded_at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterSettings:
    """A controller's settings for its register.

    `keep_months`: how long the content of a closed case is stored. `other_systems`: where else to
    look for an access request, one per line. `signature` ends every letter.
    """

    keep_months: int = CASES_KEPT_MONTHS
    other_systems: str = ""
    signature: str = ""
