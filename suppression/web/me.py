"""GET /v1/me."""

from __future__ import annotations

from flask import Blueprint, Response

from suppression.domain.controllers import Caller
from suppression.usecases.describe_controller import describe_controller
from suppression.web.bodies import json_response, rendered
from suppression.web.keyed import keyed
from suppression.web.schemas.me import MeSchema

blueprint = Blueprint("me", __name__)

_ME = MeSchema()


@blueprint.get("/v1/me")
@keyed(None)
def me(caller: Caller) -> Response:
    """Whom this key speaks for, what it may do, and the policy in short."""
    policies, topics = describe_controller(caller.controller)
    sent = {
        "controller": caller.controller,
        "scopes": sorted(caller.scopes),
        "preset": caller.controller.preset,
        "policies": [
            {
                "channel": policy.channel,
                "purpose": policy.purpose,
                "rule": policy.rule,
                "attestable": sorted(policy.attestable),
            }
            for policy in policies
        ],
        "topics": [{"topic": one.slug, "fr": one.name_fr, "en": one.name_en} for one in topics],
    }
    return json_response(rendered(_ME, sent))
