"""The payload of an unsubscribe link has a fixed layout, and any other bytes are refused."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.unsubscribe.link_tokens import (
    LinkPayload,
    MalformedPayloadError,
    carried_match_keys,
    decode,
    encode,
    encode_heads,
)

ONE, TWO = Fingerprint(bytes(range(16))), Fingerprint(bytes(range(16, 32)))
FORMS = st.binary(min_size=16, max_size=16).map(Fingerprint)
REFS = st.text(string.ascii_letters + string.digits + "_.:-", max_size=32)
TWO_BYTES = st.integers(0, 65_535)
PAYLOADS = st.builds(
    LinkPayload,
    key_version=st.integers(1, 31),
    controller_number=TWO_BYTES,
    topic_number=TWO_BYTES,
    issued_on=st.dates(date(1970, 1, 1), date(2149, 6, 6)),
    forms=st.tuples(FORMS) | st.tuples(FORMS, FORMS),
    ref=REFS,
)


@given(PAYLOADS)
def test_a_payload_comes_back_as_it_was_packed(payload: LinkPayload) -> None:
    assert decode(encode(payload)) == payload


@given(PAYLOADS)
def test_a_payload_is_23_bytes_with_one_form_and_39_with_two_and_then_its_ref(
    payload: LinkPayload,
) -> None:
    without_ref = {1: 23, 2: 39}[len(payload.forms)]
    assert len(encode(payload)) == without_ref + len(payload.ref)


def test_the_bytes_stand_where_old_links_have_them() -> None:
    """Links verify for ever, so this layout may never change (docs/architecture.md#link-tokens)."""
    payload = _payload(ONE, TWO, ref="crm:7")
    expected = "23 0102 0003 512a" + ONE.hex() + TWO.hex() + b"crm:7".hex()
    assert encode(payload) == bytes.fromhex(expected)


def test_one_form_leaves_its_bit_clear() -> None:
    assert encode(_payload(ONE))[0] == 3


@given(st.binary(max_size=80))
def test_any_bytes_are_refused_or_are_exactly_what_packs_to_them(raw: bytes) -> None:
    try:
        payload = decode(raw)
    except MalformedPayloadError:
        return
    assert encode(payload) == raw


@pytest.mark.parametrize("length", [0, 6, 7, 22])
def test_a_payload_that_was_cut_is_refused(length: int) -> None:
    _refused(encode(_payload(ONE))[:length])


def test_a_payload_of_two_forms_cut_to_one_is_refused() -> None:
    _refused(encode(_payload(ONE, TWO))[:23])
    _refused(encode(_payload(ONE, TWO))[:38])


@pytest.mark.parametrize("layout", [1, 2, 3])
def test_a_layout_of_the_future_is_refused(layout: int) -> None:
    raw = bytearray(encode(_payload(ONE)))
    raw[0] |= layout << 6
    _refused(bytes(raw))


def test_a_ref_of_more_than_32_characters_is_refused() -> None:
    assert decode(encode(_payload(ONE)) + b"r" * 32).ref == "r" * 32
    _refused(encode(_payload(ONE)) + b"r" * 33)


def test_a_ref_outside_ascii_is_refused() -> None:
    _refused(encode(_payload(ONE)) + "é".encode())


def test_a_payload_shows_no_fingerprint_in_its_repr() -> None:
    assert repr(ONE) not in repr(_payload(ONE))


def _payload(*forms: Fingerprint, ref: str = "") -> LinkPayload:
    return LinkPayload(
        key_version=3,
        controller_number=0x0102,
        topic_number=3,
        issued_on=date(2026, 11, 21),
        forms=forms,
        ref=ref,
    )


def _refused(raw: bytes) -> None:
    with pytest.raises(MalformedPayloadError):
        decode(raw)


def test_a_link_of_a_hash_is_told_from_a_link_of_an_address() -> None:
    fingerprint, other = Fingerprint(bytes(16)), Fingerprint(b"o" * 16)
    for forms, hashed in (
        ((fingerprint,), False),
        ((fingerprint, other), False),
        ((fingerprint,), True),
    ):
        payload = _payload(*carried_match_keys(forms, hashed=hashed))
        assert decode(encode(payload)).hashed is hashed


def test_a_day_that_no_payload_can_hold_becomes_the_last_one() -> None:
    last = date(2149, 6, 6)
    heads = [
        encode_heads(key_version=1, controller_number=1, topic_number=0, issued_on=day)
        for day in (last, date(2149, 6, 7), date(9999, 12, 31))
    ]
    assert heads[0] == heads[1] == heads[2]
    assert decode(heads[1][0] + ONE).issued_on == last
