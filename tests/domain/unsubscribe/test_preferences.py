from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from suppression.domain.calendar.timestamps import TICK
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry, suppression_entry
from suppression.domain.suppressions.active import ActiveConsent, ActiveSuppression, SubjectState
from suppression.domain.suppressions.model import (
    RecordId,
    Scope,
    Suppression,
    SuppressionRequest,
    new_suppression,
)
from suppression.domain.unsubscribe.preferences import (
    LONGEST_WRITE,
    BoxState,
    EmailState,
    box_state,
    clicks_of,
    marketing_email,
)
from suppression.domain.vocabulary import Channel, EntryType, Evidence, Purpose, Reason

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
BEFORE, LATER = NOW - timedelta(days=9), NOW - timedelta(days=1)
TOPICS = ("newsletter", "offers")


def stop(topic: str = "", **changed: object) -> ActiveSuppression:
    """Return the stop of a click on a topic nine days ago; `changed` replaces its fields."""
    suppression = ActiveSuppression(
        scope=marketing_email(topic),
        reason=Reason.UNSUBSCRIBE,
        since=BEFORE,
        last_occurred_at=BEFORE,
        expires_at=None,
    )
    return dataclasses.replace(suppression, **changed)  # type: ignore[arg-type]


def consent(topic: str = "", given_at: datetime = LATER) -> ActiveConsent:
    """Return a consent to a topic, by default of LATER."""
    return ActiveConsent(scope=marketing_email(topic), given_at=given_at, until=None, lifts=True)


def mail(*stops: ActiveSuppression, consents: tuple[ActiveConsent, ...] = ()) -> EmailState:
    """Return the state of an address with these stops and consents."""
    return EmailState(
        state=SubjectState(suppressions=stops, consents=consents), topics=TOPICS, months=0, now=NOW
    )


def test_a_stop_on_everything_closes_every_topic() -> None:
    assert {mail(stop()).stopped_since(topic) for topic in ("", *TOPICS)} == {BEFORE}


def test_a_stop_on_a_topic_closes_that_one() -> None:
    email_state = mail(stop("offers"))
    assert [email_state.stopped_since(topic) for topic in ("", *TOPICS)] == [None, None, BEFORE]


def test_all_topics_closed_one_by_one_leave_what_may_come() -> None:
    assert mail(stop("offers"), stop("newsletter")).stopped_since("") is None


def test_a_consent_opens_its_topic_and_then_not_everything_is_stopped() -> None:
    email_state = mail(stop(), consents=(consent("offers"),))
    assert [email_state.stopped_since(topic) for topic in ("", *TOPICS)] == [None, BEFORE, None]


def test_bounces_other_channels_and_what_ended_close_nothing() -> None:
    sms = Scope(channel=Channel.SMS, purpose=Purpose.MARKETING)
    ended = stop(reason=Reason.IMPORTED, expires_at=LATER)
    email_state = mail(stop(reason=Reason.UNDELIVERABLE), stop(scope=sms), ended)
    assert email_state.stopped_since("offers") is None


def test_a_restriction_closes_everything() -> None:
    everything = Scope(channel=None, purpose=None)
    email_state = mail(
        stop(reason=Reason.RESTRICTION, scope=everything), consents=(consent("offers"),)
    )
    assert email_state.stopped_since("offers") == BEFORE


def test_a_consent_is_newer_on_the_day_of_issue_or_after() -> None:
    email_state = mail(consents=(consent("offers"), consent("offers", BEFORE)))
    assert email_state.agreed_since("offers", issued_on=LATER.date()) == LATER
    assert email_state.agreed_since("", issued_on=LATER.date()) == LATER
    assert email_state.agreed_since("newsletter", issued_on=LATER.date()) is None
    assert email_state.agreed_since("offers", issued_on=NOW.date()) is None


def test_a_consent_to_everything_is_one_to_a_topic_and_one_by_sms_is_none() -> None:
    sms = dataclasses.replace(
        consent(), scope=Scope(channel=Channel.SMS, purpose=Purpose.MARKETING)
    )
    assert mail(consents=(consent(),)).agreed_since("offers", issued_on=date(2026, 1, 1)) == LATER
    assert mail(consents=(sms,)).agreed_since("", issued_on=date(2026, 1, 1)) is None


def test_only_what_the_person_clicked_counts_as_clicks() -> None:
    clicked = row()
    assert clicks_of(clicked, [entry(clicked), entry(clicked, Evidence.ONE_CLICK)]) == (
        BEFORE,
        BEFORE,
    )
    assert not clicks_of(clicked, [entry(clicked), entry(clicked, Evidence.API)])
    assert not clicks_of(clicked, [])
    assert not clicks_of(row(reason=Reason.OBJECTION), [entry(clicked)])
    assert not clicks_of(row(source="import-1"), [entry(clicked)])


def test_what_was_said_before_a_release_is_past() -> None:
    clicked = row()
    released = dataclasses.replace(entry(clicked), type=EntryType.RELEASE)
    assert clicks_of(clicked, [entry(clicked, Evidence.API), released, entry(clicked)]) == (BEFORE,)
    assert not clicks_of(clicked, [entry(clicked), released])


def test_a_link_of_an_earlier_day_opens_what_clicks_closed() -> None:
    assert state(BEFORE.date() - DAY) is BoxState.OLD_LINK
    assert state(BEFORE.date()) is BoxState.NEW_LINK
    assert state(NOW.date()) is BoxState.NEW_LINK


def test_the_first_click_counts_however_often_it_was_repeated() -> None:
    """Otherwise a second click would make a link that was made after the stop an older one."""
    assert state(BEFORE.date(), clicks={MINE: (BEFORE, NOW)}) is BoxState.NEW_LINK


def test_a_click_after_a_newer_consent_is_the_first_of_a_stop_of_its_own() -> None:
    agreed = (consent("offers", BEFORE + DAY),)
    clicked = stop(last_occurred_at=NOW)
    clicks = {MINE: (BEFORE, NOW)}
    email_state = mail(clicked, consents=agreed)
    rows = [dataclasses.replace(row(), last_occurred_at=NOW)]
    assert (
        box_state(email_state, "offers", rows, clicks, issued_on=LATER.date()) is BoxState.OLD_LINK
    )
    assert box_state(email_state, "offers", rows, clicks, issued_on=NOW.date()) is BoxState.NEW_LINK
    assert (
        box_state(email_state, "newsletter", rows, clicks, issued_on=LATER.date())
        is BoxState.NEW_LINK
    )


def test_no_link_opens_what_a_consent_with_an_end_overrides_for_a_time() -> None:
    """The choice made on the page has no end, so the older objection would never deny again."""
    objection = stop(reason=Reason.OBJECTION, since=BEFORE, last_occurred_at=BEFORE - DAY)
    clicked = stop("offers", since=NOW, last_occurred_at=NOW)
    rows = [
        dataclasses.replace(row("offers"), occurred_at=NOW, last_occurred_at=NOW),
        dataclasses.replace(
            row(reason=Reason.OBJECTION, record=b"o" * 16), last_occurred_at=BEFORE - DAY
        ),
    ]
    lasting = consent("offers", BEFORE)
    ending = dataclasses.replace(lasting, until=NOW + DAY)
    opened = {BoxState.ASK: (ending,), BoxState.OLD_LINK: (ending, lasting)}
    for expected, agreed in opened.items():
        email_state = mail(objection, clicked, consents=agreed)
        state_of_box = box_state(
            email_state, "offers", rows, {MINE: (NOW,)}, issued_on=LATER.date()
        )
        assert state_of_box is expected


def test_a_consent_with_an_end_supersedes_no_click() -> None:
    agreed = dataclasses.replace(consent("offers", BEFORE + DAY), until=NOW + DAY)
    rows = [dataclasses.replace(row(), last_occurred_at=NOW)]
    email_state = mail(stop(last_occurred_at=NOW), consents=(agreed,))
    clicks = {MINE: (BEFORE, NOW)}
    for day, expected in (
        (LATER.date(), BoxState.NEW_LINK),
        (BEFORE.date() - DAY, BoxState.OLD_LINK),
    ):
        assert box_state(email_state, "offers", rows, clicks, issued_on=day) is expected


def test_a_link_that_cannot_ask_for_everything_opens_nothing() -> None:
    email_state, clicks = mail(stop()), {MINE: (BEFORE,)}
    assert box_state(email_state, "offers", [row()], clicks, issued_on=None) is BoxState.UNSURE
    assert box_state(email_state, "offers", [row()], {}, issued_on=None) is BoxState.ASK
    assert box_state(mail(), "offers", [], {}, issued_on=None) is BoxState.OPEN


def test_what_anything_else_closed_as_well_no_link_opens() -> None:
    rows = [row(), row(topic="offers", record=b"o" * 16)]
    long_ago = BEFORE.date() - DAY
    email_state = mail(stop(), stop("offers"))
    assert (
        box_state(email_state, "offers", rows, {MINE: (BEFORE,)}, issued_on=long_ago)
        is BoxState.ASK
    )
    assert box_state(email_state, "newsletter", rows, {MINE: (BEFORE,)}, issued_on=long_ago) is (
        BoxState.OLD_LINK
    )
    assert box_state(email_state, "offers", [], {}, issued_on=long_ago) is BoxState.ASK


def test_what_nothing_closes_is_open() -> None:
    released = dataclasses.replace(row(), released_at=NOW)
    assert box_state(mail(), "offers", [released], {}, issued_on=NOW.date()) is BoxState.OPEN


DAY = timedelta(days=1)
MINE = RecordId(b"r" * 16)


def state(
    issued_on: date, clicks: Mapping[RecordId, tuple[datetime, ...]] | None = None
) -> BoxState:
    """Return the state of a box, for a topic stopped nine days ago and a link of a day."""
    clicks_of_row = {MINE: (BEFORE,)} if clicks is None else clicks
    return box_state(mail(stop()), "offers", [row()], clicks_of_row, issued_on=issued_on)


def row(
    topic: str = "",
    *,
    reason: Reason = Reason.UNSUBSCRIBE,
    source: str = "",
    record: bytes = b"r" * 16,
) -> Suppression:
    """Return a row of the suppression list, as a click nine days ago makes it."""
    request = SuppressionRequest(
        forms=(Fingerprint(b"f" * 16),),
        scope=marketing_email(topic),
        reason=reason,
        evidence=Evidence.LINK_PAGE,
        occurred_at=BEFORE,
        source=source,
    )
    return new_suppression(request, record_id=RecordId(record), salt=bytes(32)).suppression


def entry(of: Suppression, evidence: Evidence = Evidence.LINK_PAGE) -> LedgerEntry:
    """Return the entry of a stop on a row."""
    context = AuditContext(actor="link", recorded_at=BEFORE, reference="2345-6789-ABCD")
    return suppression_entry(
        of,
        EntryType.STOP,
        context,
        entry_id=EntryId(b"e" * 16),
        evidence=evidence,
        occurred_at=BEFORE,
    )


def test_a_reopening_is_dated_after_the_stops_it_lifts_and_before_what_is_on_its_way() -> None:
    just_now = stop("offers")
    just_now = dataclasses.replace(just_now, last_occurred_at=NOW - timedelta(seconds=2))
    assert mail(just_now).reopens_from("offers") == NOW - timedelta(seconds=2) + TICK
    assert mail(stop("offers")).reopens_from("offers") == NOW - LONGEST_WRITE
    assert mail().reopens_from("offers") == NOW


def test_a_reopening_is_never_dated_ahead() -> None:
    ahead = dataclasses.replace(stop("offers"), last_occurred_at=NOW + timedelta(hours=1))
    assert mail(ahead).reopens_from("offers") == NOW
