"""Check requests: the question whether a subject may be contacted."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from operator import attrgetter

from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Audience, Basis, Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRequest:
    """One check: whether a subject may be contacted on a channel, for a purpose and topic.

    `attested`: the lawful basis that the caller states, None if it states no basis or may not;
    `appointment_at`: the time agreed for the contact, as the caller states it; `at`: the instant
    of the planned contact, None for now.
    """

    subject: Subject
    scope: Scope
    audience: Audience = Audience.CONSUMER
    attested: Basis | None = None
    appointment_at: datetime | None = None
    at: datetime | None = None

    @property
    def cache_key(self) -> tuple[object, ...]:
        """All fields but the fingerprints, as a key for a cache of the results of one batch.

        In one batch, requests with equal keys get equal results if nothing is on record for their
        subjects.
        """
        return _FIELDS_BUT_SUBJECT(self), _SUBJECT_FIELDS_BUT_FINGERPRINTS(self.subject)

    @property
    def without_identifier(self) -> CheckRequest:
        """This request without the fingerprints of its subject."""
        return replace(self, subject=replace(self.subject, forms=()))

    @property
    def purpose(self) -> Purpose:
        """The purpose of the check; marketing if `scope` names none."""
        return self.scope.purpose or Purpose.MARKETING

    @property
    def professional(self) -> bool:
        """Whether the rules for professionals apply (docs/rules.md#t7).

        They ask for no consent, and know no closed sector, calling hours or limits of calls.
        Suppressions and the rules of SMS still apply. False for sharing and profiling, which are no
        contacts: there a professional counts as a consumer.
        """
        return self.audience is Audience.PROFESSIONAL and self.scope.channel is not None

    @property
    def counted_audience(self) -> Audience:
        """The audience by whose rules the check is decided."""
        return Audience.PROFESSIONAL if self.professional else Audience.CONSUMER


_FIELDS_BUT_SUBJECT = attrgetter(
    *(field.name for field in fields(CheckRequest) if field.name != "subject")
)
_SUBJECT_FIELDS_BUT_FINGERPRINTS = attrgetter(
    *(field.name for field in fields(Subject) if field.name != "forms")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class InvalidCheck:
    """A request for a check or a link that cannot be served; `code` says why.

    The result of such a check is `unknown` with this code as its reason; in a batch of links, this
    code takes the place of the link.
    """

    code: str
