"""The contents of a case: the personal data that an answer needs, its timeline and its notes.

`RegisterSettings.keep_months` limits how long the personal data and the notes are stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from suppression.domain.cases.names import is_same_name
from suppression.domain.cases.vocabulary import CaseEvent
from suppression.domain.retention import CASES_KEPT_MONTHS
from suppression.domain.vocabulary import Kind

SHORTEST_KEEP, LONGEST_KEEP = 1, 120


@dataclass(frozen=True, kw_only=True, slots=True)
class UnparsedIdentifier:
    """An identifier as the person wrote it; see `CaseContact` for those that a case stores."""

    kind: Kind
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseContact:
    """Name and contact of the person, the writer if another person wrote, and some identifiers.

    `unread`: for a request that stops something, its identifiers that could not be parsed or are
    telephone numbers that nobody can have. `given`: for any other request, all its identifiers,
    without which nobody could answer it. The storage holds all of this encrypted only.
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
        """Return the contact from decrypted JSON values, as `as_json` returned them.

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
        """Return this contact completed from the contact of a repeated request.

        An empty name, contact or writer is filled; new identifiers are added to `unread`; `given`
        stays as it is.
        """
        return CaseContact(
            name=self.name or other.name,
            contact=self.contact or other.contact,
            writer=self.writer or other.writer,
            unread=self.unread
            + tuple(unparsed for unparsed in other.unread if unparsed not in self.unread),
            given=self.given,
        )

    def without_fields(self, other: CaseContact) -> str:
        """Return the name, contact and writer of `other` that `merged_with` drops; '' for none.

        Each is on a line of its own. Another person may have sent the repeated request.

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

    def names_another(self, other: CaseContact) -> bool:
        """Return whether both contacts have a name, and not the same one (`is_same_name`).

        >>> marie = CaseContact(name="Mme DUPONT Marie")
        >>> marie.names_another(CaseContact(name="Marie Dupont"))
        False
        >>> marie.names_another(CaseContact(name="Jean Dupont"))
        True
        """
        return is_same_name(self.name, other.name) is False

    def names_same(self, other: CaseContact) -> bool:
        """Return whether both contacts have a name, and the same one (`is_same_name`)."""
        return is_same_name(self.name, other.name) is True

    @property
    def unread_kinds(self) -> set[Kind]:
        """The kinds of the identifiers in `unread`."""
        return {unparsed.kind for unparsed in self.unread}

    def without_resolved(
        self, kinds: Sequence[Kind], resolved: Collection[str] = ()
    ) -> CaseContact:
        """Return this contact without the `unread` identifiers that are known now.

        `kinds` has the kind of each identifier found in this step, repeats included; `resolved` has
        the unread texts that the user matched with one of them. The other texts of a kind are all
        left out if this step found at least as many other identifiers of that kind: with fewer,
        nobody can tell which texts these were. Identifiers found in earlier steps do not count.
        """
        named = [unparsed for unparsed in self.unread if unparsed.text in resolved]
        named = [unparsed for unparsed in named if unparsed.kind in kinds]
        others = [unparsed for unparsed in self.unread if unparsed not in named]
        further = Counter(kinds) - Counter(unparsed.kind for unparsed in named)
        left = Counter(unparsed.kind for unparsed in others)
        unread = tuple(
            unparsed for unparsed in others if further[unparsed.kind] < left[unparsed.kind]
        )
        return replace(self, unread=unread)

    def lines_without(self, after: CaseContact) -> str:
        """Return the texts of `unread` that `after` no longer has, each on a line; '' for none."""
        return "\n".join(unparsed.text for unparsed in self.unread if unparsed not in after.unread)


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineEvent:
    """A step in a case's timeline: what was done, by whom and when. It holds no personal data."""

    event: CaseEvent
    actor: str
    recorded_at: datetime


def suppression_dates(events: Iterable[TimelineEvent]) -> int:
    """Return how often a case stored stops: for its request, its repeats and later identifiers."""
    return sum(timeline_event.event is CaseEvent.STOPPED for timeline_event in events)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseNote:
    """The text that a user wrote about a step of a case."""

    event: CaseEvent
    actor: str
    recorded_at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterSettings:
    """A controller's settings for its register of cases.

    `keep_months`: how many months the content of a closed case is stored. `other_systems`: the
    other places to search for an access request, one per line. `signature` ends every letter.
    """

    keep_months: int = CASES_KEPT_MONTHS
    other_systems: str = ""
    signature: str = ""
