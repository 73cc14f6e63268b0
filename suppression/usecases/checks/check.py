"""Decide check requests ("may I?"), one or ten thousand at once, from committed state alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from suppression.adapters.runtime.time_slices import in_slices
from suppression.domain.checks.call_history import call_history_span
from suppression.domain.checks.decision import CheckResult, decide, unknown
from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.checks.sandbox import sandbox_answer
from suppression.domain.controllers.model import Controller
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.identifiers.partner_schemes import schemes_for
from suppression.domain.policies.model import Policies
from suppression.domain.suppressions.active import SubjectState
from suppression.domain.vocabulary import Kind
from suppression.storage.checks.active_rows import NOTHING, StateLookup, look_up_state
from suppression.storage.controllers.policies import current_policies
from suppression.storage.controllers.rows import topic_slugs
from suppression.storage.engine.database import Transaction
from suppression.storage.engine.prepared_statements import Source, reader_connection
from suppression.usecases.services import Services


def check(
    services: Services,
    controller: Controller,
    questions: Sequence[CheckRequest | InvalidCheck],
    *,
    now: datetime,
    policies: Policies | None = None,
) -> list[CheckResult]:
    """Return one check result per request, in order; one statement reads all their fingerprints.

    Pass `policies` if the HTTP request has read them already.
    """
    with reader_connection() as reader:
        policies = policies or current_policies(reader, controller).policies
        batch = _load(services, reader, controller, policies, questions, now=now)
    return [batch(question) for question in questions]


def check_many(  # noqa: PLR0913 - what a decision is made of
    services: Services,
    controller: Controller,
    kind: Kind,
    values: Sequence[object],
    ask: Callable[[Any], CheckRequest | InvalidCheck],
    *,
    now: datetime,
    policies: Policies | None = None,
) -> list[CheckResult]:
    """Return one check result per value, in order; `ask` builds the check request of one value.

    All values share their kind and all options. Clean e-mail addresses are reduced to
    fingerprints and share one request: only the rows under a fingerprint can change the result.
    """
    alike = UniformBatch(services, controller, kind, values, ask)
    return alike.answers(alike.fetch(now=now, policies=policies))


class UniformBatch:
    """Values of one kind, checked alike; a large set is split into batches that overlap.

    The constructor parses the values, `fetch` only waits for the database, `answers` only decides,
    so that one batch can be fetched while another is parsed or decided.
    """

    def __init__(
        self,
        services: Services,
        controller: Controller,
        kind: Kind,
        values: Sequence[object],
        ask: Callable[[Any], CheckRequest | InvalidCheck],
    ) -> None:
        self.services, self.controller = services, controller
        self.keys = services.keys_of(controller)
        self.clean = _clean(services, controller, kind, values)
        pairs = zip(values, self.clean, strict=True)
        like = next((ask(one) for one, forms in pairs if forms), None)
        self.like = like if isinstance(like, CheckRequest) else None
        if self.like is None:
            self.clean = [()] * len(values)
        others = [place for place, forms in enumerate(self.clean) if not forms]
        self.questions = {place: ask(values[place]) for place in in_slices(others)}

    def fetch(self, *, now: datetime, policies: Policies | None = None) -> CheckBatch:
        """Return the committed state that the results of this batch depend on."""
        with reader_connection() as reader:
            policies = policies or current_policies(reader, self.controller).policies
            return _load(
                *(self.services, reader, self.controller, policies),
                [*self.questions.values(), *([self.like] if self.like else [])],
                now=now,
                asked=chain.from_iterable(self.clean),
                consents=chain.from_iterable(forms[: self.keys.version] for forms in self.clean),
            )

    def answers(self, answering: CheckBatch) -> list[CheckResult]:
        """Return one check result per value, in order, decided from what `fetch` returned."""
        if self.like is None:
            return [answering(question) for question in self.questions.values()]
        of_clean, untouched = (
            answering.for_fingerprints(self.like),
            answering.standing.under.isdisjoint,
        )
        of_nobody, version = of_clean((), ()), self.keys.version
        return [
            answering(self.questions[place])
            if not forms
            else of_nobody
            if untouched(forms)
            else of_clean(forms, forms[:version])
            for place, forms in enumerate(self.clean)
        ]


def _clean(
    services: Services, controller: Controller, kind: Kind, values: Sequence[object]
) -> list[tuple[Fingerprint, ...]]:
    """Return the fingerprints of each value that is just a clean e-mail address, else ().

    All are () if the controller has partner schemes for the kind.
    """
    if kind is not Kind.EMAIL or schemes_for(kind, controller.schemes):
        return [()] * len(values)
    of = services.keys_of(controller).clean_email
    return [of(value) if isinstance(value, str) else () for value in values]


def decide_prefetched(
    services: Services,
    policies: Policies,
    question: CheckRequest,
    standing: StateLookup,
    *,
    now: datetime,
) -> CheckResult:
    """Decide one check request without a topic, from the state that `prefetch` has read."""
    return CheckBatch(services, policies, frozenset(), standing, now, several=False)(question)


def decide_in_transaction(
    services: Services,
    transaction: Transaction,
    controller: Controller,
    questions: Sequence[CheckRequest | InvalidCheck],
    *,
    now: datetime,
    counted: bool = True,
) -> list[CheckResult]:
    """Return one check result per request, in order, as the caller's transaction sees the state.

    With `counted=False`, earlier call attempts do not count; refusals and agreed times do.
    """
    policies = current_policies(transaction, controller).policies
    batch = _load(services, transaction, controller, policies, questions, now=now, counted=counted)
    return [batch(question) for question in questions]


def _load(  # noqa: PLR0913 - what a decision is made of
    services: Services,
    source: Source,
    controller: Controller,
    policies: Policies,
    questions: Sequence[CheckRequest | InvalidCheck],
    *,
    now: datetime,
    counted: bool = True,
    asked: Iterable[Fingerprint] = (),
    consents: Iterable[Fingerprint] = (),
) -> CheckBatch:
    """Read the topics and state that these requests need, and the state of more fingerprints."""
    askable = [question for question in questions if isinstance(question, CheckRequest)]
    topics: frozenset[str] = frozenset()
    if any(question.scope.topic for question in askable):
        topics = topic_slugs(source, controller)
    within = longest_call_history(policies, askable)
    standing = look_up_state(
        source,
        askable,
        call_history_span=within,
        now=now,
        lookup_fingerprints=asked,
        consent_fingerprints=consents,
    )
    if not counted:
        standing.without_attempts()
    return CheckBatch(services, policies, topics, standing, now, several=len(questions) > 1)


class CheckBatch:
    """The state read for a batch of check requests; a call of the object decides one of them."""

    def __init__(
        self,
        services: Services,
        policies: Policies,
        topics: frozenset[str],
        standing: StateLookup,
        now: datetime,
        *,
        several: bool,
    ) -> None:
        self.policies, self.topics, self.standing, self.now = policies, topics, standing, now
        self.several = several
        self.ttl = services.settings.check_ttl
        self.alike: dict[tuple[object, ...], CheckResult] = {}

    def __call__(self, question: CheckRequest | InvalidCheck) -> CheckResult:
        """Return the check result of one request of this batch."""
        if isinstance(question, InvalidCheck):
            return unknown(question.code, now=self.now)
        if question.scope.topic and question.scope.topic not in self.topics:
            return unknown("topic_unknown", now=self.now)
        if question.subject.sandbox:
            return sandbox_answer(question.subject.sandbox, now=self.now, ttl=self.ttl)
        standing = self.standing.state_of(question)
        if standing is not NOTHING or not self.several:
            return self._decided(question, standing)
        likeness = question.cache_key
        if likeness not in self.alike:
            self.alike[likeness] = self._decided(question.without_identifier, NOTHING)
        return self.alike[likeness]

    def for_fingerprints(
        self, question: CheckRequest
    ) -> Callable[[Sequence[Fingerprint], Sequence[Fingerprint]], CheckResult]:
        """Return a function from lookup and consent fingerprints to the result of such a check.

        The decision rests on the state under the fingerprints; it does not see the fingerprints.
        """
        if question.scope.topic and question.scope.topic not in self.topics:
            return lambda _asked, _given: unknown("topic_unknown", now=self.now)
        channel, about_nobody = question.scope.channel, question.without_identifier

        def answer(asked: Sequence[Fingerprint], given: Sequence[Fingerprint]) -> CheckResult:
            standing = self.standing.state_for(asked, given, channel)
            return self._decided(about_nobody, standing)

        return answer

    def _decided(self, question: CheckRequest, standing: SubjectState) -> CheckResult:
        policy = self.policies[question.scope.channel, question.purpose]
        there = self.standing.clock
        return decide(question, policy, standing, now=self.now, ttl=self.ttl, database_now=there)


def longest_call_history(policies: Policies, questions: Sequence[CheckRequest]) -> timedelta | None:
    """Return how far back these checks need call history; None if none of them needs any."""
    scopes = {(question.scope.channel, question.purpose) for question in questions}
    spans = [call_history_span(policies[scope]) for scope in scopes]
    return max((span for span in spans if span is not None), default=None)
