"""A peer as most programmers would first write it: ORM rows, a session and a schema per request.

It runs under the same gunicorn, on the same tables. It also stores stops: select, then insert.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, request
from marshmallow import EXCLUDE, Schema, fields
from sqlalchemy import MetaData, create_engine, event, select
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session

from benchmarks.peers.rules import decide, fingerprints, is_opt_out, key_digest, rfc3339

_URL = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://")
_POSTGRESQL = _URL.startswith("postgresql")
engine = create_engine(_URL, pool_size=8)


@event.listens_for(engine, "connect")
def _durable(connection: Any, _record: object) -> None:  # noqa: ANN401 - any driver's own
    if not _POSTGRESQL:
        for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")


_metadata = MetaData()
_metadata.reflect(
    engine,
    only=[
        "api_keys",
        "consents",
        "ledger_entries",
        "policy_versions",
        "suppression_forms",
        "suppressions",
    ],
)
_Mapped = automap_base(metadata=_metadata)
_Mapped.prepare(generate_relationship=lambda *_args, **_named: None)
ApiKey, Stop = _Mapped.classes.api_keys, _Mapped.classes.suppressions
Form, Consent = _Mapped.classes.suppression_forms, _Mapped.classes.consents
Policy, Entry = _Mapped.classes.policy_versions, _Mapped.classes.ledger_entries
app = Flask(__name__)


class CheckSchema(Schema):
    """The body of a single check."""

    channel = fields.String(required=True)
    identifier = fields.String(required=True)


class BatchSchema(Schema):
    """The body of a batch: a list of single checks."""

    items = fields.List(fields.Nested(CheckSchema), required=True)


class ReasonSchema(Schema):
    """A reason why a check is not allowed, and since when."""

    code = fields.String()
    since = fields.String()


class AnswerSchema(Schema):
    """The answer to a check."""

    decision = fields.String()
    basis = fields.String()
    reasons = fields.List(fields.Nested(ReasonSchema))
    checked_at = fields.String()
    valid_until = fields.String()


class StopSchema(Schema):
    """The body of a stop of one address."""

    class Meta:
        """Options of the schema: ignore fields of our API that this peer does not use."""

        unknown = EXCLUDE

    identifiers = fields.List(fields.Dict(), required=True)
    channels = fields.List(fields.String(), required=True)
    reason = fields.String(load_default="objection")


@contextmanager
def _session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def _caller(session: Session) -> Any:  # noqa: ANN401 - a reflected row
    digest = key_digest(request.headers.get("Authorization", ""))
    api_key = session.scalars(select(ApiKey).where(ApiKey.digest == digest)).one_or_none()
    if api_key is None or api_key.revoked_at is not None:
        abort(401)
    return api_key


def _stored(fingerprint: bytes) -> uuid.UUID | bytes:
    return uuid.UUID(bytes=fingerprint) if _POSTGRESQL else fingerprint


def _answers(session: Session, forms_of_all: Sequence[list[bytes]], now: datetime) -> list[Any]:
    caller = _caller(session)
    newest = select(Policy).where(Policy.controller_number == caller.controller_number)
    policy = session.scalars(newest.order_by(Policy.version.desc()).limit(1)).one()
    every = [_stored(form) for forms in forms_of_all for form in forms]
    forms = session.scalars(select(Form).where(Form.fingerprint.in_(every))).all()
    primaries = every + [form.primary_fingerprint for form in forms]
    rows_by_form = defaultdict(list)
    for stop in session.scalars(
        select(Stop).where(Stop.fingerprint.in_(primaries), Stop.released_at.is_(None))
    ):
        rows_by_form[stop.fingerprint].append(_stop_row(stop))
    for form in forms:
        rows_by_form[form.fingerprint] += rows_by_form[form.primary_fingerprint]
    for consent in session.scalars(select(Consent).where(Consent.fingerprint.in_(every))):
        rows_by_form[consent.fingerprint].append(_consent_row(consent))
    opt_out = is_opt_out(policy.document)
    return [decide(_rows(rows_by_form, each), opt_out=opt_out, now=now) for each in forms_of_all]


def _rows(
    rows_by_form: dict[Any, list[dict[str, Any]]], forms: list[bytes]
) -> list[dict[str, Any]]:
    rows = [row for form in forms for row in rows_by_form.get(_stored(form), ())]
    return list({id(row): row for row in rows}.values())


def _stop_row(stop: Any) -> dict[str, Any]:  # noqa: ANN401 - a reflected row
    return {
        "what": "s",
        "channel": stop.channel,
        "purpose": stop.purpose,
        "reason": stop.reason,
        "since": stop.occurred_at,
        "last": stop.last_occurred_at,
        "until": stop.expires_at,
    }


def _consent_row(consent: Any) -> dict[str, Any]:  # noqa: ANN401 - a reflected row
    return {"what": "c", "since": consent.given_at, "until": consent.until}


@app.post("/v1/checks")
def check() -> Any:  # noqa: ANN401 - what marshmallow dumps
    """Answer a single check; abort with 401 for an unknown or revoked key."""
    body = CheckSchema().load(request.get_json())
    with _session() as session:
        (answer,) = _answers(session, [fingerprints(body["identifier"])], datetime.now(UTC))
        return AnswerSchema().dump(answer)


@app.post("/v1/checks/batch")
def check_batch() -> Any:  # noqa: ANN401 - what marshmallow dumps
    """Answer each check of a batch; abort with 401 for an unknown or revoked key."""
    items = BatchSchema().load(request.get_json())["items"]
    with _session() as session:
        forms_of_all = [fingerprints(item["identifier"]) for item in items]
        answers = _answers(session, forms_of_all, datetime.now(UTC))
        return {"results": AnswerSchema(many=True).dump(answers)}


@app.post("/v1/suppressions")
def suppress() -> Any:  # noqa: ANN401 - what marshmallow dumps
    """Store a stop and its ledger entry; answer `already` and change nothing if the stop exists.

    Abort with 401 for an unknown or revoked key.
    """
    body = StopSchema().load(request.get_json())
    now = datetime.now(UTC) if _POSTGRESQL else datetime.now(UTC).replace(tzinfo=None)
    primary, *further = map(_stored, fingerprints(body["identifiers"][0]["value"]))
    with _session() as session:
        caller = _caller(session)
        wanted = (primary, "e", "m", "", "u", "")
        known = session.get(Stop, wanted)
        if known is None:
            _add(session, caller, primary, further, now)
        session.commit()
        outcome = "created" if known is None else "already"
    answer = {"index": 0, "channel": "email", "outcome": outcome, "since": rfc3339(now)}
    return {"reference": secrets.token_hex(8), "results": [answer]}, 201


def _add(
    session: Session,
    caller: Any,  # noqa: ANN401 - a reflected row
    primary: uuid.UUID | bytes,
    further: list[uuid.UUID | bytes],
    now: datetime,
) -> None:
    scope = {"channel": "e", "purpose": "m", "topic": "", "reason": "u", "source": ""}
    record, salt = _stored(secrets.token_bytes(16)), secrets.token_bytes(16)
    shared = {"controller_number": caller.controller_number, "record_id": record, "evidence": "a"}
    dates = {"occurred_at": now, "last_occurred_at": now}
    session.add(
        Stop(fingerprint=primary, salt=salt, canonicalisation=1, **scope, **shared, **dates)
    )
    session.flush()
    for form in further:
        session.add(Form(fingerprint=form, primary_fingerprint=primary, **scope))
    raw = sorted(
        form.bytes if isinstance(form, uuid.UUID) else form for form in (primary, *further)
    )
    session.add(
        Entry(
            entry_id=_stored(secrets.token_bytes(16)),
            commitment=hashlib.sha256(salt + b"".join(raw)).digest(),
            occurred_at=now,
            recorded_at=now,
            type="s",
            client_class="",
            why="",
            actor=f"key:{caller.number}",
            reference=secrets.token_hex(8),
            ref="",
            **scope,
            **shared,
        )
    )
