from __future__ import annotations

import dataclasses
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.identifiers.fingerprints import ControllerKeys, Subject, controller_keys
from suppression.domain.identifiers.keyed_digests import HmacSha256
from suppression.domain.identifiers.match_keys import (
    Digest,
    MatchKey,
    MatchKeyLabel,
    PostalAddress,
    Value,
)
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.vocabulary import Kind

KEYS = controller_keys("okwind", {1: bytes(32), 2: bytes(range(32))})


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_two_states_make_the_hmac_that_hmac_digest_makes(key: bytes, message: bytes) -> None:
    assert HmacSha256(key).digest(message) == hmac.digest(key, message, "sha256")


def test_a_state_is_not_used_up() -> None:
    state = HmacSha256(b"key")
    assert state.digest(b"a") == state.digest(b"a") != state.digest(b"b")


def test_a_stop_is_written_under_the_newest_key_and_asked_under_all() -> None:
    subject = _subject(Kind.EMAIL, "jean.dupont@gmail.com")
    assert len(subject.stored_rows(whole_address=False)[0]) == 2
    assert len(subject.lookup_fingerprints) == 4
    assert set(subject.stored_rows(whole_address=False)[0]) < set(subject.lookup_fingerprints)


def test_a_person_is_written_without_the_whole_address_and_asked_with_it() -> None:
    person, house = _postal("Jean Dupont"), _postal("")
    assert not set(person.stored_rows(whole_address=False)[0]) & person.whole_address
    assert (
        set(house.stored_rows(whole_address=False)[0])
        <= house.whole_address
        <= set(person.lookup_fingerprints)
    )


def test_a_whole_address_stop_by_a_person_leads_with_the_address() -> None:
    written = _postal("Jean Dupont").stored_rows(whole_address=True)[0]
    assert written[0] == _postal("").stored_rows(whole_address=True)[0][0]
    assert set(_postal("Jean Dupont").stored_rows(whole_address=False)[0]) < set(written)


@pytest.mark.parametrize("whole_address", [False, True])
def test_a_stop_of_two_houses_is_a_row_for_each_and_any_other_is_one(
    *, whole_address: bool
) -> None:
    houses = PostalAddress(street="12-14 rue Foch", postcode="35000")
    rows = _subject(Kind.POSTAL, houses).stored_rows(whole_address=whole_address)
    numbers = [_house(number) for number in ("12", "14")]
    assert [set(row) for row in rows] == [
        set(number.stored_rows(whole_address=True)[0]) for number in numbers
    ]
    person = _postal("Jean Dupont")
    stored = person.stored_rows(whole_address=whole_address)[0]
    assert person.stored_rows(whole_address=whole_address) == (stored,)


@pytest.mark.parametrize(
    ("stopped", "checked", "denied"),
    [
        ("Jean Dupont", "M. et Mme Dupont", True),
        ("M. et Mme Dupont", "Jean Dupont", True),
        ("M. et Mme Dupont", "Marie Dupont", True),
        ("Jean Dupont", "Marie Dupont", False),
        ("Jean Dupont", "Famille Durand", False),
    ],
)
def test_a_household_and_its_persons_reach_each_other(
    stopped: str,
    checked: str,
    denied: bool,  # noqa: FBT001
) -> None:
    written = set(_postal(stopped).stored_rows(whole_address=False)[0])
    assert bool(written & set(_postal(checked).lookup_fingerprints)) is denied


def test_a_person_owns_no_form_of_the_household_and_the_other_way_round() -> None:
    person, household = _postal("Jean Dupont"), _postal("Famille Dupont")
    of_person, of_household = person.own_fingerprints, household.own_fingerprints
    assert of_person == _all_written(person) - person.whole_address
    assert of_household == _all_written(household) - household.whole_address
    assert not of_person & of_household


def test_a_person_is_every_form_that_a_stop_is_written_under_or_a_check_asks() -> None:
    person = _postal("Jean Dupont")
    assert person.all_fingerprints == set(person.lookup_fingerprints) | _all_written(person)
    assert _all_written(person) - set(person.lookup_fingerprints)
    assert set(person.lookup_fingerprints) - _all_written(person)


def test_both_doors_of_a_range_are_written() -> None:
    subject = _subject(Kind.POSTAL, PostalAddress(street="12-14 rue Foch", postcode="35000"))
    assert len(subject.stored_rows(whole_address=False)) == 2


def test_a_consent_is_kept_under_the_whole_first_name() -> None:
    jean, jacques, initial = (
        _consent(name) for name in ("Jean Dupont", "Jacques Dupont", "J. Dupont")
    )
    assert jean
    assert jacques
    assert not set(jean) & set(jacques)
    assert initial == ()
    assert not set(jean) & set(_postal("Jean Dupont", consent=True).lookup_fingerprints)
    assert _consent("DUPONT Jean") == jean


@pytest.mark.parametrize(
    "name",
    [
        "Jean et Marie Dupont",
        "M. Jean Dupont, Mme Marie Durand",
        "M. Jean Dupont Mme Marie Durand",
        "Jean Dupont - Marie Durand",
        "Jean Dupont\nMarie Durand",
        "M. Jean Dupont\nMme Anne et Rose et Claire et Zoe et Lea Durand",
        "Jean Dupont, son épouse",
        "Jean Dupont / Marie Durand",
        "Jean Dupont (et Marie)",
        "Jean Dupont c/o Marie Durand",
        "Mme.Marie Durand M.Jean Dupont",
    ],
)
def test_several_people_have_no_consent_in_common(name: str) -> None:
    assert _consent(name) == ()


@pytest.mark.parametrize("name", ["J. Dupont", "JP Dupont", "J P Dupont"])
def test_initials_have_no_consent(name: str) -> None:
    """`JP` may be Jean-Pierre or Jean-Paul, so no consent can be recorded for it."""
    assert _consent(name) == ()


@pytest.mark.parametrize("name", ["Dupont, Jean", "DUPONT Jean", "M. Jean Dupont (Monsieur)"])
def test_one_person_has_the_same_consent_in_each_writing(name: str) -> None:
    assert _consent(name) == _consent("Jean Dupont")


def test_a_consent_at_two_houses_is_of_both_alone() -> None:
    both, first, second = (
        _consent("Jean Dupont", f"{number} rue Foch") for number in ("12-14", "12", "14")
    )
    assert both
    assert len({both, first, second}) == 3


def test_a_consent_by_email_or_phone_is_kept_under_the_plain_form() -> None:
    mail = _subject(Kind.EMAIL, "jean.dupont@gmail.com")
    assert mail.consent_fingerprints == mail.forms[0].versions
    phone = _subject(Kind.PHONE, "+2290197123456")
    assert phone.consent_fingerprints == phone.forms[0].versions


def test_a_partner_digest_takes_its_algorithm_into_the_fingerprint() -> None:
    form = MatchKey(label=MatchKeyLabel.PARTNER, prehash=bytes(16), algorithm="md5")
    keys = controller_keys("okwind", {1: bytes(32)})
    expected = _hmac(keys, b"email:md5:" + bytes(16))
    assert keys.versions(Kind.EMAIL, form) == (expected,)


def test_a_hashed_identifier_keeps_its_scheme() -> None:
    subject = _subject(Kind.PHONE, Digest(text="ab" * 32, scheme="meta-phone"))
    assert (subject.hashed, subject.scheme, subject.canonicalisation) == (True, "meta-phone", 1)


def test_a_repr_shows_no_key() -> None:
    assert "bytes" not in repr(KEYS)
    assert "versions" not in repr(_postal("Jean Dupont"))


def _subject(kind: Kind, value: Value, *, consent: bool = False) -> Subject:
    identifier = parse_identifier(kind, value, region="FR", partner_digests=True, consent=consent)
    return KEYS.subject(identifier)


def _postal(name: str, *, consent: bool = False) -> Subject:
    address = PostalAddress(name=name, street="12 rue Foch", postcode="35000")
    return _subject(Kind.POSTAL, address, consent=consent)


def _house(number: str) -> Subject:
    return _subject(Kind.POSTAL, PostalAddress(street=f"{number} rue Foch", postcode="35000"))


def _all_written(subject: Subject) -> set[bytes]:
    return {
        fingerprint for form in subject.forms if form.use.is_stored for fingerprint in form.versions
    }


def _consent(name: str, street: str = "12 rue Foch") -> tuple[bytes, ...]:
    address = PostalAddress(name=name, street=street, postcode="35000")
    return _subject(Kind.POSTAL, address, consent=True).consent_fingerprints


def _hmac(keys: ControllerKeys, message: bytes) -> bytes:
    return keys.fingerprint_keys[0].digest(message)[:16]


@pytest.mark.parametrize(("name", "kept"), [("Jean Dupont", True), ("J. Dupont", False)])
def test_a_consent_is_kept_under_the_newest_version_of_its_own_form(
    name: str,
    kept: bool,  # noqa: FBT001
) -> None:
    address = PostalAddress(name=name, street="12 rue de la Paix", postcode="75002")
    keys = controller_keys("okwind", {1: bytes(32), 2: bytes(range(32))})
    subject = keys.subject(parse_identifier(Kind.POSTAL, address, region="FR", consent=True))
    assert subject.consent_key == (subject.consent_fingerprints[-1] if kept else None)
    assert len(subject.consent_fingerprints) == (2 if kept else 0)


def test_a_house_that_may_be_a_person_is_stopped_as_both() -> None:
    """For `VILLA Jean` above a street, one row is stored for the house and one for Jean Villa."""
    lines = PostalAddress(lines=("VILLA Jean", "12 rue Foch", "35000 Rennes"))
    plain = PostalAddress(street="12 rue Foch", postcode="35000")
    subject = _subject(Kind.POSTAL, lines)
    person = _subject(Kind.POSTAL, dataclasses.replace(plain, name="Jean VILLA"))
    house = _subject(Kind.POSTAL, plain)
    assert not subject.named
    house_row, person_row = subject.stored_rows(whole_address=False)
    assert house_row == house.stored_rows(whole_address=False)[0]
    assert person_row == person.stored_rows(whole_address=False)[0]
    assert set(person.lookup_fingerprints) <= set(subject.lookup_fingerprints)
