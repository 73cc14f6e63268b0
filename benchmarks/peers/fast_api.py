"""A fast peer: the service's checks, written with FastAPI and asyncpg, for uvicorn with uvloop.

It checks the key, makes fingerprints, looks them up, decides and answers as the service does, with
two prepared statements per request.
"""

from __future__ import annotations

import os
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

from benchmarks.peers.rules import decide, fingerprints, is_opt_out, key_digest, rfc3339

CALLER = """
SELECT api_keys.scopes, policies.document
FROM api_keys JOIN controllers ON controllers.number = api_keys.controller_number
CROSS JOIN LATERAL (
    SELECT document FROM policy_versions WHERE controller_number = controllers.number
    ORDER BY version DESC LIMIT 1
) AS policies
WHERE api_keys.digest = $1 AND api_keys.revoked_at IS NULL
"""
LOOKUP = """
SELECT asked.one AS fingerprint, found.*
FROM unnest($1::uuid[]) AS asked(one) CROSS JOIN LATERAL (
    SELECT 's' AS what, channel, purpose, reason, occurred_at AS since,
        last_occurred_at AS last, expires_at AS until
    FROM suppressions WHERE fingerprint = asked.one AND released_at IS NULL
    UNION ALL
    SELECT 's', s.channel, s.purpose, s.reason, s.occurred_at, s.last_occurred_at, s.expires_at
    FROM suppression_forms AS f JOIN suppressions AS s ON s.fingerprint = f.primary_fingerprint
        AND (s.channel, s.purpose, s.topic, s.reason, s.source)
        = (f.channel, f.purpose, f.topic, f.reason, f.source)
    WHERE f.fingerprint = asked.one AND s.released_at IS NULL
    UNION ALL
    SELECT 'c', channel, purpose, '', given_at, NULL, until
    FROM consents WHERE fingerprint = asked.one AND ended_at IS NULL
) AS found
"""


class Check(BaseModel):
    """The body of a single check."""

    channel: str
    identifier: str


class Batch(BaseModel):
    """The body of a batch: identifiers of one channel, without a limit on their number."""

    channel: str
    identifiers: list[str]


@asynccontextmanager
async def _lifespan(application: FastAPI) -> AsyncIterator[None]:
    application.state.pool = await asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=8, max_size=8
    )
    yield
    await application.state.pool.close()


app = FastAPI(lifespan=_lifespan)


async def _caller(connection: Any, request: Request) -> bool:  # noqa: ANN401 - asyncpg has no types
    digest = key_digest(request.headers.get("authorization", ""))
    row = await connection.fetchrow(CALLER, digest)
    if row is None or "check" not in row["scopes"].split():
        raise HTTPException(401)
    return is_opt_out(row["document"])


async def _lookup(
    connection: Any,  # noqa: ANN401 - asyncpg has no types
    forms_of_all: Sequence[bytes],
) -> Mapping[bytes, list[Mapping[str, Any]]]:
    rows_by_form = defaultdict(list)
    for row in await connection.fetch(LOOKUP, [uuid.UUID(bytes=form) for form in forms_of_all]):
        rows_by_form[row["fingerprint"].bytes].append(row)
    return rows_by_form


async def check(body: Check, request: Request) -> dict[str, Any]:
    """Answer a single check. Raises HTTPException 401 for an unknown key or a missing scope."""
    now = datetime.now(UTC)
    forms_of_all = fingerprints(body.identifier)
    async with request.app.state.pool.acquire() as connection:
        opt_out = await _caller(connection, request)
        rows_by_form = await _lookup(connection, forms_of_all)
    return decide(
        (row for form in forms_of_all for row in rows_by_form.get(form, ())),
        opt_out=opt_out,
        now=now,
    )


async def check_batch(batch: Batch, request: Request) -> dict[str, Any]:
    """Answer a batch: A or D for each identifier, and the reasons of each that is not allowed.

    Raises HTTPException 401 for an unknown key or a missing scope.
    """
    now = datetime.now(UTC)
    forms_of_all = [fingerprints(identifier) for identifier in batch.identifiers]
    async with request.app.state.pool.acquire() as connection:
        opt_out = await _caller(connection, request)
        rows_by_form = await _lookup(connection, [form for each in forms_of_all for form in each])
    letters, details = [], []
    for index, forms in enumerate(forms_of_all):
        rows = [row for form in forms for row in rows_by_form.get(form, ())]
        if not rows and opt_out:
            letters.append("A")
            continue
        answer = decide(rows, opt_out=opt_out, now=now)
        letters.append(answer["decision"][0].upper())
        if answer["decision"] != "allow":
            details.append({"index": index, "reasons": answer["reasons"]})
    return {
        "decisions": "".join(letters),
        "details": details,
        "summary": {"allow": letters.count("A"), "deny": letters.count("D"), "unknown": 0},
        "checked_at": rfc3339(now),
    }


app.post("/v1/checks")(check)
app.post("/v1/checks/batch")(check_batch)
