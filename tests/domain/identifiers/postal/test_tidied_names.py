"""Names as tables print them, and references above a name: read like the plain name."""

from __future__ import annotations

import pytest

from suppression.domain.identifiers.match_keys import CanonicalText, PostalAddress
from suppression.domain.identifiers.parsing import canonical_texts
from suppression.domain.vocabulary import Kind

AT = "fr|35000|rue foch|12|"


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("M,DUPONT,Jean", "dupont|j"),
        ("MR,DUPONT,JEAN", "dupont|j"),
        ("MME,DURAND,MARIE", "durand|m"),
        ("M;DUPONT;Jean", "dupont|j"),
        ("M|Jean|DUPONT", "dupont|j"),
        ("Mme,Rose,Dupont", "dupont|r"),
        ("M;DE LA TOUR;Jean", "delatour|j"),
        ("M;DUPONT JEAN", "dupont|j"),
        ("Dr;Jean Dupont", "dupont|j"),
        ("M;DUPONT;", "dupont|"),
        ("M,DUPONT,Jean et Mme,DURAND,Marie", "durand|m"),
        ("NG, David", "ng|d"),
        ("David NG", "ng|d"),
        ("NG Jean Paul", "ng|j"),
        ("J. NG", "ng|j"),
        ("M. et Mme NG", "ng|"),
        ("LE, Anna", "le|a"),
        ("DE SANTOS DOS, Maria", "desantosdos|m"),
        ("Marie DUPONT n\u00e9e NG, Rose", "ng|m"),
    ],
)
def test_a_separator_behind_a_civility_is_a_space(name: str, person: str) -> None:
    assert AT + person in _stored(_texts(name))


@pytest.mark.parametrize(
    ("name", "older"),
    [
        ("M,DUPONT,Jean", "x|d"),
        ("MR,DUPONT,JEAN", "|d"),
        ("MME,DURAND,MARIE", "mme|d"),
        ("M;DUPONT;Jean", "dupont|m"),
        ("NG, David", "|d"),
        ("J. NG", "|n"),
        ("LE, Anna", "lex|a"),
    ],
)
def test_what_an_older_version_stored_of_it_is_only_looked_up(name: str, older: str) -> None:
    texts = _texts(name)
    assert AT + older in {text.text for text in texts if text.use.is_looked_up}
    assert AT + older not in _stored(texts)


@pytest.mark.parametrize(
    "name", ["JP DUPONT", "DR NG PR", "Jean JP Dupont", "Dr, Jean", "M.", "A."]
)
def test_initials_and_titles_alone_are_no_surname(name: str) -> None:
    assert not {AT + surname for surname in ("jp|d", "jp|j", "|j", "|a", "x|j")} & _stored(
        _texts(name)
    )


@pytest.mark.parametrize(
    "lines",
    [
        ("N\u00b0 client 12345", "Jean Dupont"),
        ("R\u00e9f. A-12345", "DUPONT Jean"),
        ("Notre dossier n\u00b0 12", "Client : 7", "Jean Dupont"),
        ("12345", "Jean Dupont"),
        ("12345", "M. Jean Dupont"),
    ],
)
def test_a_reference_above_the_name_is_no_name(lines: tuple[str, ...]) -> None:
    """The address was one without a name: its release lifted the stop of the whole house."""
    address = PostalAddress(lines=(*lines, "12 rue Foch", "35000 Rennes"))
    texts = canonical_texts(Kind.POSTAL, address, region="FR")
    assert texts[0].text == AT + "dupont|j"


@pytest.mark.parametrize(
    "lines",
    [
        ("1234", "rue Foch", "Le Bourg", "35000 Rennes"),
        ("Client 12", "35000 Rennes"),
        ("Bloc 12", "Jean Dupont", "35000 Rennes"),
    ],
)
def test_a_number_that_may_be_the_house_stays(lines: tuple[str, ...]) -> None:
    texts = canonical_texts(Kind.POSTAL, PostalAddress(lines=lines), region="FR")
    assert [text.label.value for text in texts] == ["whole_address"]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Jean DUPONT ; O. MOREAU", "moreau|o"),
        ("M. DUPONT | Mme O. MOREAU", "moreau|o"),
        ("Jean DUPONT, Mme O. MOREAU", "moreau|o"),
        ("Jean Dupont ; John McDonald", "macdonald|j"),
        ("Jean Dupont et son epouse O. Dupont", "dupont|o"),
        ("DUPONT J - MOREAU L", "moreau|l"),
        ("DUPONT J, MOREAU L", "moreau|l"),
        ("LE GOFF J - NG L", "ng|l"),
        ("DUPONT J - MENAGE L", "menage|l"),
    ],
)
def test_initials_count_behind_any_separator(name: str, person: str) -> None:
    assert AT + person in _stored(_texts(name))


def _texts(name: str) -> list[CanonicalText]:
    address = PostalAddress(name=name, street="12 rue Foch", postcode="35000")
    return canonical_texts(Kind.POSTAL, address, region="FR")


def _stored(texts: list[CanonicalText]) -> set[str]:
    return {text.text for text in texts if text.use.is_stored}
