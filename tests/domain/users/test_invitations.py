from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from suppression.domain.users.invitations import HOLDS_FOR, Invitation, may_still_invite
from suppression.domain.users.model import User
from suppression.domain.users.roles import Role

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
INVITATION = Invitation(
    number=7,
    controller_number=1,
    login="m.durand",
    role=Role.INTAKE,
    reference="K4DK-UJGG-NN4Q",
    invited_by=3,
    created_at=NOW,
    ends_at=NOW + HOLDS_FOR,
)
DPO = User(
    number=3,
    login="dpo",
    temporary=False,
    enrolled=True,
    disabled=False,
    roles={"okwind": Role.DPO},
)


@pytest.mark.parametrize(
    ("invitation", "is_open"),
    [
        (INVITATION, True),
        (dataclasses.replace(INVITATION, accepted_at=NOW), False),
        (dataclasses.replace(INVITATION, revoked_at=NOW), False),
        (dataclasses.replace(INVITATION, ends_at=NOW), False),
    ],
    ids=["made", "accepted", "revoked", "ended"],
)
def test_it_may_be_accepted_until_it_is_used_revoked_or_over(
    invitation: Invitation, *, is_open: bool
) -> None:
    assert invitation.is_open(NOW) is is_open


def test_it_holds_for_seven_days() -> None:
    last = NOW + timedelta(days=7)
    assert INVITATION.is_open(last - timedelta(seconds=1))
    assert not INVITATION.is_open(last)


def test_the_ledger_names_it_by_its_number() -> None:
    assert INVITATION.source == "invitation:7"


@pytest.mark.parametrize(
    ("inviter", "may"),
    [
        (DPO, True),
        (None, False),
        (dataclasses.replace(DPO, disabled=True), False),
        (dataclasses.replace(DPO, roles={"okwind": Role.INTAKE}), False),
        (dataclasses.replace(DPO, roles={"okonect": Role.DPO}), False),
    ],
    ids=["a DPO", "nobody", "disabled", "another role", "another company"],
)
def test_it_holds_only_while_its_maker_may_make_users(inviter: User | None, *, may: bool) -> None:
    assert may_still_invite(inviter, "okwind") is may
