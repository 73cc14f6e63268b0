"""The words of the DPO's register: what people ask for, how it came, how it ends."""

from __future__ import annotations

from enum import StrEnum

from suppression.domain.vocabulary import Purpose, Reason


class CaseKind(StrEnum):
    """What a person asks for. Each is a right of its own, with rules of its own."""

    OBJECTION_MARKETING = "objection_marketing"
    OBJECTION_PROFILING = "objection_profiling"
    OBJECTION_SHARING = "objection_sharing"
    CONSENT_WITHDRAWAL = "consent_withdrawal"
    RESTRICTION = "restriction"
    ACCESS = "access"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    PORTABILITY = "portability"
    DEATH = "death"
    CONTACT_AGAIN = "contact_again"

    @property
    def reason(self) -> Reason | None:
        """For what reason it stops; None for what stops nothing.

        >>> CaseKind.DEATH.reason, CaseKind.ACCESS.reason
        (<Reason.DECEASED: 'deceased'>, None)
        """
        return _REASONS.get(self)

    @property
    def purpose(self) -> Purpose | None:
        """What it stops; None where it stops everything, or nothing.

        >>> CaseKind.OBJECTION_SHARING.purpose
        <Purpose.SHARING: 'sharing'>
        """
        return _PURPOSES.get(self)

    @property
    def by_channel(self) -> bool:
        """Whether the person names channels."""
        return self.purpose is Purpose.MARKETING

    @property
    def refusable(self) -> bool:
        """Whether it may be refused at all.

        An objection to direct marketing is absolute, what profiles or passes on for it too (GDPR
        Art. 21(2)-(3)); a withdrawal is free (Art. 7(3)). A death is a fact, a wish to be written
        to again no right.

        >>> [str(kind) for kind in CaseKind if kind.refusable]
        ['restriction', 'access', 'erasure', 'rectification', 'portability']
        """
        return self in _REFUSABLE

    @property
    def tells_recipients(self) -> bool:
        """Whether those whom the data was passed to must be told (Art. 19; docs/rules.md#g7)."""
        return self in {CaseKind.OBJECTION_SHARING, CaseKind.ERASURE}

    @property
    def may_ask_identity(self) -> bool:
        """Whether proof of identity may be asked, on reasonable doubt (Art. 12(6)).

        See docs/rules.md#g3.

        Never for what stops by itself: proof must not hold up a stop.
        """
        return self.refusable


_REASONS = {
    CaseKind.OBJECTION_MARKETING: Reason.OBJECTION,
    CaseKind.OBJECTION_PROFILING: Reason.OBJECTION,
    CaseKind.OBJECTION_SHARING: Reason.OBJECTION,
    CaseKind.CONSENT_WITHDRAWAL: Reason.CONSENT_WITHDRAWN,
    CaseKind.RESTRICTION: Reason.RESTRICTION,
    CaseKind.DEATH: Reason.DECEASED,
}
_PURPOSES = {
    CaseKind.OBJECTION_MARKETING: Purpose.MARKETING,
    CaseKind.OBJECTION_PROFILING: Purpose.PROFILING,
    CaseKind.OBJECTION_SHARING: Purpose.SHARING,
    CaseKind.CONSENT_WITHDRAWAL: Purpose.MARKETING,
}
_REFUSABLE = frozenset(
    {
        CaseKind.RESTRICTION,
        CaseKind.ACCESS,
        CaseKind.ERASURE,
        CaseKind.RECTIFICATION,
        CaseKind.PORTABILITY,
    }
)


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    IDENTIFIER_MISSING = "identifier_missing"
    WAITING = "waiting"
    RESTRICTED = "restricted"
    DONE = "done"
    NOTHING_FOUND = "nothing_found"
    REFUSED = "refused"

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be done.

        >>> CaseState.RESTRICTED.closed, CaseState.REFUSED.closed
        (False, True)
        """
        return not TRANSITIONS[self]

    @property
    def has_clock(self) -> bool:
        """Whether the deadline for the answer runs. A restriction that is kept was answered."""
        return not self.closed and self is not CaseState.RESTRICTED


TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset(
        {
            CaseState.IDENTIFIER_MISSING,
            CaseState.WAITING,
            CaseState.RESTRICTED,
            CaseState.DONE,
            CaseState.NOTHING_FOUND,
            CaseState.REFUSED,
        }
    ),
    CaseState.IDENTIFIER_MISSING: frozenset(
        {CaseState.OPEN, CaseState.WAITING, CaseState.NOTHING_FOUND, CaseState.REFUSED}
    ),
    CaseState.WAITING: frozenset(
        {
            CaseState.OPEN,
            CaseState.IDENTIFIER_MISSING,
            CaseState.NOTHING_FOUND,
            CaseState.REFUSED,
        }
    ),
    CaseState.RESTRICTED: frozenset({CaseState.DONE}),
    CaseState.DONE: frozenset(),
    CaseState.NOTHING_FOUND: frozenset(),
    CaseState.REFUSED: frozenset(),
}
"""Which state may follow which; docs/for-dpos.md draws it."""


class CameBy(StrEnum):
    """How a request reached the company."""

    LETTER = "letter"
    TELEPHONE = "telephone"
    EMAIL = "email"
    SMS = "sms"
    IN_PERSON = "in_person"
    WEB = "web"
    AUTHORITY = "authority"


class RefusalGround(StrEnum):
    """Why a request may be refused: the closed list, with its article."""

    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    NOT_IDENTIFIED = "not_identified"
    RIGHTS_OF_OTHERS = "rights_of_others"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGAL_CLAIMS = "legal_claims"
    EXPRESSION = "expression"
    CONDITIONS_NOT_MET = "conditions_not_met"


class ProofMethod(StrEnum):
    """How proof of identity was looked at; the document itself is never kept."""

    IN_PERSON = "in_person"
    PAPER_COPY = "paper_copy"
    ELECTRONIC_COPY = "electronic_copy"
    CALL_BACK = "call_back"
    CUSTOMER_ACCOUNT = "customer_account"


class CaseEvent(StrEnum):
    """What stands in a case's timeline."""

    OPENED = "opened"
    REPEATED = "repeated"
    STOPPED = "stopped"
    NOTED = "noted"
    ASKED_PERSON = "asked_person"
    RESUMED = "resumed"
    ANSWERED = "answered"
    EXTENDED = "extended"
    REFUSED = "refused"
    CLOSED = "closed"
    NOTHING_FOUND = "nothing_found"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_SEEN = "identity_seen"
    IDENTITY_DESTROYED = "identity_destroyed"
    RECIPIENTS_TOLD = "recipients_told"
    RESTRICTION_KEPT = "restriction_kept"
    LIFTED = "lifted"
    RELEASED = "released"
    FORGOTTEN = "forgotten"


class LookUpPurpose(StrEnum):
    """Why somebody was looked up: named before anything is shown."""

    REQUEST = "request"
    COMPLAINT = "complaint"
    AUTHORITY = "authority"
    QUALITY = "quality"
