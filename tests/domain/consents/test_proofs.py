"""A proof of consent states what was agreed to, and contains no identifier of the person."""

from __future__ import annotations

from hashlib import sha256

import pytest

from suppression.domain.consents.model import Proof
from suppression.domain.consents.proofs import check_proof, identifies_person
from suppression.domain.errors import ChannelMismatchError, InvalidValueError
from suppression.domain.identifiers.match_keys import Digest, PostalAddress, Value
from suppression.domain.suppressions.scopes import RequestedScope, scopes_of_one
from suppression.domain.vocabulary import Channel, GivenBy, Kind, Purpose

HASHED = Digest(text=sha256(b"+33612345678").hexdigest())
POSTAL = PostalAddress(name="Jean Dupont", street="12 rue de la Paix", postcode="75002")


@pytest.mark.parametrize(
    ("text", "value", "identified"),
    [
        ("write to JEAN@example.fr", "jean@example.fr", True),
        ("write to Jean @ example.fr", "jean @ example.fr", True),
        ("write to dpo@example.fr", "jean@example.fr", False),
        ("call 06.12.34.56.78", "+33 6 12 34 56 78", True),
        ("call 01 99 00 12 34", "+33 6 12 34 56 78", False),
        ("in 2026", "", False),
        ("I, Jean  DUPONT", POSTAL, True),
        ("at 12 Rue de la Paix", POSTAL, True),
        ("at home", POSTAL, False),
        ("I, Jo", PostalAddress(name="Jo", street="1 rue X"), False),
        ("I, Jean Dupont", PostalAddress(lines=("Jean Dupont", "75002 PARIS")), True),
        ("ab" * 32, Digest(text="cd" * 32), False),
        ("ab" * 32, Digest(text="ab" * 32), True),
        ("I, jean.dupont@gmail.com.", "JeanDupont+news@gmail.com", True),
        ("write to jean.dupond@gmail.com", "JeanDupont+news@gmail.com", False),
        (sha256(b"jean@example.fr").hexdigest(), "Jean@Example.fr", True),
        ("I, 06 12 34 56 78, agree", HASHED, True),
        ("form:33612345678", HASHED, True),
        ("call 01 99 00 12 34", HASHED, False),
    ],
)
def test_the_identifier_is_found_however_it_is_written(
    text: str,
    value: Value,
    identified: bool,  # noqa: FBT001
) -> None:
    assert identifies_person(text, value) is identified


@pytest.mark.parametrize(
    ("wording", "evidence", "collected_by", "ref", "pointer"),
    [
        ("", "form:1", "Anna", "", "/wording"),
        ("\ud800", "form:1", "Anna", "", "/wording"),
        ("x\x07", "form:1", "Anna", "", "/wording"),
        ("I agree", "a form", "Anna", "", "/evidence"),
        ("I agree", "form:1", " ", "", "/collected_by"),
        ("I agree", "form:1", "12345678", "", "/collected_by"),
        ("I agree", "form:1", "a@b.fr", "", "/collected_by"),
        ("I agree", "x33612345678", "Anna", "", "/evidence"),
        ("I agree", "form:1", "Anna", "t33612345678", "/ref"),
    ],
)
def test_what_proves_nothing_or_tells_too_much_is_refused(
    wording: str, evidence: str, collected_by: str, ref: str, pointer: str
) -> None:
    proof = Proof(
        wording=wording, given_by=GivenBy.SMS, evidence=evidence, collected_by=collected_by
    )
    with pytest.raises(InvalidValueError) as refused:
        check_proof(proof, value="+33612345678", ref=ref)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_a_wording_of_several_lines_is_taken() -> None:
    proof = Proof(
        wording="J'accepte\u00a0:\n\tles appels",
        given_by=GivenBy.SMS,
        evidence="form:1",
        collected_by="Équipe d'accueil, salon",
    )
    check_proof(proof, value="+33612345678", ref="crm:1")


def test_topics_belong_to_channels() -> None:
    with pytest.raises(InvalidValueError):
        scopes_of_one(
            RequestedScope(channels=None, purpose=Purpose.SHARING), Kind.EMAIL, ["offers"]
        )
    assert (
        len(scopes_of_one(RequestedScope(channels=None, purpose=Purpose.SHARING), Kind.EMAIL)) == 1
    )


def test_a_channel_that_does_not_fit_is_pointed_at_alone() -> None:
    with pytest.raises(ChannelMismatchError) as refused:
        scopes_of_one(RequestedScope(channels=(Channel.SMS,)), Kind.EMAIL)
    assert [fault.pointer for fault in refused.value.faults] == ["/channels/0"]
