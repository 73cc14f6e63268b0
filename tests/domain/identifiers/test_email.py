from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.cleaning import TraceCallback
from suppression.domain.identifiers.email import canonical_email, email_texts


def _listening(step: str, text: str, *, key: bool = False) -> None:
    """Ignore a step of the parser; passing a callback switches its fast path off."""


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "@",
        "jean",
        "jean@",
        "@example.fr",
        "a@x.fr; b@y.fr",
        "a@x.fr, b@y.fr",
        "a b@x.fr",
        "jean@exa mple.fr",
        "jean@.fr",
        "mailto:",
        "Jean <>",
        "a@b@",
        '"@example.fr',
        "a (b) c@x.fr",
        "*@x.fr",
        "%@x.fr",
        "1. jean@x.fr",
        "jean@x.fr%20",
        "jean@*x.fr",
        "jean@'x.fr'",
        "mailto:a@x.fr,b@y.fr",
        "jean@example.fr\x00",
        "jean" + chr(0xD800) + "@example.fr",
    ],
)
def test_what_is_no_single_address_is_refused(text: str) -> None:
    with pytest.raises(IdentifierParseError) as refused:
        canonical_email(text)
    assert refused.value.code == "malformed"
    assert len(text) < 3 or text not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "root@localhost",
        "user@[192.168.0.1]",
        "!#$%&'*+/=?^_`{|}~-@example.fr",
        "a@b_c.fr",
        "..@example.fr",
        "x@xn--a",
        "дима@почта.рф",
        "用户@例子.广告",
        "a@-x-.fr",
        "a@☃.fr",
    ],
)
def test_no_address_is_refused_because_a_validator_dislikes_it(text: str) -> None:
    assert canonical_email(text).count("@") == 1


@pytest.mark.parametrize("text", ["JEAN@Example.FR", "jean+1@gmail.com", "a_b%c@x-y.example.fr"])
def test_the_quick_way_answers_as_the_long_way_does(text: str) -> None:
    listening: TraceCallback = _listening
    assert canonical_email(text) == canonical_email(text, listening)


def test_a_domain_that_idna_refuses_still_has_one_spelling() -> None:
    assert canonical_email("a@☃\u3002FR") == canonical_email("A@☃.fr") == "a@xn--n3h.fr"


def test_a_mailbox_form_stands_only_where_it_differs() -> None:
    assert [text.text for text in email_texts("jean@gmail.com")] == ["jean@gmail.com"]
    assert len(email_texts("...@gmail.com")) == 1
    assert len(email_texts("jean.d@hotmail.com")) == 1


def test_quotes_are_kept_where_they_mean_something() -> None:
    assert canonical_email('"A\\"B"@example.fr') == '"a\\"b"@example.fr'
    assert canonical_email('"a\\b"@example.fr') == "ab@example.fr"


def test_brackets_around_a_domain_are_no_wrapping() -> None:
    assert canonical_email("jean@[127.0.0.1]") == "jean@[127.0.0.1]"


def test_one_apostrophe_belongs_to_the_address() -> None:
    assert canonical_email("o'brien@example.fr") == "o'brien@example.fr"
    assert canonical_email("'o'brien@example.fr'") == "o'brien@example.fr"


def test_joiners_inside_a_mailbox_name_stay() -> None:
    assert canonical_email("\u200ca\u200cb@example.fr\u200d") == "a\u200cb@example.fr"


@pytest.mark.parametrize(
    "text",
    [
        "\u202ajean@example.fr\u202c",
        "\u2068jean@example.fr\u2069",
        "jean@example.fr\u061c",
        "mailto:jean%E2%80%8B@example.fr",
        "mailto://jean@example.fr",
        "mailto:mailto:jean@example.fr",
        "SMTP:jean@example.fr",
        "{jean@example.fr}",
        "\u00abjean@example.fr\u00bb",
        "\u201cjean@example.fr\u201d",
    ],
)
def test_what_programs_put_around_an_address_is_taken_off(text: str) -> None:
    assert canonical_email(text) == "jean@example.fr"


@pytest.mark.parametrize(
    "text",
    [
        *(f"{sign}jean@example.fr" for sign in '<([":;,>)]\u00ab\u201c\u2018\u2039'),
        *(f"{sign} jean@example.fr" for sign in '<([":;,*->\u00ab\u2022\u2013'),
        *(
            f"jean@example.fr{sign}"
            for sign in ">)]}\":;,.!?*/\\|#&~^$+=%`'\u00bb\u201d\u2019\u2026"
        ),
        *(f"jean@example.fr {sign}" for sign in '>)]":;,.!?*/\\|#-_\u2013\u2014\u2022\u00bb'),
        "jean@example.fr*;",
        "Jean Dupont (jean@example.fr)",
        "(comment)jean@example.fr",
        "jean(comment)@example.fr",
        '"<jean@example.fr>" jean@example.fr',
        "rfc822;jean@example.fr",
        '="jean@example.fr"',
        "&lt;jean@example.fr&gt;",
        "&#60;jean@example.fr&#x3e;",
        "jean%40example.fr",
        "jean@example.fr?subject=stop",
    ],
)
def test_signs_around_an_address_are_no_part_of_it(text: str) -> None:
    assert canonical_email(text) == "jean@example.fr"


@pytest.mark.parametrize("host", ["example.fr", "soci\u00e9t\u00e9.fr", "\U0001f355.ws"])
@pytest.mark.parametrize(
    "end",
    [":", "'", "!", "|Jean", "\\", "&gt", "\x9d", "..", "\u00bb", *"<>=^~+$`"],
)
def test_what_no_host_is_called_is_refused_rather_than_kept(host: str, end: str) -> None:
    with pytest.raises(IdentifierParseError):
        canonical_email(f"jean@{host}{end}x")


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("jean\u2010paul@example.fr", "jean-paul@example.fr"),
        ("jean\u2212paul@example.fr", "jean-paul@example.fr"),
        ("del\ufb01n@example.fr", "delfin@example.fr"),
        ("jea\u200dn@example.fr", "jean@example.fr"),
        ("ALI\u0307@example.fr", "ali@example.fr"),
        ("del\ufb01.n+x@gmail.com", "delfin@gmail.com"),
    ],
)
def test_what_no_keyboard_writes_has_a_second_form(written: str, typed: str) -> None:
    first, second = email_texts(written)
    assert second.text == typed
    assert first.text != typed


@pytest.mark.parametrize("written", ["rené@example.fr", "\u200d\ufe0f@gmail.com"])
def test_an_address_in_letters_of_a_keyboard_or_in_none_has_one_form(written: str) -> None:
    assert len(email_texts(written)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Jean <jean@example.fr>, Marie <marie@example.org>",
        "<jean@example.fr> <marie@example.org>",
        "jean@example.fr (aussi marie@example.org)",
        "marie@example.org [jean@example.fr]",
        "mailto:jean@example.fr?to=marie@example.org",
        "mailto:jean%40example.fr?cc=marie%40example.org",
    ],
)
def test_two_addresses_in_one_text_are_refused(text: str) -> None:
    with pytest.raises(IdentifierParseError, match="two"):
        canonical_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "jean@example.fr <Jean@Example.FR>",
        "'jean@example.fr' <jean@example.fr>",
        "jean@example.fr [mailto:jean@example.fr]",
        "Jean@Home <jean@example.fr>",
        "mailto:jean@example.fr?body=stop%0D%0Anow",
    ],
)
def test_one_address_twice_is_one(text: str) -> None:
    assert canonical_email(text) == "jean@example.fr"


@pytest.mark.parametrize(
    ("typeset", "typed"),
    [
        ("jean@ex\u2212ample.fr", "jean@ex-ample.fr"),
        ("jean@ex\u0130ample.fr", "jean@exiample.fr"),
        ("\u2022jean@example.fr", "jean@example.fr"),
        ("\u2013jean@example.fr", "jean@example.fr"),
        ("'jean@example.fr", "jean@example.fr"),
        ("=jean.d@gmail.com", "jeand@gmail.com"),
    ],
)
def test_what_no_keyboard_writes_matches_what_one_writes(typeset: str, typed: str) -> None:
    assert [form.text for form in email_texts(typeset)][-1] == typed


def test_a_label_that_is_not_encoded_as_it_says_stays_as_it_is() -> None:
    assert [form.text for form in email_texts("jean@xn--zzzzzzzzzzz99999.fr")] == [
        "jean@xn--zzzzzzzzzzz99999.fr"
    ]


def test_marks_alone_are_no_mailbox() -> None:
    assert [form.text for form in email_texts("'=@example.fr")] == ["'=@example.fr"]


@pytest.mark.parametrize("dot", ["\u3002", "\uff0e", "\uff61"])
@pytest.mark.parametrize("host", ["a_\xe9{}fr", "\u2603{}fr", "soci\xe9t\xe9{}fr", "example{}fr"])
def test_every_dot_of_a_domain_is_one(dot: str, host: str) -> None:
    assert canonical_email(f"jean@{host.format(dot)}") == canonical_email(
        f"jean@{host.format('.')}"
    )
