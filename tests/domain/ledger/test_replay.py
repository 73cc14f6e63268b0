"""The ledger tells what was in force on a past day, whatever happened since."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.consents.model import Consent, Proof
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.ledger.entries import AuditContext, EntryId, LedgerEntry, suppression_entry
from suppression.domain.ledger.replay import calls_at, consents_at, lifted_at, suppressions_at
from suppression.domain.suppressions.model import RecordId, Scope, Suppression
from suppression.domain.vocabulary import (
    Channel,
    EntryType,
    Evidence,
    GivenBy,
    Purpose,
    Reason,
    ReleaseWhy,
)

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ROW = Suppression(
    record_id=RecordId(b"r" * 16),
    salt=b"s" * 32,
    forms=(Fingerprint(b"f" * 16),),
    scope=Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING),
    reason=Reason.OBJECTION,
    source="",
    evidence=Evidence.API,
    occurred_at=START,
    last_occurred_at=START,
    expires_at=None,
    released_at=None,
)


def entry(what: EntryType, day: int, row: Suppression = ROW) -> LedgerEntry:
    instant = START + day * DAY
    return suppression_entry(
        row,
        what,
        AuditContext(actor="key:1", recorded_at=instant, reference="R"),
        entry_id=EntryId(bytes(16)),
        evidence=Evidence.API,
        occurred_at=instant,
    )


def test_a_stop_stands_until_it_is_released_and_from_its_new_date_after() -> None:
    history = [
        entry(EntryType.STOP, 0),
        entry(EntryType.REPEATED, 1),
        entry(EntryType.RELEASE, 2),
        entry(EntryType.STOP, 4),
    ]
    assert suppressions_at([ROW], [], START) == {}
    assert suppressions_at([ROW], history[:2], START + DAY)[ROW.record_id].since == START
    assert suppressions_at([ROW], history[:3], START + 3 * DAY) == {}
    again = suppressions_at([ROW], history, START + 5 * DAY)
    assert again[ROW.record_id].since == START + 4 * DAY


def test_a_repeat_that_is_entered_late_does_not_make_the_stop_older() -> None:
    late = dataclasses.replace(entry(EntryType.REPEATED, 3), occurred_at=START)
    suppression = suppressions_at([ROW], [entry(EntryType.STOP, 2), late], START + 4 * DAY)[
        ROW.record_id
    ]
    assert (suppression.since, suppression.last_occurred_at) == (START, START + 2 * DAY)


def test_what_ends_by_itself_does_not_stand_after_its_end() -> None:
    ending = dataclasses.replace(ROW, expires_at=START + DAY)
    history = [entry(EntryType.STOP, 0, ending)]
    assert suppressions_at([ending], history, START + DAY)
    assert not suppressions_at([ending], history, START + 2 * DAY)


def test_an_entry_about_nobody_tells_nothing() -> None:
    policy = dataclasses.replace(entry(EntryType.POLICY, 0), record_id=None)
    assert suppressions_at([ROW], [policy], START) == {}


def test_the_newest_date_of_a_stop_counts_and_not_that_of_its_last_entry() -> None:
    early = dataclasses.replace(entry(EntryType.EXTENDED, 3), occurred_at=START - DAY)
    stop = suppressions_at([ROW], [entry(EntryType.STOP, 2), early], START + 4 * DAY)[ROW.record_id]
    assert (stop.since, stop.last_occurred_at) == (START - DAY, START + 2 * DAY)


def test_a_stop_stands_for_whom_it_named_by_then() -> None:
    first, later, other = (Fingerprint(letter * 16) for letter in (b"f", b"g", b"h"))
    row = dataclasses.replace(ROW, forms=(first, later, other))
    opened = entry(EntryType.STOP, 0, dataclasses.replace(ROW, forms=(first, other)))
    extended = entry(EntryType.EXTENDED, 1, row)
    at = START + 2 * DAY
    assert not suppressions_at([row], [opened], at, fingerprints=[later])
    assert suppressions_at([row], [opened], at, fingerprints=[other])
    assert suppressions_at([row], [opened, extended], at, fingerprints=[later])


def test_where_the_commitment_tells_nothing_the_stop_stands_for_whom_it_names_today() -> None:
    wrapped = dataclasses.replace(entry(EntryType.STOP, 0), commitment=b"another master key's")
    assert suppressions_at([ROW], [wrapped], START, fingerprints=ROW.forms)


@pytest.mark.parametrize("why", ReleaseWhy)
def test_a_stop_that_was_lifted_tells_of_its_newest_date_unless_it_was_a_mistake(
    why: ReleaseWhy,
) -> None:
    stop, again = entry(EntryType.STOP, 0), entry(EntryType.REPEATED, 1)
    release = on_calls(EntryType.RELEASE, 2, why=why)
    assert lifted_at([ROW], [stop, again]) == []
    suppressions = lifted_at([ROW], [stop, again, release, entry(EntryType.STOP, 3)])
    newest = START + (2 if why is ReleaseWhy.REASSIGNED else 1) * DAY
    expected = [] if why is ReleaseWhy.MISTAKE else [newest]
    assert [suppression.last_occurred_at for suppression in suppressions] == expected


def test_what_was_lifted_of_other_records_and_of_none_tells_nothing() -> None:
    nobody = dataclasses.replace(on_calls(EntryType.RELEASE, 2), record_id=None)
    assert lifted_at([ROW], [entry(EntryType.STOP, 0), nobody]) == []
    assert lifted_at([], [entry(EntryType.STOP, 0), on_calls(EntryType.RELEASE, 2)]) == []


def call(what: EntryType, day: float, *, at: float | None = None) -> LedgerEntry:
    """Return an entry about calls to a number, recorded on a day; `at` is the day of the event."""
    return dataclasses.replace(
        entry(what, 0),
        record_id=RecordId(b"c" * 16),
        occurred_at=START + (day if at is None else at) * DAY,
        context=AuditContext(actor="key:1", recorded_at=START + day * DAY, reference="R"),
        reason=None,
    )


def test_attempts_and_refusals_are_known_with_their_dates() -> None:
    contact_history = calls_at([call(EntryType.ATTEMPT, 1, at=0.5), call(EntryType.REFUSED, 2)], [])
    assert (contact_history.attempts, contact_history.refusals) == (
        (START + DAY / 2,),
        (START + 2 * DAY,),
    )


def test_an_agreed_time_counts_until_another_one_or_a_refusal() -> None:
    first, second = call(EntryType.CALLBACK, 1, at=5), call(EntryType.CALLBACK, 2, at=7)
    assert calls_at([first, second], []).callbacks == (START + 7 * DAY,)
    assert calls_at([first, call(EntryType.REFUSED, 3)], []).callbacks == ()


def on_calls(
    what: EntryType,
    day: int,
    *,
    reason: Reason = Reason.OBJECTION,
    why: ReleaseWhy | None = None,
) -> LedgerEntry:
    """Return an entry about a stop of calls, recorded on a day."""
    scope = Scope(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING)
    row = dataclasses.replace(ROW, scope=scope, reason=reason)
    released = entry(what, day, row)
    return dataclasses.replace(released, context=dataclasses.replace(released.context, why=why))


def test_lifting_a_stop_on_calls_ends_the_times_agreed_to_before_it() -> None:
    agreed = [call(EntryType.CALLBACK, 1, at=9)]
    stop = on_calls(EntryType.STOP, 2)

    def after(*entries: LedgerEntry) -> bool:
        return bool(calls_at(agreed, entries).callbacks)

    lifted = on_calls(EntryType.RELEASE, 3, why=ReleaseWhy.PERSON_ASKED)
    assert after(stop)
    assert not after(stop, lifted)
    assert after(stop, on_calls(EntryType.RELEASE, 3, why=ReleaseWhy.MISTAKE))
    assert after(on_calls(EntryType.STOP, 0), lifted)
    by_sms = Scope(channel=Channel.SMS, purpose=Purpose.MARKETING)
    texts = [dataclasses.replace(text, scope=by_sms) for text in (stop, lifted)]
    assert after(*texts)
    assert after(dataclasses.replace(lifted, record_id=None))


def test_a_time_is_void_by_when_it_was_agreed_to_whenever_it_was_told() -> None:
    stop = on_calls(EntryType.STOP, 2)
    lifted = on_calls(EntryType.RELEASE, 3, why=ReleaseWhy.PERSON_ASKED)
    late = [
        dataclasses.replace(call(EntryType.CALLBACK, day, at=9), agreed_at=START + agreed * DAY)
        for day, agreed in ((2.5, 1), (2.5, 2), (4, 1), (4, 2), (4, 2.5))
    ]
    stand = [bool(calls_at([agreed], [stop, lifted]).callbacks) for agreed in late]
    assert stand == [False, False, False, False, True]
    again = on_calls(EntryType.STOP, 5), on_calls(EntryType.RELEASE, 6, why=ReleaseWhy.MISTAKE)
    assert calls_at([late[-1]], [stop, lifted, *again]).callbacks


def test_a_wrong_person_ends_the_times_agreed_to_before() -> None:
    agreed = [call(EntryType.CALLBACK, 1, at=9)]
    by_sms = Scope(channel=Channel.SMS, purpose=Purpose.MARKETING)
    on_telephone = on_calls(EntryType.STOP, 2, reason=Reason.UNDELIVERABLE)
    at_once = [
        dataclasses.replace(on_telephone, entry_id=EntryId(b"t" * 16)),
        dataclasses.replace(on_telephone, entry_id=EntryId(b"s" * 16), scope=by_sms),
    ]
    assert calls_at(agreed, at_once).callbacks == ()
    bounced = [dataclasses.replace(stop, evidence=Evidence.IMPORT) for stop in at_once]
    assert calls_at(agreed, bounced).callbacks


def test_an_undeliverable_stop_on_calls_alone_leaves_them_where_it_was_a_mistake() -> None:
    agreed = [call(EntryType.CALLBACK, 1, at=9)]
    stop = on_calls(EntryType.STOP, 2, reason=Reason.UNDELIVERABLE)
    for why in ReleaseWhy:
        lifted = on_calls(EntryType.RELEASE, 3, reason=Reason.UNDELIVERABLE, why=why)
        left = calls_at(agreed, [stop, lifted]).callbacks
        assert bool(left) is (why is ReleaseWhy.MISTAKE)


def test_a_consent_is_known_from_its_entry_up_to_the_entry_of_its_end() -> None:
    consent = Consent(
        record_id=ROW.record_id,
        salt=b"s" * 32,
        fingerprint=ROW.primary,
        scope=ROW.scope,
        given_at=START,
        until=None,
        proof=Proof(wording="yes", given_by=GivenBy.WEB_FORM, evidence="form", collected_by="site"),
        source="",
        recorded_at=START,
    )
    recorded, over = entry(EntryType.CONSENT, 0), entry(EntryType.CONSENT_ENDED, 2)
    assert consents_at([consent], []) == []
    assert consents_at([consent], [recorded, entry(EntryType.CONSENT_ENDING, 1)]) == [consent]
    assert consents_at([consent], [recorded, over]) == []
    until = START + timedelta(days=1)
    again = dataclasses.replace(entry(EntryType.CONSENT, 1), expires_at=until)
    shorter = dataclasses.replace(consent, until=until)
    assert consents_at([shorter], [recorded]) == [consent]
    assert consents_at([shorter], [recorded, again]) == [shorter]
