"""End the consents and agreed times that a released stop had withdrawn, so that none is revived.

This module ends those under the fingerprints of the stop and of the request's identifiers. For all
others the released row keeps a date (`lifted` in `suppression/domain/suppressions/releases.py`) up
to which checks count none; and `suppression/usecases/consents/record.py` ends an older consent that
is recorded after the release. The rule is `still_counting` in
`suppression/domain/consents/model.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from suppression.domain.consents.model import CALLS, is_outlived
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Fingerprint, Subject
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.active import voids
from suppression.domain.suppressions.model import Suppression
from suppression.domain.suppressions.releases import as_released
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
    """End consents and delete agreed times that are no newer than a stop in `lifted`, now released.

    This ends only what the stop voids (`voids`), under the stop's own fingerprints or those of the
    subjects that it had stopped. Consents under other variants of a mailbox or a name stay, but no
    longer count: the released row keeps the date up to which it voids them. A stop that was a
    mistake had withdrawn nothing, so its release ends nothing.
    """
    if context.why is ReleaseWhy.MISTAKE:
        return
    voiding = [
        (
            _stopped_fingerprints(row, subjects),
            as_released(row, at=context.recorded_at, why=context.why),
        )
        for row in lifted
    ]
    stopped = frozenset[Fingerprint]().union(*(fingerprints for fingerprints, _ in voiding))
    consents = find_consents(transaction, stopped, for_update=True)
    over = [
        consent
        for consent in consents
        if any(
            consent.fingerprint in fingerprints and is_outlived(consent, stop)
            for fingerprints, stop in voiding
        )
    ]
    why = ConsentEnd.STOP_RELEASED
    end_consents(transaction, controller, over, why, occurred_at=None, context=context)
    for fingerprints, stop in voiding:
        if voids(stop, CALLS):
            forget_callbacks(transaction, fingerprints, agreed_by=stop.last_occurred_at)


def _stopped_fingerprints(row: Suppression, subjects: Sequence[Subject]) -> frozenset[Fingerprint]:
    """Return a stop's fingerprints, and those of subjects whose consents it had withdrawn."""
    stopped = row_forms = frozenset(row.forms)
    for subject in subjects:
        if not row_forms.isdisjoint(subject.lookup_fingerprints):
            stopped |= {*subject.consent_fingerprints, *subject.lookup_fingerprints}
    return stopped
