"""Sign in to the console: a password, then a one-time code; failures cause a growing delay."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from suppression.adapters.crypto.passwords import hash_password, place_to_look, verify_password
from suppression.adapters.crypto.totp import (
    new_recovery_code,
    new_secret,
    recovery_digest,
    setup_uri,
    verify_totp,
)
from suppression.domain.users.model import (
    RECOVERY_CODES,
    TOUCH_INTERVAL,
    Session,
    Stage,
    User,
    is_login,
    valid_password,
)
from suppression.domain.users.sign_in_delays import AttemptCount, SignInClient
from suppression.domain.vocabulary import EntryType
from suppression.storage.engine.database import Transaction, reading, writing
from suppression.storage.users.rows import (
    controllers_of,
    find_user,
    load_secrets,
    password_hash_of,
    save_user,
    set_recovery_codes,
    use_recovery_code,
)
from suppression.storage.users.sessions import (
    add_session,
    end_session,
    end_sessions,
    load_session,
    touch_session,
)
from suppression.storage.users.sign_in_delays import (
    clear_failed_attempts,
    register_attempt,
    undo_attempt,
)
from suppression.usecases.ledger.append import new_audit_context, record_audit_event
from suppression.usecases.services import Services
from suppression.usecases.users.manage import encryption_context
from suppression.usecases.users.sign_in_attempts import (
    attempt_counts,
    login_digest,
    remember_device,
)

_TOKEN_BYTES = 32
_CROWDED_WAIT = timedelta(seconds=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """The result of a sign-in attempt. `token` is the session's, '' if the attempt was refused.

    `wait` is how long to wait if the attempt was refused without being checked, else zero.
    `recovery_codes` are those of a user who has just enrolled. `device` is the cookie that the
    browser stores after a complete sign-in, else ''.
    """

    token: str = field(default="", repr=False)
    wait: timedelta = timedelta(0)
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)
    device: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeSetup:
    """The secret and the URI by which an authenticator app is set up."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


def verify_password_step(
    services: Services, login: str, password: str, *, client: SignInClient, now: datetime
) -> Attempt:
    """Check a login and password; return the token of a session that awaits a code, '' if wrong.

    Neither the result nor its duration reveals whether the login exists. If earlier failures still
    delay the login, or while too many other passwords are being checked, the result is a wait and
    the attempt is not counted. When a new user's password is right, their other sessions end and
    their TOTP secret is replaced. A disabled user gets ''.
    """
    counts = attempt_counts(services, login, client, now=now)
    known_browser = len(counts) == 1
    with place_to_look(known=known_browser) as free:
        if not free:
            return Attempt(wait=_CROWDED_WAIT)
        return _tried(services, login, password, counts, now=now)


def _tried(
    services: Services,
    login: str,
    password: str,
    counts: Sequence[AttemptCount],
    *,
    now: datetime,
) -> Attempt:
    # People type passwords and addresses as logins; no statement (and so no log) may contain them.
    known = login if is_login(login) else ""
    with writing() as transaction:
        wait = register_attempt(transaction, login_digest(services, login), counts, now=now)
        stored = password_hash_of(transaction, known)
    if wait:
        return Attempt(wait=wait)
    if not verify_password(stored, password):
        return Attempt()
    with writing() as transaction:
        user = find_user(transaction, known)
        if user is None or user.disabled:
            return Attempt()
        if load_secrets(transaction, user, for_update=True).password_hash != stored:
            return Attempt()
        undo_attempt(transaction, counts, now=now)
        if user.new:
            _restart_enrolment(services, transaction, user, now=now)
        return Attempt(token=_new_session(transaction, user, Stage.PASSWORD, now=now))


def verify_code_step(
    services: Services, token: str, code: str, *, client: SignInClient, now: datetime
) -> Attempt:
    """Check a one-time or recovery code; return the token of a full session if it is right.

    The full session has a new token, so that an attacker who planted the first token gains nothing.
    The returned token is '' if the code is wrong or has to wait for earlier failures, or if the
    session of `token` is over or its user has yet to enrol. Raises KeyMismatchError if no case key
    decrypts the user's TOTP secret.
    """
    session = find_session(token, now=now)
    if session is None or session.user.new:
        return Attempt()
    user, login = session.user, session.user.login
    counts = attempt_counts(services, login, client, now=now)
    with writing() as transaction:
        wait = register_attempt(transaction, login_digest(services, login), counts, now=now)
        if wait:
            return Attempt(wait=wait)
    with writing() as transaction:
        taken = _verify_code(services, transaction, user, code, now=now)
        if not (taken and _still_holds(transaction, token, now=now)):
            return Attempt()
        clear_failed_attempts(transaction, counts, now=now)
        full = _promoted(transaction, user, token, now=now)
    return Attempt(token=full, device=remember_device(services, login, client.device, now=now))


def code_setup(services: Services, session: Session) -> CodeSetup:
    """Return the secret and URI that set up a user's one-time codes in an authenticator app.

    Raises KeyMismatchError if no case key decrypts the secret.
    """
    with reading() as transaction:
        stored = load_secrets(transaction, session.user, for_update=False)
    login = session.user.login
    secret: str = services.cipher.decrypt(stored.code_secret, bound=encryption_context(login))
    return CodeSetup(secret=secret, uri=setup_uri(secret, login))


def enrol(
    services: Services,
    token: str,
    *,
    password: str,
    code: str,
    client: SignInClient,
    now: datetime,
) -> Attempt:
    """Enrol a new user: verify a first one-time code, then store their own password.

    All earlier sessions end. The result has the recovery codes, to be shown once. Its token is ''
    if the code is wrong or has to wait, or the session of `token` is over or its user not new.
    Raises InvalidValueError for an unfit password, KeyMismatchError if no key decrypts the secret.
    """
    session = find_session(token, now=now)
    if session is None or not session.user.new:
        return Attempt()
    user, login = session.user, session.user.login
    counts = attempt_counts(services, login, client, now=now)
    valid_password(password, login=login)
    hashed = hash_password(password)
    codes = tuple(new_recovery_code() for _ in range(RECOVERY_CODES))
    with writing() as transaction:
        wait = register_attempt(transaction, login_digest(services, login), counts, now=now)
        if wait:
            return Attempt(wait=wait)
    with writing() as transaction:
        taken = _verify_code(services, transaction, user, code, now=now, recovery=False)
        if not (taken and _still_holds(transaction, token, now=now)):
            return Attempt()
        save_user(transaction, user, password_hash=hashed, temporary=False, enrolled=True)
        digests = [recovery_digest(recovery_code, user=user.number) for recovery_code in codes]
        set_recovery_codes(transaction, user, digests)
        clear_failed_attempts(transaction, counts, now=now)
        end_sessions(transaction, user, now=now)
        full = _promoted(transaction, user, token, now=now)
    device = remember_device(services, login, client.device, now=now)
    return Attempt(token=full, recovery_codes=codes, device=device)


def find_session(token: str, *, now: datetime) -> Session | None:
    """Return the valid session of a cookie's token, or None; store its use, once a minute at most.

    The stored use keeps the session from ending as idle. The session may still await a code: the
    caller must look at its `stage`.
    """
    digest = _digest(token)
    with reading() as transaction:
        session = load_session(transaction, digest)
    if session is None or not session.holds(now):
        return None
    if now - session.seen_at >= TOUCH_INTERVAL:
        with writing() as transaction:
            touch_session(transaction, digest, now=now)
    return session


def sign_out(token: str, *, now: datetime) -> None:
    """End the session of a token."""
    with writing() as transaction:
        end_session(transaction, _digest(token), now=now)


def _restart_enrolment(
    services: Services, transaction: Transaction, user: User, *, now: datetime
) -> None:
    """End a new user's other sessions and replace their TOTP secret.

    The person who created the temporary password knows it. They must not know the TOTP secret as
    well, nor wait in a session of their own until the user has enrolled.
    """
    end_sessions(transaction, user, now=now)
    secret = services.cipher.encrypt(new_secret(), bound=encryption_context(user.login))
    save_user(transaction, user, code_secret=secret, last_code_step=0)


def _verify_code(
    services: Services,
    transaction: Transaction,
    user: User,
    code: str,
    *,
    now: datetime,
    recovery: bool = True,
) -> bool:
    stored = load_secrets(transaction, user, for_update=True)
    secret: str = services.cipher.decrypt(stored.code_secret, bound=encryption_context(user.login))
    step = verify_totp(secret, code, after=stored.last_code_step, now=now)
    if step is not None:
        save_user(transaction, user, last_code_step=step)
        return True
    digest = recovery_digest(code, user=user.number)
    return recovery and use_recovery_code(transaction, user, digest, now=now)


def _still_holds(transaction: Transaction, token: str, *, now: datetime) -> bool:
    """Return whether the session is still valid after the wait for the user's row lock."""
    session = load_session(transaction, _digest(token))
    return session is not None and session.holds(now)


def _promoted(transaction: Transaction, user: User, token: str, *, now: datetime) -> str:
    end_session(transaction, _digest(token), now=now)
    context = new_audit_context(user.actor, now=now)
    controllers = controllers_of(transaction, user.number)
    record_audit_event(transaction, EntryType.SIGNED_IN, context, controllers=controllers)
    return _new_session(transaction, user, Stage.FULL, now=now)


def _new_session(transaction: Transaction, user: User, stage: Stage, *, now: datetime) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    add_session(transaction, user, _digest(token), stage, now=now)
    return token


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
