"""Who may do what in the console."""

from __future__ import annotations

from enum import StrEnum

from suppression.domain.vocabulary import ApiScope


class Role(StrEnum):
    """What a user is to a controller."""

    INTAKE = "intake"
    DPO = "dpo"
    AUDITOR = "auditor"
    OPERATOR = "operator"


class Right(StrEnum):
    """What a page or a button needs."""

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
"""One role per controller. Who makes keys looks nobody up, and makes no users who could."""

SCOPES_FROM_CONSOLE = frozenset(ApiScope) - {
    ApiScope.AUDIT,
    ApiScope.CASES,
    ApiScope.CONSENT,
    ApiScope.RELEASE,
    ApiScope.ADMIN,
}
"""What a key made in the console may carry: none that reads about people or lifts a stop."""


def may(role: Role | None, right: Right) -> bool:
    """Whether a role carries a right; no role carries none.

    >>> may(Role.OPERATOR, Right.LOOK_UP), may(Role.INTAKE, Right.RECORD), may(None, Right.RECORD)
    (False, True, False)
    """
    return role is not None and right in RIGHTS[role]
