"""Check requests: the question whether a subject may be contacted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import datetime
from operator import attrgetter

from suppression.domain.errors import MissingScopeError
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import ApiScope, Audience, Basis, Purpose


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

    def permitted(self, scopes: Collection[ApiScope]) -> CheckRequest:
        """Return this request as a caller with these scopes of an API key may make it.

        Without `attest`, what the caller states of the person (`audience`, `attested` and
        `appointment_at`) is dropped. Raise MissingScopeError for the purpose `service` without the
        scope `service`.
        """
        require_scope_for(self.purpose, scopes)
        stated = self.audience, self.attested, self.appointment_at
        if ApiScope.ATTEST in scopes or stated == _NOTHING_STATED:
            return self
        return replace(self, audience=Audience.CONSUMER, attested=None, appointment_at=None)

    @property
    def purpose(self) -> Purpose:
        """The purpose of the check; marketing if `scope` names none."""
        return self.scope.purpose or Purpose.MARKETING

    @property
    def professional(self) -> bool:
        """Whether the rules for professionals apply (docs/rules.md#t7).

        These rules require no consent and have no closed sector, calling hours or call limits.
        Suppressions and the rules of SMS still apply. False for sharing and profiling, which are no
        contacts: for these purposes a professional counts as a consumer.
        """
        return self.audience is Audience.PROFESSIONAL and self.scope.channel is not None

    @property
    def counted_audience(self) -> Audience:
        """The audience by whose rules the check is decided."""
        return Audience.PROFESSIONAL if self.professional else Audience.CONSUMER


_NOTHING_STATED = (Audience.CONSUMER, None, None)
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

    def permitted(self, scopes: Collection[ApiScope]) -> InvalidCheck:
        """Return this object unchanged: the result of its check is `unknown` for every caller."""
        del scopes
        return self


def require_scope_for(purpose: Purpose, scopes: Collection[ApiScope]) -> None:
    """Raise MissingScopeError for the purpose `service` without the scope of that name.

    The scope is needed because objections do not deny checks for this purpose.
    """
    if purpose is Purpose.SERVICE and ApiScope.SERVICE not in scopes:
        raise MissingScopeError(
            "This API key lacks the scope `service`, which the purpose `service` needs."
        )
