"""The pairs of tests/vectors/identifiers.json match, or not, by the API in both directions."""

from __future__ import annotations

import hashlib

import pytest

from suppression.domain.identifiers.match_keys import PostalAddress
from suppression.domain.vocabulary import channels_of
from tests.api import Api
from tests.domain.identifiers.examples import Pair, pairs
from tests.length import length

EVERY = length(4, long=1)
"""One in this many pairs is tried here; tests/domain tries all, without the API."""


@pytest.mark.timeout(240)
def test_every_pair_holds_through_the_api(api: Api) -> None:
    wrong = [
        (pair.id, way)
        for pair in pairs()[::EVERY]
        for way, (stopped, checked) in {
            "there": (pair.first, pair.second),
            "back": (pair.second, pair.first),
        }.items()
        if _denied(api, pair, stopped, checked) is not pair.match
    ]
    assert wrong == []


def test_published_digests_stop_the_plaintext(api: Api) -> None:
    """The digests are examples of Meta's documentation (tests/vectors/fingerprints.json)."""
    mail = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"
    number = "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"
    identifiers = [
        {"kind": "email", "sha256": mail},
        {"kind": "phone", "sha256": number, "scheme": "meta-phone"},
    ]
    stopped = api.post("/v1/suppressions", {"identifiers": identifiers, "channels": "all"})
    assert stopped.status_code == 201
    assert api.decision("email", "John_Smith@Gmail.com") == "deny"
    assert api.decision("sms", "+1 (650) 555-1212") == "deny"
    assert api.decision("sms", "+1 (650) 555-1213") == "allow"


@pytest.mark.parametrize(
    ("scheme", "kind", "digest", "channel", "identifier"),
    [
        # MD5 and SHA-1 of jean.dupont@example.fr, in hex; SHA-256 of jeandupont@gmail.com.
        ("plain:md5", "email", "MD5", "email", "jean.dupont@example.fr"),
        ("plain:sha1", "email", "SHA1", "email", "jean.dupont@example.fr"),
        ("google-email", "email", "GOOGLE", "email", "jean.dupont+shop@gmail.com"),
    ],
)
def test_a_partners_list_matches_in_its_own_scheme(
    api: Api, scheme: str, kind: str, digest: str, channel: str, identifier: str
) -> None:
    listed = {"kind": kind, "sha256": DIGESTS[digest], "scheme": scheme}
    assert api.decision(channel, identifier) == "allow"
    api.post("/v1/suppressions", {"identifiers": [listed], "channels": [channel]})
    assert api.decision(channel, identifier) == "deny"
    assert api.decision(channel, "somebody.else@example.fr") == "allow"


def test_one_controllers_schemes_are_nothing_to_another(api: Api, french_api: Api) -> None:
    identifier = {"kind": "email", "sha256": DIGESTS["MD5"], "scheme": "plain:md5"}
    api.post("/v1/suppressions", {"identifiers": [identifier], "channels": ["email"]})
    fields = {"purpose": "service"}
    assert french_api.decision("email", "jean.dupont@example.fr", **fields) == "allow"


def test_a_household_and_its_people_reach_each_other_but_no_person_another(api: Api) -> None:
    home = {"street": "12 rue de la Paix", "postcode": "75002"}
    family = home | {"name": "M. et Mme Dupont"}
    api.stop("postal", family)
    assert api.decision("post", home | {"name": "Jean Dupont"}) == "deny"
    lifted = api.release(
        "postal", home | {"name": "Jean Dupont"}, channels=["post"], reasons=["objection"]
    ).get_json()
    assert (lifted["released"], len(lifted["still_denied_by"])) == ([], 1)
    api.release("postal", family, channels=["post"], reasons=["objection"])
    api.stop("postal", home | {"name": "Jean Dupont"})
    assert api.decision("post", home | {"name": "Marie Dupont"}) == "allow"
    assert api.decision("post", family) == "deny"


@pytest.mark.parametrize("couple", ["M. et Mme Jean Bernard", "M. Jean et Mme Marie Bernard"])
def test_no_writing_of_a_couple_is_lifted_by_one_of_them(api: Api, couple: str) -> None:
    home = {"street": "12 rue de la Paix", "postcode": "75002"}
    api.stop("postal", home | {"name": couple})
    for name in ("Jean Bernard", "Marie Bernard"):
        person = home | {"name": name}
        assert api.decision("post", person) == "deny"
        answer = api.release("postal", person, channels=["post"], reasons=["objection"]).get_json()
        assert answer["released"] == []
    both = home | {"name": couple}
    api.release("postal", both, channels=["post"], reasons=["objection"])
    assert api.decision("post", home | {"name": "Marie Bernard"}) == "allow"


def test_people_named_together_lift_what_met_in_one_row(api: Api) -> None:
    home = {"street": "12 rue de la Paix", "postcode": "75002"}
    person, both = home | {"name": "Jean Dupont"}, home | {"name": "Jean et Marie Dupont"}
    api.stop("postal", person)
    api.stop("postal", both)
    named = [{"kind": "postal", "value": value} for value in (person, both)]
    body = {"identifiers": named, "channels": ["post"], "reasons": ["objection"]}
    api.post("/v1/suppressions/release", body | {"why": "person_asked"})
    assert api.decision("post", person) == "allow"


def test_melle_is_a_civility(api: Api) -> None:
    home = {"street": "12 rue de la Paix", "postcode": "75002"}
    api.stop("postal", home | {"name": "Melle Sophie Durand"})
    assert api.decision("post", home | {"name": "Sophie Durand"}) == "deny"


def test_a_hash_is_not_allowed_where_partners_lists_cannot_be_asked(api: Api) -> None:
    identifier = {"kind": "email", "sha256": DIGESTS["MD5"], "scheme": "plain:md5"}
    api.post("/v1/suppressions", {"identifiers": [identifier], "channels": ["email"]})
    digest = hashlib.sha256(b"jean.dupont@example.fr").hexdigest()
    answer = api.post("/v1/checks", {"channel": "email", "sha256": digest}).get_json()
    assert answer["reasons"] == [{"code": "partner_lists_not_asked"}]


def test_a_partners_gmail_hash_is_found_from_every_writing(api: Api) -> None:
    digest = hashlib.sha256(b"xyabc@googlemail.com").hexdigest()
    identifier = {"kind": "email", "sha256": digest, "scheme": "google-email"}
    api.post("/v1/suppressions", {"identifiers": [identifier], "channels": ["email"]})
    assert api.decision("email", "x.yabc@gmail.com") == "deny"


def test_one_of_a_couple_does_not_lift_the_stop_of_the_other(api: Api) -> None:
    home = {"street": "12 rue de la Paix", "postcode": "75002"}
    couple = home | {"name": "Jean et Marie Dupont"}
    api.stop("postal", couple)
    person = home | {"name": "Jean Dupont"}
    answer = api.release("postal", person, channels=["post"], reasons=["objection"]).get_json()
    assert (answer["released"], len(answer["still_denied_by"])) == ([], 1)
    assert api.decision("post", home | {"name": "Marie Dupont"}) == "deny"
    api.release("postal", couple, channels=["post"], reasons=["objection"])
    api.stop("postal", person)
    assert api.decision("post", home | {"name": "Marie Dupont"}) == "allow"


DIGESTS = {
    "MD5": "71baa5b84f8a17b37191288e2bf4e74d",
    "SHA1": "6939533aff1d36b9a485bbd5e9e84e11914e07fc",
    "GOOGLE": "a58df53d782ec0e3ed0e64226ae34b2519457e405954edc29c8cfa515de1eb02",
}


def _denied(api: Api, pair: Pair, stopped: object, checked: object) -> bool:
    """Stop one identifier, check the other, release the stop; return whether it was denied."""
    channel = channels_of(pair.kind)[0]
    fields = {"country": pair.region} if pair.region != "FR" else {}
    identifier = {"kind": pair.kind, "value": _sent(stopped)} | fields
    body = {"identifiers": [identifier], "channels": [channel]}
    answer = api.post("/v1/suppressions", body | {"reason": "unsubscribe"})
    assert answer.status_code == 201, pair.id
    denied = api.decision(channel, _sent(checked), **fields) == "deny"
    lifted = api.post("/v1/suppressions/release", body | {"why": "mistake"}).get_json()
    assert len(lifted["released"]) == 1, pair.id
    return denied


def _sent(value: object) -> object:
    """Return a value of the vectors as a request sends it."""
    if not isinstance(value, PostalAddress):
        return value
    fields = {name: getattr(value, name) for name in PostalAddress.__slots__}
    return {
        name: list(part) if isinstance(part, tuple) else part
        for name, part in fields.items()
        if part
    }
