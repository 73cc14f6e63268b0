"""What authentication reads: who calls with a key, under which policies, in one statement.

Whom a key meant last is remembered, to be supposed again: `seen` is for nothing else. Whether it
still is so, the database says with the very answer (foreseen_rows.py).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from suppression.domain.controllers.model import Caller, Controller
from suppression.domain.vocabulary import ApiScope, Preset
from suppression.storage.controllers.policies import policies_of_version
from suppression.storage.engine.prepared_statements import Source, Statement, execute

_COLUMNS = """key.number, key.scopes || ' ' || key.later_scopes, controller.number,
    controller.slug, controller.name, controller.country, controller.preset, controller.schemes,
    policy.document, policy.version"""
MARK = """concat_ws(chr(31), key.number, key.scopes, key.later_scopes, controller.number,
    controller.slug, controller.name, controller.country, controller.preset, controller.schemes,
    policy.version, hashtextextended(policy.document, 0))"""
"""What tells whether any of them changed, on PostgreSQL."""


def _from_clause(digest: int) -> str:
    """Where they are found; the key's hash is the parameter of this number."""
    return f"""
    FROM (SELECT * FROM api_keys WHERE digest = ${digest} AND revoked_at IS NULL LIMIT 1) AS key
    JOIN controllers AS controller ON controller.number = key.controller_number
    LEFT JOIN policy_versions AS policy ON policy.controller_number = controller.number
        AND policy.version = (
            SELECT max(version) FROM policy_versions WHERE controller_number = controller.number
        )"""  # noqa: S608 - all of it stands here


_CALLER = {
    "postgresql": Statement("caller", f"SELECT {MARK}, {_COLUMNS}{_from_clause(1)}"),
    "sqlite": Statement("caller", f"SELECT '', {_COLUMNS}{_from_clause(1)}"),
}
_MOST_SEEN = 1024


class CachedCaller(NamedTuple):
    """Whom a key meant, and the mark of the columns that said so."""

    caller: Caller
    mark: str


_seen: dict[bytes, CachedCaller] = {}


def find_caller(source: Source, digest: bytes) -> Caller | None:
    """Who calls with the key of this hash; None if there is none or it was revoked."""
    found = execute(source, _CALLER[source.dialect.name], (digest,))
    if not found:
        return None
    mark, *columns = found[0]
    caller = _caller(*columns)
    if len(_seen) >= _MOST_SEEN:
        _seen.clear()
    _seen[digest] = CachedCaller(caller, mark)
    return caller


def cached_caller(digest: bytes) -> CachedCaller | None:
    """Whom this key meant when it was last looked up; it may mean nobody any more."""
    return _seen.get(digest)


def known_scopes(text: str) -> frozenset[ApiScope]:
    """Return the scopes of a column. A word that only newer code knows grants nothing here.

    >>> sorted(known_scopes("check fly"))
    [<ApiScope.CHECK: 'check'>]
    """
    words = frozenset(text.split())
    return frozenset(scope for scope in ApiScope if scope in words)


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
        scopes=known_scopes(scopes),
        policies=policies_of_version(controller.preset, document, version),
    )
