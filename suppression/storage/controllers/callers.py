"""Find the caller of an API key, with the controller and its policies, in one statement.

On PostgreSQL the caller of each key is cached as last read. The statement that reads the state of a
check also tells whether the cached caller is still current (checks/prefetch.py).
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
"""The SQL, for PostgreSQL, of a text that changes whenever one of these columns changes.

SQLite lacks its functions, so no statement can confirm a cached caller there.
"""


def _from_clause(digest: int) -> str:
    """Return the FROM clause; `digest` is the number of the parameter with the key's hash."""
    return f"""
    FROM (SELECT * FROM api_keys WHERE digest = ${digest} AND revoked_at IS NULL LIMIT 1) AS key
    JOIN controllers AS controller ON controller.number = key.controller_number
    LEFT JOIN policy_versions AS policy ON policy.controller_number = controller.number
        AND policy.version = (
            SELECT max(version) FROM policy_versions WHERE controller_number = controller.number
        )"""  # noqa: S608 - constants of this module


_CALLER = {
    "postgresql": Statement("caller", f"SELECT {MARK}, {_COLUMNS}{_from_clause(1)}"),
    "sqlite": Statement("caller", f"SELECT '', {_COLUMNS}{_from_clause(1)}"),
}
_MAX_SEEN = 1024


class CachedCaller(NamedTuple):
    """The caller of a key as last read, with the `MARK` of the columns that it was read from.

    These are columns of the key, of its controller and of the controller's newest policies.
    """

    caller: Caller
    mark: str


_seen: dict[bytes, CachedCaller] = {}


def find_caller(source: Source, digest: bytes) -> Caller | None:
    """Return the caller of the key with this hash; None if the key is unknown or revoked.

    On PostgreSQL, also cache the caller for `cached_caller`.
    """
    rows = execute(source, _CALLER[source.dialect.name], (digest,))
    if not rows:
        return None
    mark, *columns = rows[0]
    caller = _caller(*columns)
    if mark:
        if len(_seen) >= _MAX_SEEN:
            _seen.clear()
        _seen[digest] = CachedCaller(caller, mark)
    return caller


def cached_caller(digest: bytes) -> CachedCaller | None:
    """Return the caller of the key with this hash as last read; the key may be revoked by now.

    Return None if this process has not read the key or has forgotten it, and always on SQLite,
    which cannot confirm the caller.
    """
    return _seen.get(digest)


def known_scopes(text: str) -> frozenset[ApiScope]:
    """Return the scopes in a space-separated text, without words that only newer code knows.

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
    """Build the caller from its columns. The cache key is all values, so no result is outdated."""
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
