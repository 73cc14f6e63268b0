"""Find the caller of an API key, with the controller and its policies, in one statement.

The columns come as one text, so that the statement that reads the state of a check can return them
as one more row (checks/statements.py), on PostgreSQL and on SQLite alike.
"""

from __future__ import annotations

from functools import lru_cache

from suppression.domain.controllers.model import Caller, Controller, ControllerIdentity
from suppression.domain.vocabulary import ApiScope, Preset
from suppression.storage.controllers.policies import policies_of_version
from suppression.storage.engine.prepared_statements import Source, Statement, execute

_SEPARATOR = "\x1f"
"""The text between two columns in `CALLER_TEXT`.

No column contains it: names refuse control characters, and JSON escapes them.
"""
_COLUMNS = (
    "CAST(key.number AS text)",
    "key.scopes || ' ' || key.later_scopes",
    "CAST(controller.number AS text)",
    "controller.slug",
    "controller.country",
    "controller.name",
    "controller.preset",
    "controller.schemes",
    "COALESCE(CAST(policy.version AS text), '')",
    "COALESCE(policy.document, '')",
)
CALLER_TEXT = f" || '{_SEPARATOR}' || ".join(_COLUMNS)
"""The SQL of all columns of a caller as one text, which `caller_of` reads."""


def from_caller(digest: str) -> str:
    """Return the SQL FROM clause of `CALLER_TEXT`; `digest` is the parameter of the key's hash.

    The statement then returns one row for a key in use, and none for an unknown or revoked key.
    """
    return f"""FROM (SELECT * FROM api_keys WHERE digest = {digest} AND revoked_at IS NULL
        LIMIT 1) AS key
    JOIN controllers AS controller ON controller.number = key.controller_number
    LEFT JOIN policy_versions AS policy ON policy.controller_number = controller.number
        AND policy.version = (
            SELECT max(version) FROM policy_versions WHERE controller_number = controller.number
        )"""  # noqa: S608 - constants of this module


_CALLER = Statement("caller", f"SELECT {CALLER_TEXT} {from_caller('$1')}")
_IDENTITY = Statement("identity", "SELECT slug, country FROM controllers WHERE number = $1")


def find_caller(source: Source, digest: bytes) -> Caller | None:
    """Return the caller of the key with this hash; None if the key is unknown or revoked."""
    rows = execute(source, _CALLER, (digest,))
    return caller_of(rows[0][0]) if rows else None


def find_identity(source: Source, number: int) -> ControllerIdentity | None:
    """Return the identity of the controller with this number; None if there is none."""
    rows = execute(source, _IDENTITY, (number,))
    if not rows:
        return None
    slug, country = rows[0]
    return ControllerIdentity(number=number, slug=slug, country=country)


def known_scopes(text: str) -> frozenset[ApiScope]:
    """Return the scopes in a space-separated text, without words that only newer code knows.

    >>> sorted(known_scopes("check fly"))
    [<ApiScope.CHECK: 'check'>]
    """
    words = frozenset(text.split())
    return frozenset(scope for scope in ApiScope if scope in words)


@lru_cache(maxsize=1024)
def caller_of(text: str) -> Caller:
    """Return the caller whose columns a database returned as `CALLER_TEXT`."""
    key_number, scopes, number, slug, country, name, preset, schemes, version, document = (
        text.split(_SEPARATOR)
    )
    controller = Controller(
        number=int(number),
        slug=slug,
        country=country,
        name=name,
        preset=Preset(preset),
        schemes=tuple(schemes.split()),
    )
    policies = policies_of_version(
        controller.preset, document or None, int(version) if version else None
    )
    return Caller(
        controller=controller,
        key_number=int(key_number),
        scopes=known_scopes(scopes),
        policies=policies,
    )
