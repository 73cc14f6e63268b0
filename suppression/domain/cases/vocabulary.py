"""The vocabulary of the DPO's register: kinds of requests, how they came, and how they ended."""

from __future__ import annotations

from enum import StrEnum

from suppression.domain.vocabulary import Purpose, Reason


class CaseKind(StrEnum):
    """The kind of a request. Each kind has its own rules."""

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
        """The reason of the stops of this request; None for a request that stops nothing.

        >>> CaseKind.DEATH.reason, CaseKind.ACCESS.reason
        (<Reason.DECEASED: 'deceased'>, None)
        """
        return _REASONS.get(self)

    @property
    def purpose(self) -> Purpose | None:
        """The purpose that the request stops; None where it stops everything, or nothing.

        >>> CaseKind.OBJECTION_SHARING.purpose
        <Purpose.SHARING: 'sharing'>
        """
        return _PURPOSES.get(self)

    @property
    def by_channel(self) -> bool:
        """Whether the request names channels: only one that stops marketing does."""
        return self.purpose is Purpose.MARKETING

    @property
    def refusable(self) -> bool:
        """Whether the request may be refused at all.

        An objection to direct marketing, or to profiling or sharing for it, may not (GDPR Art.
        21(2)-(3)), nor a withdrawal of consent (Art. 7(3)). A death is a fact, and a wish to be
        contacted again is no right.

        >>> [str(kind) for kind in CaseKind if kind.refusable]
        ['restriction', 'access', 'erasure', 'rectification', 'portability']
        """
        return self in _REFUSABLE

    @property
    def tells_recipients(self) -> bool:
        """Whether the data's recipients must be told before the case is `done` (Art. 19).

        See docs/rules.md#g7.
        """
        return self in {CaseKind.OBJECTION_SHARING, CaseKind.ERASURE}

    @property
    def may_ask_identity(self) -> bool:
        """Whether proof of identity may be asked for, on reasonable doubt (Art. 12(6)).

        It may not for a request that cannot be refused: proof must not delay its stop. See
        docs/rules.md#g3.
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
    """The state of a case."""

    OPEN = "open"
    IDENTIFIER_MISSING = "identifier_missing"
    WAITING = "waiting"
    RESTRICTED = "restricted"
    DONE = "done"
    NOTHING_FOUND = "nothing_found"
    REFUSED = "refused"

    @property
    def closed(self) -> bool:
        """Whether the state is final: no other state may follow it.

        >>> CaseState.RESTRICTED.closed, CaseState.REFUSED.closed
        (False, True)
        """
        return not TRANSITIONS[self]

    @property
    def has_clock(self) -> bool:
        """Whether the deadline for the answer runs; not if the state is `restricted` or closed."""
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
"""The states to which a step may lead from each state; docs/for-dpos.md has a diagram.

A repeat of its request may also move a restricted case back (`merge_request`).
"""


class CameBy(StrEnum):
    """The way in which a request reached the company."""

    LETTER = "letter"
    TELEPHONE = "telephone"
    EMAIL = "email"
    SMS = "sms"
    IN_PERSON = "in_person"
    WEB = "web"
    AUTHORITY = "authority"


class RefusalGround(StrEnum):
    """The ground of a refusal. The list is closed: each ground rests on an article of the law."""

    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    NOT_IDENTIFIED = "not_identified"
    RIGHTS_OF_OTHERS = "rights_of_others"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGAL_CLAIMS = "legal_claims"
    EXPRESSION = "expression"
    CONDITIONS_NOT_MET = "conditions_not_met"


class ProofMethod(StrEnum):
    """The way in which proof of identity was seen; the document itself is never stored."""

    IN_PERSON = "in_person"
    PAPER_COPY = "paper_copy"
    ELECTRONIC_COPY = "electronic_copy"
    CALL_BACK = "call_back"
    CUSTOMER_ACCOUNT = "customer_account"


class CaseEvent(StrEnum):
    """The kind of a step in a case's timeline."""

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
    """The purpose of a look-up of a person; the user must state it before anything is shown."""

    REQUEST = "request"
    COMPLAINT = "complaint"
    AUTHORITY = "authority"
    QUALITY = "quality"
