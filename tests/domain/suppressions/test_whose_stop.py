"""A release lifts a stop only under forms that are certainly those of the person who asks.

A form that is only looked up, or a less likely reading of a text, denies but lifts nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from suppression.domain.identifiers.fingerprints import Subject, controller_keys
from suppression.domain.identifiers.match_keys import Digest, PostalAddress, Value
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.identifiers.partner_schemes import Scheme
from suppression.domain.suppressions.model import (
    RecordId,
    Scope,
    Suppression,
    SuppressionRequest,
    new_suppression,
)
from suppression.domain.suppressions.releases import is_released
from suppression.domain.suppressions.same_people import is_stop_of
from suppression.domain.vocabulary import Channel, Evidence, Kind, Purpose, Reason

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
KEYS = controller_keys("okwind", {1: bytes(32), 2: bytes(range(32))})
OLDER_KEYS = controller_keys("okwind", {1: bytes(32)})
DIGITS = "4915123456789"
ONE, OTHER = "+4915123456789", "+494915123456789"
CALLS = Scope(channel=Channel.TELEPHONE, purpose=Purpose.MARKETING)


@pytest.mark.parametrize(
    ("stopped", "asks", "lifted"),
    [
        (DIGITS, [DIGITS], True),
        (DIGITS, ["49 1512 3456789"], True),
        (DIGITS, [ONE], False),
        (DIGITS, [OTHER], False),
        (DIGITS, [ONE, OTHER], False),
        (DIGITS, [ONE, DIGITS], True),
        (ONE, [DIGITS], False),
        (OTHER, [DIGITS], False),
        (ONE, ["0151 23456789"], True),
        (ONE, [DIGITS, ONE], True),
        ("+22997123456", ["+2290197123456"], True),
        ("+2290197123456", ["+22997123456"], True),
        ("+33692123456", ["0692 12 34 56"], True),
        ("+41781234567366", ["+41 78 123 45 67 dom"], False),
        ("+820033612345678", ["0033612345678"], False),
    ],
)
def test_a_stop_by_telephone_is_lifted_by_what_is_certainly_its_number(
    stopped: str,
    asks: list[str],
    lifted: bool,  # noqa: FBT001
) -> None:
    subjects = [_phone(text) for text in asks]
    rows = rows_of(_phone(stopped))
    assert _is_denied(rows, subjects)
    assert lifts(rows, subjects) is lifted
    if len(subjects) == 1:
        assert is_stop_of(rows[0], subjects[0]) is lifted


def test_a_stop_under_an_older_master_key_is_lifted_by_its_number() -> None:
    identifier = parse_identifier(Kind.PHONE, DIGITS, region="DE")
    rows = rows_of(OLDER_KEYS.subject(identifier))
    assert lifts(rows, [KEYS.subject(identifier)])
    assert is_stop_of(rows[0], KEYS.subject(identifier))


AT = PostalAddress(street="12 rue Foch", postcode="35000")
BEHIND = PostalAddress(street="B\u00e2t A 12, rue Foch", postcode="35000")
NO_NUMBER = PostalAddress(street="rue Foch", postcode="35000")
HOUSE = PostalAddress(lines=("VILLA Jean", "rue Foch", "35000 Rennes"))
JEAN_VILLA = PostalAddress(name="Jean VILLA", street="rue Foch", postcode="35000")
DAMAGED = PostalAddress(name="Ren&eacute; Roux", street="12 rue Foch", postcode="35000")


@pytest.mark.parametrize(
    ("stopped", "asks", "lifted"),
    [
        (NO_NUMBER, BEHIND, False),
        (BEHIND, BEHIND, True),
        (BEHIND, AT, True),
        (NO_NUMBER, HOUSE, False),
        (JEAN_VILLA, HOUSE, False),
        (JEAN_VILLA, JEAN_VILLA, True),
        (PostalAddress(street="rue Foch", postcode="60000"),
         PostalAddress(street="rue Foch", postcode="6000.0"), False),
    ],
)  # fmt: skip
def test_a_stop_by_post_is_lifted_by_what_is_certainly_its_door(
    stopped: PostalAddress,
    asks: PostalAddress,
    lifted: bool,  # noqa: FBT001
) -> None:
    rows, subjects = rows_of(postal(stopped)), [postal(asks)]
    assert _is_denied(rows, subjects)
    assert lifts(rows, subjects) is lifted


@pytest.mark.parametrize("whole_address", [False, True])
def test_a_person_lifts_no_stop_of_a_door_that_an_older_reading_took(
    *, whole_address: bool
) -> None:
    rows = rows_of(postal(_named(NO_NUMBER)), whole_address=whole_address)
    for asks in (_named(BEHIND), BEHIND):
        assert not lifts(rows, [postal(asks)])
    assert _is_denied(rows, [postal(_named(BEHIND))])


def test_the_house_that_may_be_a_person_is_lifted_without_the_person() -> None:
    """The stop of the person in that line is lifted only by name."""
    house, person = rows_of(postal(HOUSE))
    assert lifts([house], [postal(HOUSE)])
    assert not lifts([person], [postal(HOUSE)])
    assert lifts([person], [postal(JEAN_VILLA)])


def test_a_damaged_text_lifts_nothing_under_its_damaged_reading() -> None:
    """0.9.0 also read the damaged `Ren&eacute; Roux` as E. Roux, who may live there too."""
    emma = rows_of(postal(PostalAddress(name="Emma Roux", street="12 rue Foch", postcode="35000")))
    assert _is_denied(emma, [postal(DAMAGED)])
    assert not lifts(emma, [postal(DAMAGED)])
    assert lifts(rows_of(postal(DAMAGED)), [postal(DAMAGED)])


def test_what_an_older_reading_stored_is_lifted_by_the_digests_of_its_forms() -> None:
    stopped = rows_of(postal(_named(NO_NUMBER)))
    texts = ("fr|35000|rue foch||dupont|j", "fr|35000|rue foch||dupont|?")
    both = [subject_of(Kind.POSTAL, digest_of(text)) for text in texts]
    assert lifts(stopped, both)
    assert not lifts(stopped, both[:1])


@pytest.mark.parametrize(
    ("stopped", "asks", "lifted"),
    [
        ("Marie Dupont", "M.Jean Dupont", False),
        ("Jean Dupont", "M.Jean Dupont", False),
        ("M.Jean Dupont", "M.Jean Dupont", True),
        ("Paul Martin", "MARTIN PAUL", True),
        ("MARTIN PAUL", "MARTIN PAUL", True),
        ("MARTIN PAUL", "Paul Martin", True),
        ("Jean Mueller", "Jean M\u00fcller", False),
        ("Marie Jean", "Jean D. Martin", False),
        ("Marie Dupont", "Marie Dupont et Jean Martin", True),
        ("Jean Martin", "Marie Dupont et Jean Martin", True),
    ],
)
def test_a_name_with_several_readings_lifts_its_own_stop_alone(
    stopped: str,
    asks: str,
    lifted: bool,  # noqa: FBT001
) -> None:
    rows = rows_of(postal(dataclasses.replace(AT, name=stopped)))
    subject = postal(dataclasses.replace(AT, name=asks))
    assert _is_denied(rows, [subject])
    assert lifts(rows, [subject]) is lifted


@pytest.mark.parametrize(
    ("text", "name", "lifted"),
    [
        ("fr|35000|rue foch|12|dupont|j", "Jean Dupont", True),
        ("fr|35000|rue foch|12|dupont|m", "M.Jean Dupont et Rose Martin", False),
        ("fr|35000|rue foch|12|dupont|j", "M.Jean Dupont et Rose Martin", True),
        ("fr|35000|rue foch|12|dupont|m", "M.Jean Dupont", False),
        ("fr|35000|rue foch|12|dupont|", "Jean Dupont", False),
        ("fr|35000|rue foch|12", "Jean Dupont", False),
        ("fr|35000|rue foch|12|dupont|", "Famille Dupont", True),
        ("fr|35000|rue foch|12", "Famille Dupont", False),
    ],
)
def test_a_partners_stop_is_lifted_by_whom_its_text_names(
    text: str,
    name: str,
    lifted: bool,  # noqa: FBT001
) -> None:
    md5 = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    rows = rows_of(subject_of(Kind.POSTAL, Digest(text=md5, scheme="plain:md5")))
    address = PostalAddress(name=name, street="12 rue Foch", postcode="35000")
    subjects = [subject_of(Kind.POSTAL, address, schemes=[Scheme(algorithm="md5")])]
    assert _is_denied(rows, subjects)
    assert lifts(rows, subjects) is lifted


def rows_of(subject: Subject, *, whole_address: bool = False) -> list[Suppression]:
    """Return the rows that a stop of a Subject stores."""
    return [
        new_suppression(
            SuppressionRequest(
                forms=forms,
                scope=CALLS,
                reason=Reason.OBJECTION,
                evidence=Evidence.API,
                occurred_at=NOW,
            ),
            record_id=RecordId(forms[0]),
            salt=bytes(32),
        ).suppression
        for forms in subject.stored_rows(whole_address=whole_address)
    ]


def _is_denied(rows: list[Suppression], subjects: list[Subject]) -> bool:
    """Return whether a check of each Subject finds one of the rows."""
    return all(
        any(not set(row.forms).isdisjoint(subject.lookup_fingerprints) for row in rows)
        for subject in subjects
    )


def lifts(rows: list[Suppression], subjects: list[Subject]) -> bool:
    """Return whether one release of these Subjects lifts all rows; fail if it lifts only some."""
    lifted = [
        any(
            is_released(row, subject, [CALLS], [Reason.OBJECTION], together=subjects, now=NOW)
            for subject in subjects
        )
        for row in rows
    ]
    assert len(set(lifted)) == 1
    return lifted[0]


def _phone(text: str) -> Subject:
    region = "KR" if text.startswith("00") else "DE"
    return subject_of(Kind.PHONE, text, region="FR" if text.startswith("0692") else region)


def postal(address: PostalAddress) -> Subject:
    return subject_of(Kind.POSTAL, address)


def named_at(name: str) -> Subject:
    return postal(dataclasses.replace(AT, name=name))


def _named(address: PostalAddress) -> PostalAddress:
    return dataclasses.replace(address, name="Jean Dupont")


def digest_of(text: str) -> Digest:
    return Digest(text=hashlib.sha256(text.encode()).hexdigest())


def subject_of(
    kind: Kind, value: Value, *, region: str = "FR", schemes: Iterable[Scheme] = ()
) -> Subject:
    identifier = parse_identifier(kind, value, region=region, schemes=schemes, partner_digests=True)
    return KEYS.subject(identifier)
