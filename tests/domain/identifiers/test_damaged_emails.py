"""E-mail addresses that a wrong encoding, a web page or a table damaged meet the plain ones."""

from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.email import email_texts
from suppression.domain.identifiers.match_keys import KeyUse


def _damaged(text: str) -> str:
    """What a program makes of UTF-8 that it takes for Windows-1252."""
    return text.encode().decode("cp1252")


@pytest.mark.parametrize("plain", ["contact@soci\u00e9t\u00e9.fr", "h\u00e9l\u00e8ne@example.fr"])
def test_an_address_that_was_misread_is_read_as_it_was(plain: str) -> None:
    expected = email_texts(plain)
    for damaged in (_damaged(plain), _damaged(_damaged(plain)), _damaged(f"<{plain}>")):
        stored = [form for form in email_texts(damaged) if form.use.is_stored]
        assert stored == expected


@pytest.mark.parametrize(
    "text",
    [
        *(_damaged(sign) + "jean@example.fr" for sign in ("\u00a0", "\ufeff")),
        _damaged("jean@example.fr\u00a0"),
        "jean@example.fr&nbsp;",
        "&nbsp;jean&#64;example.fr",
    ],
)
def test_signs_around_an_address_that_were_misread_go(text: str) -> None:
    stored = [form.text for form in email_texts(text) if form.use.is_stored]
    assert stored == ["jean@example.fr"]


def test_what_was_stored_under_the_damaged_address_is_asked() -> None:
    forms = {form.text: form.use for form in email_texts(_damaged("jean@example.fr\u00a0"))}
    assert forms["jean@example.xn--fr-qia"] is KeyUse.LOOKUP
    damaged = {
        form.text: form.use for form in email_texts(_damaged("contact@soci\u00e9t\u00e9.fr"))
    }
    assert damaged["contact@xn--socit-fhab57bc.fr"] is KeyUse.LOOKUP


@pytest.mark.parametrize(
    "text",
    [
        "\u00e9l\u00c3\u00a9na\u00c2\u00b0\u2603@example.fr",
        "Zo\u00e9 <zo\u00c3\u00a9@example.fr>",
        "Zo\u00e9 <zoe@soci\u00c3\u00a9t\u00c3\u00a9.fr>",
    ],
)
def test_an_address_that_cannot_be_repaired_is_refused(text: str) -> None:
    with pytest.raises(IdentifierParseError, match="lost"):
        email_texts(text)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Jean|Dupont|jean.dupont@example.fr", "jean.dupont@example.fr"),
        ("1|jean@example.fr", "jean@example.fr"),
        ("jean|@example.fr", "jean@example.fr"),
        ("o''neil@example.fr", "o'neil@example.fr"),
        ("o%27neil@example.fr", "o'neil@example.fr"),
        ("O%27Neil@Example.FR", "o'neil@example.fr"),
        ("jean%2Edupont@example.fr", "jean.dupont@example.fr"),
        ("jean%2Bpub@gmail.com", "jean@gmail.com"),
    ],
)
def test_cells_escapes_and_doubled_signs_give_a_second_form(written: str, typed: str) -> None:
    first, second = email_texts(written)
    assert first.text == written.lower()
    assert (second.text, second.use) == (typed, KeyUse.BOTH)


def test_what_was_stored_of_a_marked_address_before_is_asked() -> None:
    forms = {form.text: form.use for form in email_texts("*o''neil@example.fr")}
    assert forms == {
        "*o''neil@example.fr": KeyUse.BOTH,
        "o'neil@example.fr": KeyUse.BOTH,
        "o''neil@example.fr": KeyUse.LOOKUP,
    }


@pytest.mark.parametrize("written", ["a%b@example.fr", "o%2527neil@example.fr", "jean%41@x.fr"])
def test_other_percent_signs_stay(written: str) -> None:
    assert [form.text for form in email_texts(written)] == [written.lower()]
