"""How cells of topics, channels and countries are read, in rows of stops and of consents."""

from __future__ import annotations

import pytest

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import Digest
from suppression.domain.imports.model import RowFault
from suppression.domain.vocabulary import Channel, Kind
from suppression.usecases.imports.rows import (
    ALL_CHANNELS,
    RowError,
    RowIdentifier,
    check_channels_fit,
    parse_channels,
    region_of,
    split_topics,
    unreadable,
)

ERROR = IdentifierParseError("malformed", "Write another number.")


def test_topics_are_parted_by_whatever_people_write() -> None:
    assert split_topics(" news, offers;events|club ") == ["news", "offers", "events", "club"]
    assert split_topics("") == []


def test_channels_are_words_in_either_language() -> None:
    assert parse_channels({"channels": "Courriel; téléphone"}) == (Channel.EMAIL, Channel.TELEPHONE)
    assert parse_channels({"channels": "TOUS"}) == ALL_CHANNELS
    assert parse_channels({"channels": ""}) is None
    assert parse_channels({}) is None


@pytest.mark.parametrize("cell", ["fax", "email, fax", " ", ",;"])
def test_a_word_that_is_no_channel_is_an_error(cell: str) -> None:
    with pytest.raises(RowError) as raised:
        parse_channels({"channels": cell})
    assert raised.value.at_row(7)[:3] == (7, "channels", "channels_unknown")
    assert cell not in raised.value.change or not cell.strip(" ,;")


def test_a_channel_needs_its_identifier() -> None:
    check_channels_fit([Channel.SMS, Channel.TELEPHONE], {Kind.PHONE})
    with pytest.raises(RowError) as raised:
        check_channels_fit([Channel.SMS, Channel.POST], {Kind.PHONE})
    assert raised.value.at_row(2) == RowFault(
        2, "street", "identifier_missing", "Channel post needs this."
    )


def test_a_number_of_a_country_that_we_do_not_know_is_read_as_nobody_s_own() -> None:
    assert region_of(Kind.PHONE, {"country": "Nowhere"}, "FR") == "ZZ"
    assert region_of(Kind.PHONE, {"country": "Belgique"}, "FR") == "BE"
    assert region_of(Kind.PHONE, {}, "FR") == "FR"
    assert region_of(Kind.POSTAL, {"country": "Nowhere"}, "FR") == "FR"


def test_the_error_names_the_country_where_that_is_what_to_mend() -> None:
    phone = RowIdentifier(Kind.PHONE, "0470 12 34 56", "phone")
    digest = RowIdentifier(Kind.PHONE, Digest(text="0" * 64), "sha256")
    email = RowIdentifier(Kind.EMAIL, "nobody", "email")
    abroad = {"country": "Nowhere"}
    assert unreadable(phone, abroad, ERROR).column == "country"
    assert unreadable(phone, {}, ERROR).column == "phone"
    assert unreadable(digest, abroad, ERROR).column == "sha256"
    assert unreadable(email, abroad, ERROR).change == "Write another number."
