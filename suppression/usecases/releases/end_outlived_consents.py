"""End what a released stop had withdrawn: older consents and agreed times are not revived.

This module ends those found under the identifiers of the request. For others the released row keeps
a date (`lifted` in `suppression/domain/suppressions/releases.py`), which every check reads; and
`suppression/usecases/consents/record.py` ends a consent that is recorded after the release.
"""

from __future__ import annotations

from collections.abc import Sequence

from suppression.domain.consents.model import CALLS, is_outlived
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.active import applies
from suppression.domain.suppressions.model import Suppression
from suppression.domain.suppressions.releases import as_active
from suppression.domain.vocabulary import ConsentEnd, ReleaseWhy
from suppression.storage.calls.rows import forget_callbacks
from suppression.storage.consents.rows import find_consents
from suppression.storage.engine.database import Transaction
from suppression.usecases.consents.end import end_consents


def end_outlived_consents(
    transaction: Transaction,
    controller: Controller,
    subjects: Sequence[Subject],
    lifted: Sequence[Suppression],
    context: AuditContext,
) -> None:
    """End the consents and agreed times that are no newer than a stop just released.

    Looks under the fingerprints of `subjects` and of the stops. Consents under other variants of a
    mailbox stay, but count no more: the released row keeps the date up to which it voids them. A
    stop that was a mistake had withdrawn nothing, so its release ends nothing.
    """
    if not lifted or context.why is ReleaseWhy.MISTAKE:
        return
    named = {
        fingerprint
        for subject in subjects
        for fingerprint in (*subject.consent_fingerprints, *subject.lookup_fingerprints)
    }
    named.update(form for row in lifted for form in row.forms)
    stops = [as_active(row) for row in lifted]
    over = [
        consent
        for consent in find_consents(transaction, named, for_update=True)
        if any(is_outlived(consent, stop) for stop in stops)
    ]
    end_consents(
        transaction,
        controller,
        over,
        ConsentEnd.STOP_RELEASED,
        occurred_at=None,
        context=context,
    )
    of_calls = [stop.last_occurred_at for stop in stops if applies(stop, CALLS)]
    if of_calls:
        forget_callbacks(transaction, named, recorded_by=max(of_calls))
