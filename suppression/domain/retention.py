"""Retention periods: how long data that is not kept for ever is kept.

The worker deletes older data (`suppression/usecases/operations/retention.py`), and the content of
text messages that nobody decided on (`suppression/usecases/sms/review_queue.py`). The next sign-in
deletes old sessions (`suppression/storage/users/sessions.py`), and a device is only a cookie. The
staged rows of an import have no period: they are deleted once the import is applied, discarded,
undone or interrupted (`suppression/usecases/imports/apply.py`); those of an import that failed stay
until it is applied again or discarded. Suppressions and the ledger are kept for ever; a stop ends
by itself only if its reason allows an end (`Reason.may_expire`) and its caller stated one.
"""

from __future__ import annotations

from datetime import timedelta

RESPONSES_KEPT_FOR = timedelta(hours=48)
"""How long a response is stored under its Idempotency-Key."""

SCRUBS_KEPT_FOR = timedelta(hours=24)
"""How long the decisions of a scrub can be read again."""

FAILED_SIGN_INS_KEPT_FOR = timedelta(hours=24)
"""How long failed sign-ins count, from the last failure on."""

DEVICES_KEPT_FOR = timedelta(days=400)
"""How long a cookie names a browser that signed in; browsers store no cookie for longer."""

SESSIONS_KEPT_FOR = timedelta(hours=24)
"""The shortest time for which a session is stored after its start: twice the longest session."""

INVITATIONS_KEPT_FOR = timedelta(days=90)
"""How long an invitation is stored after its end. Its ledger entries are kept for ever."""

CONFIRMATIONS_KEPT_FOR = timedelta(days=30)
"""How long the page of a confirmation is shown. The stop that it confirms is kept for ever."""

COUNTS_KEPT_DAYS = 400
"""How many days the daily counts (of reopenings, and of checks for `service`) are kept."""

CONSENT_PROOFS_KEPT_MONTHS = 36
"""How many months after its consent's end a proof is stored (code de la consommation R223-2)."""

CASES_KEPT_MONTHS = 36
"""How many months a closed case's content is kept, unless its controller sets another period."""

UNDECIDED_TEXTS_KEPT_MONTHS = 3
"""How many months a text message may wait for a decision before the service stores it as a stop.

Its text is then deleted. A request must be answered within this time at most (GDPR Art. 12(3)).
"""
