"""GET /v1/me: the controller, scopes and policies of an API key."""

from __future__ import annotations

from flask import Blueprint, Response

from suppression.domain.controllers.model import Caller
from suppression.domain.policies.serialization import to_dict
from suppression.usecases.controllers.queries import describe_controller
from suppression.web.http.api_key_auth import require_api_key
from suppression.web.http.json_bodies import json_response, render
from suppression.web.schemas.me import MeSchema

blueprint = Blueprint("me", __name__)

_ME = MeSchema()


@blueprint.get("/v1/me")
@require_api_key(None)
def me(caller: Caller) -> Response:
    """Return the controller of the API key, the key's scopes, the policies and the topics."""
    policy_set, topics = describe_controller(caller.controller)
    sent = {
        "controller": caller.controller,
        "scopes": sorted(caller.scopes),
        "preset": policy_set.preset,
        "sector": policy_set.sector,
        "policy_version": policy_set.version,
        "policies": [to_dict(policy) for policy in policy_set.policies.values()],
        "topics": [
            {"topic": topic.slug, "fr": topic.name_fr, "en": topic.name_en} for topic in topics
        ],
    }
    return json_response(render(_ME, sent))
