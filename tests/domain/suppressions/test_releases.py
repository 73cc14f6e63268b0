"""Which rows a release lifts, for whom, and which rows still deny after it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.identifiers.fingerprints import Subject, controller_keys
from suppression.domain.identifiers.match_keys import PostalAddress, Value
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.suppressions.model import (
    RecordId,
    Scope,
    Suppression,
    SuppressionRequest,
    new_suppression,
)
from suppression.domain.suppressions.releases import (
    affected_scopes,
    as_released,
    as_voiding,
    describe_suppression,
    is_released,
    lifted,
    may_be_former_holders,
    may_tell_wrong_person,
    still_denies,
)
from suppression.domain.vocabulary import Channel, Evidence, Kind, Purpose, Reason, ReleaseWhy

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
KEYS = controller_keys("okwind", {1: bytes(32), 2: bytes(range(32))})
EMAIL = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING)
OFFERS = Scope(channel=Channel.EMAIL, purpose=Purpose.MARKETING, topic="offers")
POST = Scope(channel=Channel.POST, purpose=Purpose.MARKETING)
SHARING = Scope(channel=None, purpose=Purpose.SHARING)
EVERYTHING = Scope(channel=None, purpose=None)
NAMED_ONLY = {
    Reason.OBJECTION,
    Reason.COMPLAINT,
    Reason.RESTRICTION,
    Reason.DECEASED,
    Reason.DOMAIN,
}


@pytest.mark.parametrize("reason", Reason)
def test_a_wish_of_weight_is_released_only_if_it_is_named(reason: Reason) -> None:
    row = _row(_jean(), EMAIL, reason=reason)
    assert _released(row, _jean(), EMAIL) is (reason not in NAMED_ONLY)
    assert _released(row, _jean(), EMAIL, reasons=[reason])


def test_naming_one_reason_leaves_the_others() -> None:
    row = _row(_jean(), EMAIL, reason=Reason.UNSUBSCRIBE)
    assert not _released(row, _jean(), EMAIL, reasons=[Reason.UNDELIVERABLE])


@pytest.mark.parametrize("scope", [OFFERS, SHARING, EVERYTHING, POST])
def test_only_exactly_the_named_scope_is_released(scope: Scope) -> None:
    row = _row(_jean(), EMAIL)
    assert not _released(row, _jean(), scope)
    assert _released(row, _jean(), scope, EMAIL)


def test_what_is_over_is_not_released_again() -> None:
    row = _row(_jean(), EMAIL)
    assert not _released(dataclasses.replace(row, released_at=YESTERDAY), _jean(), EMAIL)
    assert not _released(dataclasses.replace(row, expires_at=YESTERDAY), _jean(), EMAIL)


def test_rows_look_otherwise_once_one_is_said_again_or_another_comes() -> None:
    row, other = _row(_jean(), EMAIL), _row(_jean(), EMAIL, reason=Reason.UNDELIVERABLE)
    other = dataclasses.replace(other, record_id=RecordId(bytes(range(16))))
    changed = (
        dataclasses.replace(row, last_occurred_at=NOW + timedelta(microseconds=1)),
        dataclasses.replace(row, expires_at=NOW),
        dataclasses.replace(row, forms=(*row.forms, *other.forms)),
    )
    looks = [describe_suppression([suppression]) for suppression in (row, other, *changed)] + [
        describe_suppression([row, other])
    ]
    assert len(set(looks)) == len(looks)
    assert describe_suppression([row, other]) == describe_suppression([other, row])


def test_any_spelling_of_the_mailbox_releases_it_and_nobody_elses() -> None:
    row = _row(_jean(), EMAIL)
    assert _released(row, _email("jeandupont@gmail.com"), EMAIL)
    assert not _released(row, _email("marie.dupont@gmail.com"), EMAIL)


def test_a_row_under_an_older_master_key_is_released_too() -> None:
    older = controller_keys("okwind", {1: bytes(32)})
    identifier = parse_identifier(Kind.EMAIL, "jean.dupont@gmail.com", region="FR")
    assert _released(_row(older.subject(identifier), EMAIL), _jean(), EMAIL)


@pytest.mark.parametrize(
    ("stopped", "asks", "released"),
    [
        ("Jean Dupont", "Jean Dupont", True),
        ("Jean Dupont", "Marie Dupont", False),
        ("Jean et Marie Dupont", "Jean Dupont", False),
        ("Jean et Marie Dupont", "Marie Dupont", False),
        ("Jean et Marie Dupont", "Marie et Jean Dupont", True),
        ("Jean Dupont", "Jean et Marie Dupont", True),
        ("Famille Dupont", "Jean Dupont", False),
        ("Jean Dupont", "Famille Dupont", False),
        ("Famille Dupont", "M. et Mme Dupont", True),
    ],
)
def test_a_row_is_lifted_by_all_whom_it_names_and_by_nobody_for_others(
    stopped: str,
    asks: str,
    released: bool,  # noqa: FBT001
) -> None:
    assert _released(_row(_postal(stopped), POST), _postal(asks), POST) is released


@pytest.mark.parametrize("asks", ["Jean Dupont", "Marie Durand", "Famille Dupont"])
def test_a_whole_address_is_never_released_where_a_name_is_given(asks: str) -> None:
    by_a_person = _row(_postal("Jean Dupont"), POST, whole_address=True)
    for row in (by_a_person, _row(_postal(""), POST)):
        assert not _released(row, _postal(asks), POST)
        assert _released(row, _postal(""), POST)


def test_releasing_the_whole_address_leaves_a_persons_own_row() -> None:
    assert not _released(_row(_postal("Jean Dupont"), POST), _postal(""), POST)


@pytest.mark.parametrize(
    ("row_of", "scope", "denies"),
    [
        (EMAIL, EMAIL, True),
        (EMAIL, OFFERS, True),
        (OFFERS, EMAIL, True),
        (EMAIL, SHARING, False),
        (SHARING, EMAIL, False),
        (EMAIL, POST, False),
    ],
)
def test_what_a_check_of_the_scope_is_denied_by_still_denies(
    row_of: Scope,
    scope: Scope,
    denies: bool,  # noqa: FBT001
) -> None:
    assert still_denies(_row(_jean(), row_of), [scope], now=NOW) is denies


def test_a_restriction_still_denies_whatever_was_released() -> None:
    row = _row(_jean(), EVERYTHING, reason=Reason.RESTRICTION)
    assert all(still_denies(row, [scope], now=NOW) for scope in (EMAIL, SHARING, POST))


def test_one_scope_that_is_denied_is_enough() -> None:
    assert still_denies(_row(_jean(), EMAIL), [SHARING, EMAIL], now=NOW)
    assert not still_denies(_row(_jean(), EMAIL), [], now=NOW)


def test_what_is_over_no_longer_denies() -> None:
    row = _row(_jean(), EMAIL)
    assert not still_denies(dataclasses.replace(row, released_at=YESTERDAY), [EMAIL], now=NOW)
    assert not still_denies(dataclasses.replace(row, expires_at=YESTERDAY), [EMAIL], now=NOW)


def test_a_release_is_about_the_checks_of_its_own_scopes() -> None:
    assert affected_scopes(_jean(), [OFFERS, SHARING]) == [OFFERS, SHARING]


def test_lifting_a_restriction_is_about_every_check_of_that_kind() -> None:
    checked = affected_scopes(_email("jean.dupont@gmail.com"), [EVERYTHING])
    assert set(checked) == {EMAIL, SHARING, Scope(channel=None, purpose=Purpose.PROFILING)}


@pytest.mark.parametrize("why", [*ReleaseWhy, None])
@pytest.mark.parametrize("before", [None, YESTERDAY - timedelta(days=1), NOW])
def test_a_lifted_row_tells_up_to_when_consents_are_over(
    why: ReleaseWhy | None, before: datetime | None
) -> None:
    row = dataclasses.replace(_row(_jean(), EMAIL), consents_void_until=before)
    over = lifted(row, at=NOW, why=why)
    since = NOW if before == NOW or why is ReleaseWhy.REASSIGNED else YESTERDAY
    until = before if why is ReleaseWhy.MISTAKE else since
    assert (over.released_at, over.consents_void_until) == (NOW, until)
    voiding = as_voiding(over)
    assert (voiding and voiding.last_occurred_at) == until
    assert over.reassigned is (until == NOW)
    assert voiding is None or voiding.reassigned is over.reassigned
    assert not row.reassigned
    stop = as_released(row, at=NOW, why=why)
    assert (stop.last_occurred_at, stop.reassigned) == (since, why is ReleaseWhy.REASSIGNED)


def test_only_a_call_or_the_api_tells_of_a_wrong_person() -> None:
    calls = Scope(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING)
    row = _row(_subject(Kind.PHONE, "0612345678"), calls, reason=Reason.UNDELIVERABLE)
    assert may_tell_wrong_person(row)
    by_sms = dataclasses.replace(calls, channel=Channel.SMS)
    for changes in (
        {"evidence": Evidence.IMPORT},
        {"reason": Reason.OBJECTION},
        {"scope": by_sms},
    ):
        assert not may_tell_wrong_person(dataclasses.replace(row, **changes))


def _email(text: str) -> Subject:
    return _subject(Kind.EMAIL, text)


def _jean() -> Subject:
    return _email("jean.dupont@gmail.com")


def _postal(name: str) -> Subject:
    return _subject(Kind.POSTAL, PostalAddress(name=name, street="12 rue Foch", postcode="35000"))


def _subject(kind: Kind, value: Value) -> Subject:
    return KEYS.subject(parse_identifier(kind, value, region="FR"))


@pytest.mark.parametrize(
    ("days_later", "former"), [(-9, True), (0, True), (1, True), (2, False)], ids=str
)
def test_a_link_is_a_former_holders_up_to_the_day_after_the_release(
    days_later: int, *, former: bool
) -> None:
    row = lifted(_row(_jean(), EMAIL), at=NOW, why=ReleaseWhy.REASSIGNED)
    assert may_be_former_holders(NOW.date() + timedelta(days=days_later), [row]) is former


def test_without_a_release_as_reassigned_nobody_is_a_former_holder() -> None:
    row = _row(_jean(), EMAIL)
    later = dataclasses.replace(row, last_occurred_at=YESTERDAY)
    by_request = lifted(later, at=NOW, why=ReleaseWhy.PERSON_ASKED)
    assert not may_be_former_holders(YESTERDAY.date(), [row, by_request])
    assert not may_be_former_holders(YESTERDAY.date(), [])


def _row(
    subject: Subject,
    scope: Scope,
    *,
    reason: Reason = Reason.UNSUBSCRIBE,
    whole_address: bool = False,
) -> Suppression:
    stop = SuppressionRequest(
        forms=subject.stored_rows(whole_address=whole_address)[0],
        scope=scope,
        reason=reason,
        evidence=Evidence.API,
        occurred_at=YESTERDAY,
    )
    return new_suppression(stop, record_id=RecordId(bytes(16)), salt=bytes(32)).suppression


def _released(
    row: Suppression, subject: Subject, *scopes: Scope, reasons: list[Reason] | None = None
) -> bool:
    return is_released(row, subject, scopes, reasons or [], together=[subject], now=NOW)
