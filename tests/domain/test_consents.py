"""Consents: when they end, what ends them, and what of their proof is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.consent_documents import ConsentDocument, Language, document_text
from suppression.domain.consents import (
    CALLS,
    Consent,
    Proof,
    agreed_before,
    as_voided,
    check_consent_dates,
    end_of,
    ends_at,
    holds,
    left_standing,
    lifts,
    months_after,
    outlived,
    state_of,
    still_counting,
    withdrawn,
)
from suppression.domain.errors import InvalidValueError
from suppression.domain.fingerprints import Fingerprint
from suppression.domain.ledger import Deed, EntryId, consent_entry
from suppression.domain.standing import StandingConsent, StandingStop
from suppression.domain.suppressions import Extent, RecordId
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
EMAIL = Extent(channel=Channel.EMAIL, purpose=Purpose.MARKETING)
OFFERS = Extent(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic="offers")
NEWS = Extent(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic="newsletter")
SMS = Extent(channel=Channel.SMS, purpose=Purpose.MARKETING)
SHARING = Extent(channel=None, purpose=Purpose.SHARING)


def consent(
    extent: Extent = EMAIL,
    *,
    until: datetime | None = None,
    ended: tuple[datetime, ConsentEnd] | None = None,
    source: str = "",
) -> Consent:
    return Consent(
        record_id=RecordId(bytes(16)),
        salt=bytes(32),
        fingerprint=Fingerprint(bytes(16)),
        extent=extent,
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


def stop(at: datetime, extent: Extent = EMAIL, reason: Reason = Reason.OBJECTION) -> StandingStop:
    return StandingStop(
        extent=extent, reason=reason, since=at, last_occurred_at=at, expires_at=None
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
    one = consent(until=until)
    assert (end_of(one.standing, months), ends_at(one, months)) == (end, end)


def test_months_are_those_of_the_calendar_backwards_too() -> None:
    assert months_after(datetime(2026, 12, 31, tzinfo=UTC), 2).day == 28
    assert months_after(datetime(2026, 11, 30, tzinfo=UTC), -36).year == 2023


def test_at_its_very_end_it_holds_no_more() -> None:
    standing = consent(until=GIVEN + TICK).standing
    moments = (GIVEN - TICK, GIVEN, GIVEN + TICK)
    assert [holds(standing, moment, 0) for moment in moments] == [False, True, False]


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (consent(), ConsentState.IN_FORCE),
        (consent(until=GIVEN + 2 * TICK), ConsentState.IN_FORCE),
        (consent(until=GIVEN + TICK), ConsentState.ENDED),
        (consent(ended=(GIVEN, ConsentEnd.WITHDRAWN)), ConsentState.WITHDRAWN),
        (consent(ended=(GIVEN, ConsentEnd.WRONG_PERSON)), ConsentState.WRONG_PERSON),
    ],
)
def test_its_state_tells_why_it_ended(one: Consent, state: ConsentState) -> None:
    assert state_of(one, 0, GIVEN + TICK) is state


@pytest.mark.parametrize(
    ("mine", "wanted", "ends"),
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
def test_a_withdrawal_ends_what_it_covers(mine: Extent, wanted: list[Extent], ends: bool) -> None:  # noqa: FBT001
    assert withdrawn(consent(mine), wanted, GIVEN) is ends


@pytest.mark.parametrize(
    "over",
    [consent(until=GIVEN + TICK), consent(ended=(GIVEN, ConsentEnd.WITHDRAWN))],
)
def test_what_is_over_is_not_ended_again(over: Consent) -> None:
    assert not withdrawn(over, [EMAIL], GIVEN + TICK)
    assert not outlived(over, stop(GIVEN + TICK))


def test_a_withdrawal_before_the_consent_does_not_end_it() -> None:
    assert not withdrawn(consent(), [EMAIL], GIVEN - TICK)


@pytest.mark.parametrize(
    ("one", "at", "extent", "gone"),
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
    one: Extent,
    at: datetime,
    extent: Extent,
    gone: bool,  # noqa: FBT001
) -> None:
    assert outlived(consent(one), stop(at, extent)) is gone


@pytest.mark.parametrize(
    ("one", "at", "reason", "lifted"),
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
    one: Consent,
    at: datetime,
    reason: Reason,
    lifted: bool,  # noqa: FBT001
) -> None:
    against = stop(at, reason=reason)
    left = left_standing(one, [against, stop(at, SMS)], months=0, now=GIVEN + TICK)
    assert left == ([] if lifted else [against])


@pytest.mark.parametrize(
    ("one", "at", "extent", "counts"),
    [
        (EMAIL, GIVEN, EMAIL, False),
        (EMAIL, GIVEN - TICK, EMAIL, True),
        (OFFERS, GIVEN, EMAIL, False),
        (OFFERS, GIVEN, NEWS, True),
        (SMS, GIVEN, EMAIL, True),
    ],
)
def test_a_consent_counts_unless_a_stop_on_the_same_came_after_it_that_was_lifted(
    one: Extent,
    at: datetime,
    extent: Extent,
    counts: bool,  # noqa: FBT001
) -> None:
    given = consent(one)
    assert bool(still_counting([given.standing], [stop(at, extent)])) is counts
    shown = as_voided(given, [stop(at - TICK, extent), stop(at, extent)])
    assert shown == (given if counts else consent(one, ended=(at, ConsentEnd.STOP_RELEASED)))


def test_no_lifted_stop_leaves_a_consent_as_it_is() -> None:
    assert still_counting([consent().standing], []) == [consent().standing]
    assert as_voided(consent(), []) == consent()


@pytest.mark.parametrize(
    ("extent", "at", "before"),
    [(CALLS, GIVEN, True), (CALLS, GIVEN - TICK, False), (SMS, GIVEN, False)],
)
def test_a_time_agreed_to_before_a_stop_of_calls_that_was_lifted(
    extent: Extent,
    at: datetime,
    before: bool,  # noqa: FBT001
) -> None:
    assert agreed_before(GIVEN, [stop(at, extent)]) is before


def test_a_consent_to_another_channel_lifts_nothing() -> None:
    other = StandingConsent(extent=SMS, given_at=GIVEN, until=None, lifts=True)
    assert not lifts(other, stop(GIVEN - TICK), EMAIL)


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
    assert [one.pointer for one in refused.value.faults] == [pointer]


@pytest.mark.parametrize(("until", "months"), [(None, 12), (GIVEN + TICK, 0), (GIVEN + TICK, 12)])
def test_other_dates_are_taken(until: datetime | None, months: int) -> None:
    check_consent_dates(GIVEN, until, months=months, now=GIVEN)


def test_its_entry_names_no_fingerprint() -> None:
    one = consent(until=GIVEN + TICK)
    deed = Deed(actor="worker", recorded_at=GIVEN, reference="x")
    entry = consent_entry(
        one, EntryType.CONSENT_ENDING, deed, entry_id=EntryId(bytes(16)), occurred_at=GIVEN
    )
    assert (entry.record_id, entry.expires_at) == (one.record_id, one.until)
    assert entry.commitment != one.fingerprint


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
