"""What authentication reads: who calls with a key, under which policies, in one statement."""

from __future__ import annotations

from functools import lru_cache

from suppression.domain.controllers import Caller, Controller
from suppression.domain.vocabulary import Preset, Scope
from suppression.storage.policy_rows import policies_in
from suppression.storage.prepared import Source, Statement, rows

_CALLER = Statement(
    "caller",
    """
    SELECT key.number, key.scopes, controller.number, controller.slug, controller.name,
        controller.country, controller.preset, controller.schemes, policy.document, policy.version
    FROM api_keys AS key
    JOIN controllers AS controller ON controller.number = key.controller_number
    LEFT JOIN policy_versions AS policy ON policy.controller_number = controller.number
        AND policy.version = (
            SELECT max(version) FROM policy_versions WHERE controller_number = controller.number
        )
    WHERE key.digest = $1 AND key.revoked_at IS NULL""",
)


def caller_of_key(source: Source, digest: bytes) -> Caller | None:
    """Who calls with the key of this hash; None if there is none or it was revoked."""
    found = rows(source, _CALLER, (digest,))
    return _caller(*found[0]) if found else None


@lru_cache(maxsize=1024)
def _caller(  # noqa: PLR0913, PLR0917 - the columns
    key_number: int,
    scopes: str,
    number: int,
    slug: str,
    name: str,
    country: str,
    preset: str,
    schemes: str,
    document: str | None,
    version: int | None,
) -> Caller:
    """The caller that these very columns mean: what was read is remembered, not that it is so."""
    controller = Controller(
        number=number,
        slug=slug,
        name=name,
        country=country,
        preset=Preset(preset),
        schemes=tuple(schemes.split()),
    )
    return Caller(
        controller=controller,
        key_number=key_number,
        scopes=frozenset(map(Scope, scopes.split())),
        policies=policies_in(controller.preset, document, version),
    )
