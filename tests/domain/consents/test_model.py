"""When consents end, what ends them, and how much of their proof is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.consents.documents import ConsentDocument, Language, document_text
from suppression.domain.consents.model import (
    CALLS,
    Consent,
    Proof,
    agreed_before,
    as_voided,
    check_consent_dates,
    end_of,
    ends_at,
    is_outlived,
    is_valid_at,
    lifted_by,
    state_of,
    still_counting,
    withdrawn_consents,
    without_withdrawn,
)
from suppression.domain.errors import InvalidValueError
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.entries import AuditContext, EntryId, consent_entry
from suppression.domain.suppressions.active import ActiveConsent, ActiveSuppression
from suppression.domain.suppressions.model import RecordId, Scope
from suppression.domain.vocabulary import (
    Channel,
    ConsentEnd,
    ConsentState,
    EntryType,
    GivenBy,
    Purpose,
    Reason,
)

GIVEN = datetime(2026, 1, 31, 10, tzinfo=UTC)
TICK = timedelta(microseconds=1)
EMAIL = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING)
OFFERS = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic="offers")
NEWS = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic="newsletter")
SMS = Scope(channel=Channel.SMS, purpose=Purpose.MARKETING)
SHARING = Scope(channel=None, purpose=Purpose.SHARING)


def consent(
    scope: Scope = EMAIL,
    *,
    until: datetime | None = None,
    ended: tuple[datetime, ConsentEnd] | None = None,
    source: str = "",
) -> Consent:
    return Consent(
        record_id=RecordId(bytes(16)),
        salt=bytes(32),
        fingerprint=Fingerprint(bytes(16)),
        scope=scope,
        given_at=GIVEN,
        until=until,
        proof=Proof(
            wording="I agree.", given_by=GivenBy.SMS, evidence="form:1", collected_by="Anna"
        ),
        source=source,
        recorded_at=GIVEN,
        ended_at=ended[0] if ended else None,
        ended_by=ended[1] if ended else None,
    )


def stop(
    at: datetime, scope: Scope = EMAIL, reason: Reason = Reason.OBJECTION
) -> ActiveSuppression:
    return ActiveSuppression(
        scope=scope, reason=reason, since=at, last_occurred_at=at, expires_at=None
    )


@pytest.mark.parametrize(
    ("months", "until", "end"),
    [
        (0, None, None),
        (12, None, datetime(2027, 1, 31, 10, tzinfo=UTC)),
        (1, None, datetime(2026, 2, 28, 10, tzinfo=UTC)),
        (12, GIVEN + TICK, GIVEN + TICK),
        (0, GIVEN + TICK, GIVEN + TICK),
    ],
)
def test_it_ends_at_the_earlier_of_its_own_end_and_the_policys(
    months: int, until: datetime | None, end: datetime | None
) -> None:
    ending = consent(until=until)
    assert (end_of(ending.as_active, months), ends_at(ending, months)) == (end, end)


def test_at_its_very_end_it_holds_no_more() -> None:
    ending = consent(until=GIVEN + TICK).as_active
    instants = (GIVEN - TICK, GIVEN, GIVEN + TICK)
    assert [is_valid_at(ending, instant, 0) for instant in instants] == [False, True, False]


@pytest.mark.parametrize(
    ("recorded", "state"),
    [
        (consent(), ConsentState.IN_FORCE),
        (consent(until=GIVEN + 2 * TICK), ConsentState.IN_FORCE),
        (consent(until=GIVEN + TICK), ConsentState.ENDED),
        (consent(ended=(GIVEN, ConsentEnd.WITHDRAWN)), ConsentState.WITHDRAWN),
        (consent(ended=(GIVEN, ConsentEnd.WRONG_PERSON)), ConsentState.WRONG_PERSON),
    ],
)
def test_its_state_tells_why_it_ended(recorded: Consent, state: ConsentState) -> None:
    assert state_of(recorded, 0, GIVEN + TICK) is state


@pytest.mark.parametrize(
    ("own_scope", "withdrawn", "ends"),
    [
        (EMAIL, [EMAIL], True),
        (OFFERS, [EMAIL], True),
        (OFFERS, [NEWS, OFFERS], True),
        (EMAIL, [OFFERS], False),
        (OFFERS, [NEWS], False),
        (EMAIL, [SMS], False),
        (SHARING, [EMAIL], False),
        (SHARING, [SHARING], True),
    ],
)
def test_a_withdrawal_ends_what_it_covers(
    own_scope: Scope,
    withdrawn: list[Scope],
    ends: bool,  # noqa: FBT001
) -> None:
    assert withdrawn_consents(consent(own_scope), withdrawn, GIVEN) is ends


@pytest.mark.parametrize(
    "over",
    [consent(until=GIVEN + TICK), consent(ended=(GIVEN, ConsentEnd.WITHDRAWN))],
)
def test_what_is_over_is_not_ended_again(over: Consent) -> None:
    assert not withdrawn_consents(over, [EMAIL], GIVEN + TICK)
    assert not is_outlived(over, stop(GIVEN + TICK))


def test_a_withdrawal_before_the_consent_does_not_end_it() -> None:
    assert not withdrawn_consents(consent(), [EMAIL], GIVEN - TICK)


@pytest.mark.parametrize(
    ("own_scope", "at", "scope", "gone"),
    [
        (EMAIL, GIVEN, EMAIL, True),
        (EMAIL, GIVEN - TICK, EMAIL, False),
        (EMAIL, GIVEN, OFFERS, True),
        (OFFERS, GIVEN, NEWS, False),
        (OFFERS, GIVEN, EMAIL, True),
        (EMAIL, GIVEN, SMS, False),
    ],
)
def test_lifting_a_stop_revives_nothing_that_it_denied(
    own_scope: Scope,
    at: datetime,
    scope: Scope,
    gone: bool,  # noqa: FBT001
) -> None:
    assert is_outlived(consent(own_scope), stop(at, scope)) is gone


@pytest.mark.parametrize(
    ("recorded", "at", "reason", "lifted"),
    [
        (consent(), GIVEN - TICK, Reason.OBJECTION, True),
        (consent(), GIVEN, Reason.OBJECTION, False),
        (consent(), GIVEN - TICK, Reason.COMPLAINT, False),
        (consent(source="import:1"), GIVEN - TICK, Reason.OBJECTION, False),
        (consent(until=GIVEN + TICK), GIVEN - TICK, Reason.OBJECTION, False),
        (consent(ended=(GIVEN, ConsentEnd.WITHDRAWN)), GIVEN - TICK, Reason.OBJECTION, False),
    ],
)
def test_what_a_consent_leaves_standing_is_told(
    recorded: Consent,
    at: datetime,
    reason: Reason,
    lifted: bool,  # noqa: FBT001
) -> None:
    against = stop(at, reason=reason)
    left = without_withdrawn(recorded, [against, stop(at, SMS)], months=0, now=GIVEN + TICK)
    assert left == ([] if lifted else [against])


@pytest.mark.parametrize(
    ("consented", "at", "scope", "counts"),
    [
        (EMAIL, GIVEN, EMAIL, False),
        (EMAIL, GIVEN - TICK, EMAIL, True),
        (OFFERS, GIVEN, EMAIL, False),
        (OFFERS, GIVEN, NEWS, True),
        (SMS, GIVEN, EMAIL, True),
    ],
)
def test_a_consent_counts_unless_a_stop_on_the_same_came_after_it_that_was_lifted(
    consented: Scope,
    at: datetime,
    scope: Scope,
    counts: bool,  # noqa: FBT001
) -> None:
    given = consent(consented)
    assert bool(still_counting([given.as_active], [stop(at, scope)])) is counts
    shown = as_voided(given, [stop(at - TICK, scope), stop(at, scope)])
    assert shown == (given if counts else consent(consented, ended=(at, ConsentEnd.STOP_RELEASED)))


def test_no_lifted_stop_leaves_a_consent_as_it_is() -> None:
    assert still_counting([consent().as_active], []) == [consent().as_active]
    assert as_voided(consent(), []) == consent()


@pytest.mark.parametrize(
    ("scope", "at", "before"),
    [(CALLS, GIVEN, True), (CALLS, GIVEN - TICK, False), (SMS, GIVEN, False)],
)
def test_a_time_agreed_to_before_a_stop_of_calls_that_was_lifted(
    scope: Scope,
    at: datetime,
    before: bool,  # noqa: FBT001
) -> None:
    assert agreed_before(GIVEN, [stop(at, scope)]) is before


def test_a_consent_to_another_channel_lifts_nothing() -> None:
    other = ActiveConsent(scope=SMS, given_at=GIVEN, until=None, lifts=True)
    assert not lifted_by(other, stop(GIVEN - TICK), EMAIL)


@pytest.mark.parametrize(
    ("given_at", "until", "months", "pointer"),
    [
        (GIVEN + timedelta(minutes=5, microseconds=1), None, 0, "/given_at"),
        (GIVEN, GIVEN, 0, "/until"),
        (GIVEN, datetime(2027, 1, 31, 10, 0, 1, tzinfo=UTC), 12, "/until"),
    ],
)
def test_dates_that_a_consent_cannot_have_are_refused(
    given_at: datetime, until: datetime | None, months: int, pointer: str
) -> None:
    with pytest.raises(InvalidValueError) as refused:
        check_consent_dates(given_at, until, months=months, now=GIVEN)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


@pytest.mark.parametrize(("until", "months"), [(None, 12), (GIVEN + TICK, 0), (GIVEN + TICK, 12)])
def test_other_dates_are_taken(until: datetime | None, months: int) -> None:
    check_consent_dates(GIVEN, until, months=months, now=GIVEN)


def test_its_entry_names_no_fingerprint() -> None:
    ending = consent(until=GIVEN + TICK)
    context = AuditContext(actor="worker", recorded_at=GIVEN, reference="x")
    entry = consent_entry(
        ending, EntryType.CONSENT_ENDING, context, entry_id=EntryId(bytes(16)), occurred_at=GIVEN
    )
    assert (entry.record_id, entry.expires_at) == (ending.record_id, ending.until)
    assert entry.commitment != ending.fingerprint


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("state", ConsentState)
def test_a_document_tells_where_the_consent_ends(language: Language, state: ConsentState) -> None:
    about = ConsentDocument(
        company="Okwind",
        zone="Europe/Paris",
        consent=consent(SHARING),
        topic="Offres",
        state=state,
        ends_at=None if state is ConsentState.IN_FORCE else datetime(2027, 7, 1, 22, tzinfo=UTC),
    )
    text = document_text(about, language)
    late = {Language.FR: "02/07/2027 à 00:00", Language.EN: "2027-07-02 at 00:00"}
    open_end = {Language.FR: "jusqu'à son retrait", Language.EN: "until it is withdrawn"}
    assert (open_end if state is ConsentState.IN_FORCE else late)[language] in text
    assert "Offres" in text
    assert "I agree." in text
