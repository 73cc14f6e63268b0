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
from suppression.domain.suppressions.active import applies
from suppression.domain.suppressions.model import Suppression
from suppression.domain.suppressions.releases import as_active, last_date
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

    They end if the stop applies to them, and if they are under its fingerprints or those of the
    `subjects` that it had stopped. Consents under other spellings stay, but count no more: the
    released row keeps the date up to which it voids them. If `context.why` is `mistake`, nothing
    ends. The caller must hold the locks of the rows in `lifted`.
    """
    if context.why is ReleaseWhy.MISTAKE:
        return
    stopped = {row.record_id: _stopped_fingerprints(row, subjects) for row in lifted}
    consents = find_consents(transaction, frozenset().union(*stopped.values()), for_update=True)
    over = [
        consent
        for consent in consents
        if any(
            consent.fingerprint in stopped[row.record_id] and is_outlived(consent, as_active(row))
            for row in lifted
        )
    ]
    end_consents(
        transaction,
        controller,
        over,
        ConsentEnd.STOP_RELEASED,
        occurred_at=None,
        context=context,
    )
    for row in lifted:
        if applies(as_active(row), CALLS):
            fingerprints = stopped[row.record_id]
            forget_callbacks(transaction, fingerprints, agreed_by=last_date(row))


def _stopped_fingerprints(row: Suppression, subjects: Sequence[Subject]) -> frozenset[Fingerprint]:
    """Return a stop's fingerprints, and those of subjects whose consents it had withdrawn."""
    stopped = row_forms = frozenset(row.forms)
    for subject in subjects:
        if not row_forms.isdisjoint(subject.lookup_fingerprints):
            stopped |= {*subject.consent_fingerprints, *subject.lookup_fingerprints}
    return stopped
