"""Lifting a stop revives no consent that it had withdrawn, and no time agreed to before it."""

from __future__ import annotations

from collections.abc import Sequence

from suppression.domain.consents import CALLS, outlived
from suppression.domain.controllers import Controller
from suppression.domain.fingerprints import Subject
from suppression.domain.ledger import Deed
from suppression.domain.releases import as_standing
from suppression.domain.standing import applies
from suppression.domain.suppressions import Suppression
from suppression.domain.vocabulary import ConsentEnd, ReleaseWhy
from suppression.storage.consent_rows import consents_under
from suppression.storage.contact_rows import forget_callbacks
from suppression.storage.database import Transaction
from suppression.usecases.end_consents import end_consents


def end_outlived(
    transaction: Transaction,
    controller: Controller,
    subjects: Sequence[Subject],
    lifted: Sequence[Suppression],
    deed: Deed,
) -> None:
    """End consents and agreed times no newer than a stop that was just lifted for what it denied.

    Looked for under all that the request and the stops name; those of other writings count no more
    by the date that the lifted row keeps. A stop that was a mistake had withdrawn nothing.
    """
    if not lifted or deed.why is ReleaseWhy.MISTAKE:
        return
    named = {one for subject in subjects for one in (*subject.consent, *subject.asked)}
    named.update(form for row in lifted for form in row.forms)
    stops = [as_standing(row) for row in lifted]
    over = [
        consent
        for consent in consents_under(transaction, named, for_update=True)
        if any(outlived(consent, stop) for stop in stops)
    ]
    end_consents(
        transaction,
        controller,
        over,
        ConsentEnd.STOP_RELEASED,
        occurred_at=None,
        deed=deed,
    )
    of_calls = [stop.last_occurred_at for stop in stops if applies(stop, CALLS)]
    if of_calls:
        forget_callbacks(transaction, named, recorded_by=max(of_calls))
