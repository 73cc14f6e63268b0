from __future__ import annotations

import contextlib
from itertools import pairwise

import phonenumbers
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import TraceCallback, silent
from suppression.domain.identifiers.email import canonical_email, email_texts
from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.identifiers.parsing import canonical_texts, parse_identifier
from suppression.domain.identifiers.phone.parsing import canonical_phone, phone_texts
from suppression.domain.identifiers.phone.renumbering import renumbered
from suppression.domain.identifiers.postal.people.later_people import parse_recipients_slowly
from suppression.domain.identifiers.postal.people.people_apart import parse_recipients
from suppression.domain.vocabulary import Kind
from tests.domain.identifiers.examples import pairs, street_key
from tests.length import length

ANY_TEXT = st.text(max_size=80)
LETTERS = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=20)
EMAILS = st.builds("{}@{}.fr".format, LETTERS, LETTERS)
PHONES = st.builds(
    "+{}{}".format,
    st.sampled_from([33, 262, 590, 32, 41, 44, 49, 39, 34, 1, 225, 229, 52, 55]),
    st.text("0123456789", min_size=7, max_size=11),
)
STREET_WORDS = (
    "rue bd av. av place chemin de du des la l' d' saint st ste gal général victor v. hugo foch"
    " bis ter 12 8 mai 1945 1er appt bât. b résidence les pins cedex bp n° lieu-dit bourg 12-14 ,"
    " jean xxiii zone artisanale rn 7 d940 c a r étage 3e chez mme porte tour"
)
STREETS = st.lists(st.sampled_from(STREET_WORDS.split()), min_size=1, max_size=9).map(" ".join)
NAME_WORDS = (
    "Jean DUPONT dupont marie MARTIN Martin PAUL M. Mme et née de LA La Fontaine J. JP d'Ornano LE"
    " Goff Famille SARL Müller (Martin) , Dupont-Martin - & Vve épouse O'Brien Dr"
)
NAMES = st.lists(st.sampled_from(NAME_WORDS.split()), max_size=6).map(" ".join)
ADDRESSES = st.builds(PostalAddress, name=NAMES, street=STREETS, postcode=st.just("35000"))


@given(st.one_of(EMAILS, ANY_TEXT))
def test_the_canonical_email_of_a_canonical_email_is_itself(text: str) -> None:
    with contextlib.suppress(IdentifierParseError):
        once = canonical_email(text)
        assert canonical_email(once) == once
        assert email_texts(once) == email_texts(text)


@given(st.one_of(PHONES, ANY_TEXT), st.sampled_from(["FR", "RE", "BE", "US", "XX"]))
def test_the_canonical_phone_of_a_canonical_phone_is_itself(text: str, region: str) -> None:
    with contextlib.suppress(IdentifierParseError):
        once = canonical_phone(text, region)
        assert canonical_phone(once, region) == once
        assert canonical_phone(once, "FR") == once


@given(PHONES, PHONES)
def test_different_e164_never_meet_unless_renumbered(text: str, other_text: str) -> None:
    with contextlib.suppress(IdentifierParseError):
        first, second = canonical_phone(text, "FR"), canonical_phone(other_text, "FR")
        assume(first != second)
        texts = [
            {match_key.text for match_key in phone_texts(spelling, "FR")}
            for spelling in (text, other_text)
        ]
        assert second in renumbered(first) or second not in texts[0]
        assert first in renumbered(second) or first not in texts[1]


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
def test_a_valid_e164_is_its_own_canonical_form(region: str) -> None:
    example = phonenumbers.example_number(region)
    assert example is not None
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert canonical_phone(e164, "FR") == e164
    assert canonical_phone(e164, region) == e164


@given(STREETS)
def test_a_street_is_the_same_in_capitals_and_with_more_spaces(street: str) -> None:
    with contextlib.suppress(IdentifierParseError):
        key = street_key(street)
        assert key == street_key(street.upper().replace("É", "E").replace("Â", "A"))
        assert key == street_key(f"  {street.replace(' ', '  ')} ")


@given(
    st.lists(
        st.sampled_from(
            ["rue", "bd", "place", "gal", "foch", "saint", "de", "l'", "victor", "hugo", "lilas"]
        )
    ),
    st.integers(1, 9999),
    st.integers(1, 9999),
)
def test_two_doors_of_a_street_never_meet(street: list[str], first: int, second: int) -> None:
    with contextlib.suppress(IdentifierParseError):
        keys = [street_key(f"{number} {' '.join(street)}") for number in (first, second)]
        assert (keys[0] == keys[1]) == (first == second)


@given(ADDRESSES, ANY_TEXT)
def test_the_city_does_not_decide_where_the_postcode_is_there(
    address: PostalAddress, city: str
) -> None:
    other = PostalAddress(
        name=address.name, street=address.street, postcode=address.postcode, city=city[:40]
    )
    with contextlib.suppress(IdentifierParseError):
        assert _texts(address) == _texts(other)


@given(NAMES)
def test_the_quick_way_of_names_answers_as_the_long_way_does(name: str) -> None:
    with contextlib.suppress(IdentifierParseError):
        assert parse_recipients(name) == parse_recipients_slowly(name)


@given(st.one_of(ADDRESSES, st.builds(PostalAddress, lines=st.lists(ANY_TEXT).map(tuple))))
def test_an_address_is_read_or_refused_and_never_fails(address: PostalAddress) -> None:
    with contextlib.suppress(IdentifierParseError):
        identifier = parse_identifier(Kind.POSTAL, address, region="FR", consent=True)
        assert len(identifier.forms) < 200
        assert any(match_key.use.is_looked_up for match_key in identifier.forms)
        assert any(match_key.use.is_stored for match_key in identifier.forms)


@settings(max_examples=length(10, long=100), deadline=None)
@given(st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_of_calls(chance: object) -> None:
    vectors = pairs()[::25]
    before = [canonical_texts(pair.kind, pair.first, region=pair.region) for pair in vectors]
    chance.shuffle(vectors)  # type: ignore[attr-defined]
    after = {
        pair.id: canonical_texts(pair.kind, pair.first, region=pair.region) for pair in vectors
    }
    vectors.sort(key=lambda vector: vector.id)
    again = [canonical_texts(pair.kind, pair.first, region=pair.region) for pair in pairs()[::25]]
    assert before == again
    assert all(first.id < second.id for first, second in pairwise(vectors))
    assert [after[pair.id] for pair in pairs()[::25]] == before


def _texts(address: PostalAddress) -> list[str]:
    return [
        match_key.text
        for match_key in canonical_texts(Kind.POSTAL, address, region="FR", consent=True)
    ]


PLAIN_NAMES = st.builds(
    "{} {}".format,
    st.sampled_from(["Jean", "MARIE", "Noël", "Xylo", "Jean-Pierre", "Jörg"]),
    st.sampled_from(["Dupont", "LEROY", "Müller", "Le", "Martin"]),
)
PLAIN_ADDRESSES = st.builds(
    PostalAddress,
    name=PLAIN_NAMES,
    street=st.sampled_from(["12 rue Foch", "rue de l'Église", "3 bis, av V. Hugo", "12 le Bourg"]),
    postcode=st.sampled_from(["35000", "75116", "75000", "1000", "3500", "35 000", "97400"]),
    city=st.sampled_from(["", "Rennes", "Paris 11", "Re\x00nnes"]),
    country=st.sampled_from(["", "FR", "RE", "France"]),
    line1=st.sampled_from(["", "", "Bât B"]),
)


@given(PLAIN_ADDRESSES)
def test_the_quick_way_of_addresses_answers_as_the_long_way_does(address: PostalAddress) -> None:
    assert _outcome(address, silent) == _outcome(address, _listening)


def _listening(step: str, text: str, *, key: bool = False) -> None:
    """Ignore a step of the parser; passing a callback switches its fast paths off."""


def _outcome(address: PostalAddress, note: TraceCallback) -> object:
    try:
        return canonical_texts(Kind.POSTAL, address, region="FR", note=note)
    except IdentifierParseError as refused:
        return refused.code
