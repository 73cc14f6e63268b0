"""Tables of the console's users, their roles, sessions, recovery codes and sign-in delays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from suppression.storage.engine.base import Base
from suppression.storage.engine.column_types import UtcDateTime


class DbUser(Base):
    """A console user. `code_secret`, for one-time codes, is encrypted under the case keys."""

    __tablename__ = "console_users"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    login: Mapped[str] = mapped_column(String(32), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    temporary: Mapped[bool] = mapped_column(Boolean)
    code_secret: Mapped[bytes] = mapped_column(LargeBinary)
    enrolled: Mapped[bool] = mapped_column(Boolean)
    last_code_step: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DbUserRole(Base):
    """A user's role for a controller; at most one per user and controller."""

    __tablename__ = "user_roles"

    user_number: Mapped[int] = mapped_column(ForeignKey("console_users.number"), primary_key=True)
    controller_number: Mapped[int] = mapped_column(
        ForeignKey("controllers.number"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(16))


class DbRecoveryCode(Base):
    """A recovery code of a user, stored as a hash. It works once."""

    __tablename__ = "recovery_codes"

    user_number: Mapped[int] = mapped_column(ForeignKey("console_users.number"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DbSession(Base):
    """A console session. `digest` is the SHA-256 of its cookie."""

    __tablename__ = "console_sessions"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_number: Mapped[int] = mapped_column(ForeignKey("console_users.number"), index=True)
    stage: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DbSignInDelay(Base):
    """A count of failed sign-ins to a login: by one known browser, from one network, or from all.

    `digest` is a keyed digest of the login and the browser or network; for all networks together,
    of the login alone. `login_digest` is always that of the login alone. The row is stored whether
    the login exists or not.
    """

    __tablename__ = "sign_in_delays"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    login_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
