"""What a case keeps of the person: only what answering needs, and only for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from suppression.domain.cases.vocabulary import CaseEvent
from suppression.domain.vocabulary import Kind

KEEP_MONTHS = 36
SHORTEST_KEEP, LONGEST_KEEP = 1, 120


@dataclass(frozen=True, kw_only=True, slots=True)
class UnparsedIdentifier:
    """An identifier that could not be understood, as the person gave it."""

    kind: Kind
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseContact:
    """Name and contact of the person; who wrote, where it was somebody else; what was unreadable.

    `given`: the identifiers of a request that stops nothing: without them nobody could answer it.
    Encrypted wherever it stands.
    """

    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    writer: str = field(default="", repr=False)
    unread: tuple[UnparsedIdentifier, ...] = ()
    given: tuple[UnparsedIdentifier, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What is encrypted."""
        return {
            "name": self.name,
            "contact": self.contact,
            "writer": self.writer,
            "unread": [[unparsed.kind.value, unparsed.text] for unparsed in self.unread],
            "given": [[unparsed.kind.value, unparsed.text] for unparsed in self.given],
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> CaseContact:
        """What was encrypted.

        >>> CaseContact.from_json(CaseContact(name="Zoé").as_json()).name
        'Zoé'
        """
        return cls(
            name=found["name"],
            contact=found["contact"],
            writer=found["writer"],
            unread=tuple(
                UnparsedIdentifier(kind=Kind(kind), text=text) for kind, text in found["unread"]
            ),
            given=tuple(
                UnparsedIdentifier(kind=Kind(kind), text=text)
                for kind, text in found.get("given", ())
            ),
        )

    def merged_with(self, other: CaseContact) -> CaseContact:
        """This, and what the same request brought again; what was known stays."""
        return CaseContact(
            name=self.name or other.name,
            contact=self.contact or other.contact,
            writer=self.writer or other.writer,
            unread=self.unread
            + tuple(unparsed for unparsed in other.unread if unparsed not in self.unread),
            given=self.given,
        )

    def without_fields(self, other: CaseContact) -> str:
        """What `joined` does not take over from a repeat, as lines: somebody else may have sent it.

        >>> theirs = CaseContact(name="Paul Petit", contact="12 rue X")
        >>> CaseContact(name="Zoé Petit").without_fields(theirs)
        'Paul Petit'
        """
        pairs = (
            (self.name, other.name),
            (self.contact, other.contact),
            (self.writer, other.writer),
        )
        return "\n".join(new for known, new in pairs if known and new and known != new)

    def without_unparsed(self, kind: Kind) -> CaseContact:
        """This, once an identifier of the kind was found: one of several, if there are several."""
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
    """Who did what, and when. Words of ours alone."""

    event: CaseEvent
    actor: str
    recorded_at: datetime


def suppression_dates(events: Iterable[TimelineEvent]) -> int:
    """How often a case has stopped what was asked for: once for each time that it was asked."""
    return sum(timeline_event.event is CaseEvent.STOPPED for timeline_event in events)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseNote:
    """What somebody wrote about a step."""

    event: CaseEvent
    actor: str
    recorded_at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterSettings:
    """What a controller has set for its register.

    `keep_months`: how long the content of a closed case is kept. `other_systems`: where else to ask
    for an access, a line each. `signature` ends every answer.
    """

    keep_months: int = KEEP_MONTHS
    other_systems: str = ""
    signature: str = ""
