"""Withdraw consents: end them, and store a stop for each withdrawn scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from suppression.domain.consents.model import Consent, withdrawn_consents
from suppression.domain.controllers.model import Controller
from suppression.domain.idempotency import IdempotencyKey
from suppression.domain.identifiers.fingerprints import Fingerprint, Subject
from suppression.domain.ledger.entries import AuditContext
from suppression.domain.suppressions.model import Scope
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import ConsentEnd, Evidence, Reason
from suppression.storage.consents.rows import find_consents
from suppression.storage.engine.database import Transaction, writing
from suppression.usecases.consents.end import end_consents
from suppression.usecases.controllers.topics import check_topics
from suppression.usecases.idempotency import StoredResponse, run_once
from suppression.usecases.ledger.append import new_audit_context
from suppression.usecases.ledger.check_stated_dates import check_stated_date
from suppression.usecases.suppressions.all_in_force import all_in_force
from suppression.usecases.suppressions.record import StopRequest, StopResult, record_suppressions


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawRequest:
    """A withdrawal by one person for one or more scopes, as an entry point parsed it."""

    subject: Subject
    scopes: tuple[Scope, ...]
    occurred_at: datetime | None = None
    """The time that the caller states. None means now, by the database's clock, and ends the
    person's consents even if they are dated ahead of it."""
    evidence: Evidence = Evidence.API
    ref: str = ""

    @property
    def stop(self) -> StopRequest:
        """Return the request for the stops that the withdrawal stores.

        Its coverage names no channel or topic; store it with the scopes of this request.
        """
        return StopRequest(
            subjects=(self.subject,),
            coverage=RequestedScope(channels=None),
            reason=Reason.CONSENT_WITHDRAWN,
            evidence=self.evidence,
            occurred_at=self.occurred_at,
            ref=self.ref,
        )

    @property
    def withdraws(self) -> frozenset[Fingerprint]:
        """Return the fingerprints under which the withdrawal ends consents: all that a check uses.

        A check looks up consents by `consent_fingerprints` alone. So a withdrawal may also end the
        consent of another spelling of the mailbox, which its stop denies anyway.
        """
        return frozenset(self.subject.consent_fingerprints) | frozenset(
            self.subject.lookup_fingerprints
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawAnswer:
    """The result of a withdrawal: its reference, the consents it ended, and its stops."""

    reference: str
    ended: tuple[Consent, ...]
    stops: tuple[StopResult, ...]


def withdraw_consents(
    controller: Controller,
    request: WithdrawRequest,
    render: Callable[[WithdrawAnswer], StoredResponse],
    *,
    actor: str,
    now: datetime,
    idempotency_key: IdempotencyKey | None = None,
) -> StoredResponse:
    """End the consents in a request's scopes, store a stop per scope; return the rendered answer.

    The stops are stored even if there is no consent. Raises InvalidValueError for an `occurred_at`
    over 5 minutes ahead or an unknown topic, and the errors of `run_once` for `idempotency_key`.
    """
    check_stated_date(Reason.CONSENT_WITHDRAWN, request.occurred_at, None, now=now)
    context = new_audit_context(actor, now=now, ref=request.ref)
    with writing() as transaction:
        return run_once(
            transaction,
            idempotency_key,
            lambda: _withdraw(transaction, controller, request, context),
            render,
            now=now,
            still_holds=lambda kept_at: _is_withdrawn(
                transaction, controller, request, kept_at=kept_at, now=now
            ),
        )


def _withdraw(
    transaction: Transaction,
    controller: Controller,
    request: WithdrawRequest,
    context: AuditContext,
) -> WithdrawAnswer:
    check_topics(transaction, controller, request.scopes)
    scopes = [list(request.scopes)]
    stopped = record_suppressions(transaction, controller, request.stop, scopes, context)
    ended = end_consents(
        transaction,
        controller,
        _on_record(transaction, request, now=stopped.recorded_at, for_update=True),
        ConsentEnd.WITHDRAWN,
        occurred_at=request.occurred_at,
        context=context,
        evidence=request.evidence,
        reason=Reason.CONSENT_WITHDRAWN,
    )
    return WithdrawAnswer(reference=context.reference, ended=tuple(ended), stops=stopped.results)


def _is_withdrawn(
    transaction: Transaction,
    controller: Controller,
    request: WithdrawRequest,
    *,
    kept_at: datetime,
    now: datetime,
) -> bool:
    """Return whether a withdrawal's stops are in force and all consents it covers have ended."""
    stop, scopes = request.stop, [list(request.scopes)]
    if not all_in_force(transaction, controller, stop, scopes, kept_at=kept_at, now=now):
        return False
    return not _on_record(transaction, request, now=now, for_update=False)


def _on_record(
    transaction: Transaction, request: WithdrawRequest, *, now: datetime, for_update: bool
) -> list[Consent]:
    consents = find_consents(transaction, request.withdraws, for_update=for_update)
    return [
        consent
        for consent in consents
        if withdrawn_consents(
            consent, request.scopes, request.occurred_at or max(now, consent.given_at)
        )
    ]
