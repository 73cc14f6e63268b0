"""What each role may do, and what no role may do."""

from __future__ import annotations

from suppression.domain.users.roles import RIGHTS, SCOPES_FROM_CONSOLE, Right, Role, may
from suppression.domain.vocabulary import ApiScope


def test_who_makes_keys_looks_nobody_up_and_makes_no_users() -> None:
    assert RIGHTS[Role.OPERATOR].isdisjoint({Right.LOOK_UP, Right.USERS, Right.READ_CASES})
    assert ApiScope.AUDIT not in SCOPES_FROM_CONSOLE
    assert ApiScope.RELEASE not in SCOPES_FROM_CONSOLE


def test_an_auditor_changes_nothing() -> None:
    assert RIGHTS[Role.AUDITOR] == {Right.READ_CASES, Right.READ_LOG, Right.LOOK_UP}


def test_a_clerk_records_imports_and_looks_up() -> None:
    assert RIGHTS[Role.INTAKE] == {Right.RECORD, Right.IMPORT, Right.LOOK_UP}


def test_no_role_carries_no_right() -> None:
    assert not any(may(None, right) for right in Right)


def test_every_right_belongs_to_somebody() -> None:
    assert set().union(*RIGHTS.values()) == set(Right)
