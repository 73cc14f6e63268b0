"""A request is matched with the people of a case, and a case of several people is recognised."""

from __future__ import annotations

from datetime import UTC, datetime

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
from suppression.domain.suppressions.same_people import (
    differ_in_a_kind,
    each_names_one_more,
    is_stop_of,
    may_be_of_several_people,
)
from suppression.domain.vocabulary import Channel, Evidence, Kind, Purpose, Reason

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
KEYS = controller_keys("okwind", {1: bytes(32), 2: bytes(range(32))})
EVERYTHING = Scope(channel=None, purpose=None)


def _subject(kind: Kind, value: Value) -> Subject:
    return KEYS.subject(parse_identifier(kind, value, region="FR"))


def _lives(name: str) -> Subject:
    address = PostalAddress(name=name, street="12 rue Foch", postcode="35000", city="Rennes")
    return _subject(Kind.POSTAL, address)


LINE = _subject(Kind.PHONE, "02 99 12 34 56")
MOBILE = _subject(Kind.PHONE, "06 12 34 56 78")
JEAN = _subject(Kind.EMAIL, "jean@example.fr")
MARIE = _subject(Kind.EMAIL, "marie@example.fr")
SHARED = _subject(Kind.EMAIL, "famille@example.fr")


def _row(
    subject: Subject, scope: Scope = EVERYTHING, *, whole_address: bool = False
) -> Suppression:
    stop = SuppressionRequest(
        forms=subject.stored_rows(whole_address=whole_address)[0],
        scope=scope,
        reason=Reason.RESTRICTION if scope is EVERYTHING else Reason.OBJECTION,
        evidence=Evidence.DPO,
        occurred_at=NOW,
    )
    record_id = RecordId(stop.primary)
    return new_suppression(stop, record_id=record_id, salt=bytes(32)).suppression


def _by(channel: Channel) -> Scope:
    return Scope(channel=channel, purpose=Purpose.MARKETING)


@pytest.mark.parametrize("whole_address", [False, True])
def test_a_stop_by_post_is_of_exactly_the_people_that_it_names(*, whole_address: bool) -> None:
    row = _row(_lives("Jean Dupont"), whole_address=whole_address)
    assert is_stop_of(row, _lives("M. DUPONT Jean"))
    assert not is_stop_of(row, _lives("Marie Dupont"))
    assert not is_stop_of(row, _lives("Jean et Marie Dupont"))


def test_of_other_kinds_one_common_fingerprint_is_enough() -> None:
    assert is_stop_of(_row(LINE), LINE)
    assert not is_stop_of(_row(LINE), MOBILE)


@pytest.mark.parametrize(
    ("rows", "subjects", "differ"),
    [
        ([LINE, JEAN], [LINE, JEAN], False),
        ([LINE, JEAN], [LINE], False),
        ([LINE], [LINE, JEAN], False),
        ([LINE, JEAN], [LINE, MARIE], True),
        ([LINE, JEAN], [MOBILE, JEAN], True),
        ([LINE, JEAN, MARIE], [LINE, MARIE], False),
        ([JEAN, _lives("Jean Dupont")], [JEAN, _lives("Marie Dupont")], True),
        ([LINE, JEAN], [MOBILE, LINE, JEAN], False),
        # The second row's kind is not known: it may be another number, or another e-mail address.
        ([LINE, MOBILE], [LINE, JEAN], True),
    ],
)
def test_rows_of_everything_differ_where_both_name_something_else(
    rows: list[Subject], subjects: list[Subject], *, differ: bool
) -> None:
    assert differ_in_a_kind([_row(subject) for subject in rows], subjects) is differ


def test_rows_of_channels_differ_in_a_kind_that_both_name() -> None:
    line, jean = _row(LINE, _by(Channel.TELEPHONE)), _row(JEAN, _by(Channel.EMAIL))
    assert differ_in_a_kind([line, jean], [LINE, MARIE])
    assert differ_in_a_kind([line, jean], [MOBILE, JEAN])
    assert not differ_in_a_kind([line, jean], [LINE, _lives("Jean Dupont")])
    mobile = _row(MOBILE, _by(Channel.SMS))
    assert not differ_in_a_kind([line, mobile], [LINE, JEAN])


@pytest.mark.parametrize(
    ("rows", "subjects", "apart"),
    [
        ([LINE, JEAN], [LINE, JEAN, MARIE], False),
        ([LINE, JEAN, MARIE], [LINE], False),
        ([LINE, JEAN], [LINE, MARIE], True),
        ([LINE, MOBILE], [LINE, JEAN], True),
        ([SHARED, JEAN], [SHARED, MARIE], True),
        ([SHARED, JEAN, LINE], [SHARED, MARIE, LINE], True),
    ],
)
def test_each_names_one_more_of_a_kind_also_beside_a_common_one(
    rows: list[Subject], subjects: list[Subject], *, apart: bool
) -> None:
    assert each_names_one_more([_row(subject) for subject in rows], subjects) is apart


def test_one_more_of_another_kind_is_none_where_the_channels_tell_the_kind() -> None:
    shared, jean = _row(SHARED, _by(Channel.EMAIL)), _row(JEAN, _by(Channel.EMAIL))
    assert each_names_one_more([shared, jean], [SHARED, MARIE])
    assert not each_names_one_more([shared, jean], [SHARED, LINE])


@pytest.mark.parametrize(
    ("requests", "several"),
    [
        ({LINE: "1", JEAN: "1", MARIE: "2"}, True),
        ({LINE: "12", JEAN: "1", MARIE: "2"}, True),
        ({LINE: "12", JEAN: "12"}, False),
        ({LINE: "1", JEAN: "12", MARIE: "2"}, True),
        ({LINE: "1"}, False),
    ],
)
def test_several_people_may_have_asked_for_what_no_request_named_together(
    requests: dict[Subject, str], *, several: bool
) -> None:
    rows = [_row(subject) for subject in requests]
    references = dict(
        zip([row.record_id for row in rows], map(frozenset, requests.values()), strict=True)
    )
    assert may_be_of_several_people(rows, references) is several


def test_what_has_channels_of_two_kinds_is_no_sign_of_two_people() -> None:
    line, jean = _row(LINE, _by(Channel.TELEPHONE)), _row(JEAN, _by(Channel.EMAIL))
    marie, sms = _row(MARIE, _by(Channel.EMAIL)), _row(LINE, _by(Channel.SMS))
    apart = {
        row.record_id: frozenset(reference)
        for row, reference in ((line, "1"), (jean, "2"), (marie, "3"))
    }
    assert not may_be_of_several_people([line, jean], apart)
    assert not may_be_of_several_people([line, sms], apart)
    assert may_be_of_several_people([jean, marie], apart)


def test_a_family_at_one_address_is_several_people() -> None:
    rows = [_row(_lives("Jean Dupont")), _row(_lives("Marie Dupont"))]
    assert may_be_of_several_people(
        rows, {row.record_id: frozenset({str(place)}) for place, row in enumerate(rows)}
    )
