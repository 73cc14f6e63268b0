"""What a check asks."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from operator import attrgetter

from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Audience, Basis, Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRequest:
    """May I use this, on this channel, for this purpose and topic? Asked of one subject.

    `attested`: the basis that the caller states, and may; `appointment_at`: the time agreed for it;
    `at`: the moment of the planned contact, None for now.
    """

    subject: Subject
    scope: Scope
    audience: Audience = Audience.CONSUMER
    attested: Basis | None = None
    appointment_at: datetime | None = None
    at: datetime | None = None

    @property
    def cache_key(self) -> tuple[object, ...]:
        """All of it but the fingerprints: where nothing stands, what is alike is answered alike."""
        return _BESIDES_SUBJECT(self), _BESIDES_FORMS(self.subject)

    @property
    def without_identifier(self) -> CheckRequest:
        """The same question without a fingerprint."""
        return replace(self, subject=replace(self.subject, forms=()))

    @property
    def purpose(self) -> Purpose:
        """The purpose asked for; a question always has one."""
        return self.scope.purpose or Purpose.MARKETING

    @property
    def professional(self) -> bool:
        """Whether a professional is contacted, whom only an objection protects (docs/rules.md#t7).

        Passing data on and profiling are no contact: there a professional is a person like any.
        """
        return self.audience is Audience.PROFESSIONAL and self.scope.channel is not None

    @property
    def counted_audience(self) -> Audience:
        """The audience that the answer rests on."""
        return Audience.PROFESSIONAL if self.professional else Audience.CONSUMER


_BESIDES_SUBJECT = attrgetter(
    *(field.name for field in fields(CheckRequest) if field.name != "subject")
)
_BESIDES_FORMS = attrgetter(*(field.name for field in fields(Subject) if field.name != "forms"))


@dataclass(frozen=True, kw_only=True, slots=True)
class InvalidCheck:
    """A question that cannot be understood: its answer is `unknown` with this code."""

    code: str
