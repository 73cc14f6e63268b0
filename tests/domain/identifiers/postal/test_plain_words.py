"""Abbreviations of French streets that are expanded since 0.9.0, and words that are not."""

from __future__ import annotations

import pytest

from suppression.domain.identifiers.postal.plain_words import plain_words
from suppression.domain.identifiers.postal.tables import LATER_WORDS
from tests.domain.identifiers.examples import street_readings

SAME = [
    ("12 PRO DES LILAS", "12 promenade des Lilas"),
    ("12 CARR DES LILAS", "12 carrefour des Lilas"),
    ("12 SEN DES LILAS", "12 sentier des Lilas"),
    ("12 GR DES LILAS", "12 Grande Rue des Lilas"),
    ("12 qrt des Lilas", "12 quartier des Lilas"),
    ("12 jard. des Plantes", "12 jardin des Plantes"),
    ("12 tsse du Soleil", "12 terrasse du Soleil"),
    ("12 q. de la Seine", "12 quai de la Seine"),
    ("12 Z.A. des Pr\u00e9s", "12 ZA des Pr\u00e9s"),
    ("12 Z. A. C. du Moulin", "12 ZAC du Moulin"),
    ("12 C.C. Leclerc", "12 centre commercial Leclerc"),
    ("12 zone d'am\u00e9nagement concert\u00e9 du Moulin", "12 ZAC du Moulin"),
    ("12 R D ALSACE", "12 rue d'Alsace"),
    ("R D AMIENS", "rue d'Amiens"),
    ("La Ferme des Pins", "Ferme des Pins"),
    ("12 le clos des Pins", "12 clos des Pins"),
    ("12 chemin de la Crx", "12 chemin de la Croix"),
    ("s/n rue Foch", "rue Foch"),
    ("N\u00b0 12 PRO DES LILAS", "12 promenade des Lilas"),
    ("N\u00b012 q. de la Seine", "12 quai de la Seine"),
    ("12 carr\u00e9 des Lilas studio", "12 carr\u00e9 des Lilas"),
    ("rue du Dixi\u00e8me, 12 face \u00e0 la gare", "12 rue du Dixi\u00e8me"),
    ("sans num\u00e9ro, rue Foch", "rue Foch"),
    ("#12 rue Foch", "12 rue Foch"),
    ("3 route d'Air s/ l'Adour", "3 route d'Air-sur-l'Adour"),
    ("3 rue de Saint-Didier s/s Ecouves", "3 rue de Saint-Didier-sous-Ecouves"),
    ("3 rue de Saint-Didier s/s/Ecouves", "3 rue de Saint-Didier-sous-Ecouves"),
    ("3 rue de Chalon s/Saone", "3 rue de Chalon-sur-Saone"),
    ("3 rue de Chalon s/ Saone", "3 rue de Chalon-sur-Saone"),
    ("12 rue du XIXe Si\u00e8cle", "12 rue du 19e Si\u00e8cle"),
    ("12 rue du XIV\u00e8me RI", "12 rue du 14e RI"),
    ("12 rue du VIe RI", "12 rue du 6e RI"),
    ("12 rue de la VI\u00e8me Arm\u00e9e", "12 rue de la 6e Arm\u00e9e"),
    ("12 rue du dix-neuf mars 1962", "12 rue du 19 mars 1962"),
    ("12 rue du vingt deux ao\u00fbt", "12 rue du 22 ao\u00fbt"),
    ("12 rue de la Deuxi\u00e8me DB", "12 rue de la 2e DB"),
    ("2 rue du Dixi\u00e8me", "2 rue du 10e"),
    ("12 rue de la Premi\u00e8re Arm\u00e9e", "12 rue de la 1\u00e8re Arm\u00e9e"),
    ("12 place du 11 nov. 1918", "12 place du 11 novembre 1918"),
    ("12 rue Napol\u00e9on Ier", "12 rue Napol\u00e9on 1er"),
    ("12 rue Charles V", "12 rue Charles 5"),
    ("12 rue Charles X", "12 rue Charles 10"),
    ("12 rue J. d'Arc", "12 rue Jeanne d'Arc"),
    ("12 rue B. Palissy", "12 rue Bernard Palissy"),
    ("12 RUE H BOUCHER", "12 rue H\u00e9l\u00e8ne Boucher"),
    ("12 rue N. Mandela", "12 rue Nelson Mandela"),
    ("12 rue JJ Rousseau", "12 rue Jean-Jacques Rousseau"),
    ("12 rue M. L. King", "12 rue Martin Luther King"),
    ("12 av JFK", "12 avenue John Fitzgerald Kennedy"),
    ("12 RUE E GEOFFROY SAINT HILAIRE", "12 rue Etienne Geoffroy-Saint-Hilaire"),
    ("12 rue Foch studio", "12 rue Foch"),
    ("12 rue Foch sous-sol", "12 rue Foch"),
    ("12 rue Foch 3e \u00e9t.", "12 rue Foch"),
    ("3\u00e8me \u00e9t. 12 rue Foch", "12 rue Foch"),
    ("12 rue Foch 2\u00e8me gauche", "12 rue Foch"),
    ("12 rue Foch face \u00e0 la mairie", "12 rue Foch"),
    ("12 rue Foch interphone Dupont", "12 rue Foch"),
    ("12 rue Foch n\u00b012", "12 rue Foch"),
    ("12 route de Paris RN 7", "12 route de Paris"),
    ("32, all\u00e9e Henri-Sellier Maison des solidarit\u00e9s", "32, all\u00e9e Henri-Sellier"),
    ("32bis rue des Vosges35000", "32bis rue des Vosges"),
    ("12 RUE FOCH RENNES", "12 RUE FOCH"),
    ("12 rue du Mar\u00e9chal Foch Rennes", "12 rue du Mar\u00e9chal Foch"),
]


@pytest.mark.parametrize(("written", "plain"), SAME)
def test_a_street_in_an_unusual_writing_meets_the_plain_one(written: str, plain: str) -> None:
    assert set(street_readings(written)[0]) & set(street_readings(plain)[0])


@pytest.mark.parametrize(
    "line",
    [
        "12 rue foch",
        "12 q rue foch",
        "12 b rue foch",
        "rue jean v. inconnu",
        "rue mont v",
        "la poste",
        "12 rue de la tour",
        "rue du 8 mai 1945",
        "rue z. inconnu",
    ],
)
def test_other_words_stay_as_they_are(line: str) -> None:
    assert plain_words(line) == line


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("12 rue de Rennes", "rue rennes|12"),
        ("12 rue de la Vieille Maison", "rue vieillemaison|12"),
        ("12 rue du Garage", "rue garage|12"),
        ("12 rue Rennes", "rue rennes|12"),
        ("Le Bourg Rennes", "bourgrennes|"),
        ("Le Bourg studio", "bourgstudio|"),
    ],
)
def test_a_name_that_looks_like_a_complement_stays(written: str, key: str) -> None:
    assert street_readings(written)[0] == [key]


def test_the_older_reading_stays_first_where_it_is_the_same_door() -> None:
    assert street_readings("12 rue B. Palissy") == (
        ["rue bpalissy|12", "rue bernardpalissy|12"],
        [],
    )
    assert street_readings("12 PRO DES LILAS") == (["prolilas|12", "promenade lilas|12"], [])


@pytest.mark.parametrize("code", sorted(LATER_WORDS["type"]))
@pytest.mark.parametrize("number", ["12 ", ""])
def test_what_one_key_held_in_0_9_0_meets_today(code: str, number: str) -> None:
    """0.9.0 read a type's code as a word of the name, so hyphens and `lieu-dit` did not matter."""
    plain = street_readings(f"{number}{code} des Lilas")
    for other in (f"{number}{code}-des-Lilas", f"{number}{code} Lilas"):
        assert _meet(plain, street_readings(other))
    if code not in {"gr", "sen", "ctre", "q"}:
        assert _meet(plain, street_readings(f"{number}lieu-dit {code} des Lilas"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("12 gal Leclerc", "12 g\u00e9n\u00e9ral Leclerc"),
        ("12 gal des Lilas", "12 g\u00e9n\u00e9ral des Lilas"),
        ("12 sen des Lilas", "12 sente des Lilas"),
        ("rue du XIXe", "rue XIXe"),
        ("12 q des Lilas", "12 q-des-Lilas"),
        ("12 r-xie", "12 rue Xie"),
        ("rue Nationale 12", "rue Nationale12"),
        ("rue Nationale 12", "r. Nationale 12"),
        ("rue Foch n\u00b0 12 studio", "rue Foch n12-studio"),
        ("rue Albert Second", "rue Albert-Second"),
    ],
)
def test_two_writings_of_one_street_meet_as_in_0_9_0(first: str, second: str) -> None:
    assert _meet(street_readings(first), street_readings(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("12 gal des Lilas", "12 galerie des Lilas"),
        ("12 carr\u00e9 des Lilas", "12 carrefour des Lilas"),
        ("12 rue de la Vie", "12 rue du 6"),
        ("12 rue de la Vie Heureuse", "12 rue du 6e Heureuse"),
        ("12 rue Vive Eau", "12 rue 9 Eau"),
        ("rue de la Vie", "6e rue de la"),
        ("rue Albert Second", "2e rue Albert"),
        ("rue du XIXe", "19e rue du"),
        ("rue de la Seconde", "2e rue de la"),
    ],
)
def test_two_streets_keep_apart(first: str, second: str) -> None:
    written, lookups = street_readings(first)
    other_written, other_lookups = street_readings(second)
    assert not set(written) & {*other_written, *other_lookups}
    assert not set(other_written) & {*written, *lookups}


@pytest.mark.parametrize(
    "street",
    [
        *("rue de la Vie", "rue de la Seconde", "rue du XIXe", "rue du Dixi\u00e8me"),
        *(
            "rue Albert Second",
            "rue du dix neuf",
            "rue Vive",
            "b\u00e2t 2, rue Albert Second",
            "place de la Vie, b\u00e2t B",
        ),
    ],
)
def test_a_word_is_no_house_number(street: str) -> None:
    written, lookups = street_readings(street)
    assert all(key.endswith("|") for key in (*written, *lookups))


def _meet(first: tuple[list[str], list[str]], second: tuple[list[str], list[str]]) -> bool:
    """Return whether a stop of either street denies the other."""
    there = set(first[0]) & {*second[0], *second[1]}
    return bool(there and set(second[0]) & {*first[0], *first[1]})
