"""Faults that the fourteenth attack found: in names as people write them, in flags of exports."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.api import Api
from tests.conftest import Clock
from tests.importing import Imports

AT = {"street": "12 rue Foch", "postcode": "35000", "city": "Rennes"}
MAILBOX = "anne.roux@example.fr"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("M.Jean Dupont", "Jean Dupont"),
        ("M.DUPONT JEAN", "Jean Dupont"),
        ("Mr.DUPONT Jean", "Jean Dupont"),
        ("MR.DURAND LUC", "Luc Durand"),
        ("M.et Mme ROUX", "Anne Roux"),
        ("M.Paul Martinet et Mme.Anne Roux", "Anne Roux"),
        ("\u00c0 l'attention de M. Jean Dupont", "Jean Dupont"),
        ("A l\u2019attention de Mme Anne Roux", "Anne Roux"),
        ("Attn: Jean Dupont", "Jean Dupont"),
        ("Destinataire : Jean Dupont", "Jean Dupont"),
        ("Nom : DUPONT Jean", "Jean Dupont"),
    ],
)
def test_a_name_is_found_behind_what_is_glued_or_written_before_it(
    api: Api, written: str, plain: str
) -> None:
    """A stop by one writing and a check by the other were an allow, in both directions."""
    api.stop("postal", AT | {"name": written})
    assert api.decision("post", AT | {"name": plain}) == "deny"
    elsewhere = AT | {"street": "14 rue Foch"}
    api.stop("postal", elsewhere | {"name": plain})
    assert api.decision("post", elsewhere | {"name": written}) == "deny"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Recipient,reason,Portal Unsubscribe", "hard bounce,true"),
        ("email,reason,unsubscribed", "manual,yes"),
        ("email,reason,complained", "bounce,yes"),
        ("email,bounced,unsubscribed", "yes,yes"),
    ],
)
def test_a_word_that_may_end_hides_no_unsubscription(
    app: Flask, api: Api, clock: Clock, header: str, cells: str
) -> None:
    """The unsubscription was stored as a bounce, and ended when the import's bounces end."""
    until = "2026-12-01T00:00:00Z"
    Imports(app).apply(f"{header}\n{MAILBOX},{cells}\n", channels="email", expires_at=until)
    clock.turn(days=30)
    assert api.decision("email", MAILBOX) == "deny"
