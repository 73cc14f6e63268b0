"""The roles of the console and their rights.

`suppression/web/console/context.py` refuses actions for which a role lacks the right.
"""

from __future__ import annotations

from enum import StrEnum

from suppression.domain.vocabulary import ApiScope


class Role(StrEnum):
    """The role of a user for a controller."""

    INTAKE = "intake"
    DPO = "dpo"
    AUDITOR = "auditor"
    OPERATOR = "operator"


class Right(StrEnum):
    """A right that a page or a button of the console requires."""

    RECORD = "record"
    IMPORT = "import"
    LOOK_UP = "look_up"
    READ_CASES = "read_cases"
    READ_CONTENT = "read_content"
    READ_LOG = "read_log"
    WORK_ON_CASES = "work_on_cases"
    DECIDE_CASES = "decide_cases"
    RELEASE = "release"
    EXPORT = "export"
    SETTINGS = "settings"
    USERS = "users"
    KEYS = "keys"
    HEALTH = "health"


_INTAKE = frozenset({Right.RECORD, Right.IMPORT, Right.LOOK_UP})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.INTAKE: _INTAKE,
    Role.DPO: frozenset(Right) - {Right.KEYS, Right.HEALTH},
    Role.AUDITOR: frozenset({Right.READ_CASES, Right.READ_LOG, Right.LOOK_UP}),
    Role.OPERATOR: frozenset({Right.KEYS, Right.HEALTH}),
}
"""The rights of each role. A user has one role per controller.

A user who may make keys can neither look up people nor make users who can.
"""

SCOPES_FROM_CONSOLE = frozenset(ApiScope) - {
    ApiScope.AUDIT,
    ApiScope.CASES,
    ApiScope.CONSENT,
    ApiScope.RELEASE,
    ApiScope.ADMIN,
}
"""The scopes that a key made in the console may have.

The scopes for the log, cases and administration, and those that can lift a stop, are left out.
"""


def may(role: Role | None, right: Right) -> bool:
    """Return whether a role has a right; False if the role is None, for a user without one.

    >>> may(Role.OPERATOR, Right.LOOK_UP), may(Role.INTAKE, Right.RECORD), may(None, Right.RECORD)
    (False, True, False)
    """
    return role is not None and right in RIGHTS[role]
