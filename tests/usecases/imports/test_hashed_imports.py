"""A check finds everyone on an imported list of hashes, in whatever scheme it is hashed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import pytest
from flask import Flask

from tests.api import Api
from tests.importing import Imports

EMAIL = "jean.dupont+pub@googlemail.com"
PHONE = "+33612345678"
OTHER = "anna.martin@example.fr"
CASES = [
    ("email", "plain", EMAIL, "Jean.Dupont+pub@googlemail.com"),
    ("email", "google-email", "jeandupont@googlemail.com", "jean.dupont@gmail.com"),
    ("phone", "plain", PHONE, "06 12 34 56 78"),
    ("phone", "meta-phone", PHONE[1:], "06 12 34 56 78"),
]

Written = Callable[[bytes], str]


def hexadecimal(raw: bytes) -> str:
    return raw.hex()


def capitals(raw: bytes) -> str:
    return raw.hex().upper()


def base_64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize("written", [hexadecimal, capitals, base_64])
@pytest.mark.parametrize("algorithm", ["sha256", "md5", "sha1"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_a_person_is_found_by_a_partners_hash(
    imports: Imports, api: Api, case: tuple[str, str, str, str], algorithm: str, written: Written
) -> None:
    kind, scheme, hashed, checked_value = case
    digest = written(hashlib.new(algorithm, hashed.encode()).digest())
    channel = {"email": "email", "phone": "telephone"}[kind]
    staged = imports.stage(f"{algorithm}\n{digest}\n", kind=kind, scheme=scheme).import_
    assert staged.counts.new == 1
    assert api.decision(channel, checked_value) == "allow"
    done = imports.apply(f"{algorithm}\n{digest}\n", kind=kind, scheme=scheme)
    assert done.import_id == staged.import_id
    assert api.decision(channel, checked_value) == "deny"
    assert api.decision("email", OTHER) == "allow"


@pytest.mark.parametrize("algorithm", ["sha256", "md5", "sha1"])
def test_the_hash_of_nothing_and_what_is_no_hash_are_invalid(
    imports: Imports, algorithm: str
) -> None:
    nothing = hashlib.new(algorithm, b"").hexdigest()
    staged = imports.stage(f"{algorithm}\n{nothing}\nabc\n{nothing[:-1]}x\n", kind="email").import_
    assert (staged.counts.rows, staged.counts.invalid, staged.counts.stops) == (3, 3, 0)


def test_a_discarded_list_changes_no_check(imports: Imports, api: Api, app: Flask) -> None:
    digest = hashlib.md5(EMAIL.encode(), usedforsecurity=False).hexdigest()
    imports.stage(f"md5\n{digest}\n", kind="email")
    with app.app_context():
        assert not imports.controller.schemes
    imports.apply(f"md5\n{digest}\n", kind="email")
    with app.app_context():
        assert imports.controller.schemes == ("plain:md5",)
    assert api.decision("email", EMAIL) == "deny"


@pytest.fixture
def imports(app: Flask, api: Api, seen: set[str]) -> Imports:
    assert api.key
    seen.update({EMAIL, PHONE, OTHER})
    return Imports(app)
