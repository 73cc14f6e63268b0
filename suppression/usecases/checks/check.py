"""Decide check requests ("may I?"), one or many, from what the database holds at that moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from suppression.adapters.runtime.time_slices import in_slices
from suppression.domain.checks.call_history import call_history_span
from suppression.domain.checks.decision import CheckResult, decide, unknown
from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.checks.sandbox import sandbox_answer
from suppression.domain.controllers.model import Caller, Controller
from suppression.domain.identifiers.fingerprints import Fingerprint
from suppression.domain.identifiers.partner_schemes import looks_up_more
from suppression.domain.policies.model import Policies
from suppression.domain.suppressions.active import SubjectState
from suppression.domain.vocabulary import Kind
from suppression.storage.checks.active_rows import look_up_state
from suppression.storage.checks.state import NOTHING, StateLookup
from suppression.storage.controllers.policies import current_policies
from suppression.storage.controllers.rows import load_schemes, topic_slugs
from suppression.storage.engine.database import Transaction
from suppression.storage.engine.prepared_statements import Source, reader_connection
from suppression.usecases.services import Services


def check(
    services: Services,
    controller: Controller,
    requests: Sequence[CheckRequest | InvalidCheck],
    *,
    now: datetime,
    policies: Policies | None = None,
) -> list[CheckResult]:
    """Return one check result per request, in order; the state of all of them is read together.

    Pass `policies` if the controller's policies have been read already.
    """
    with reader_connection() as reader:
        policies = policies or current_policies(reader, controller).policies
        batch = _load(_Basis(services, reader, controller, policies, now), requests)
    return [batch(request) for request in requests]


def with_current_schemes(controller: Controller) -> Controller:
    """Return the controller with the schemes of hashes, and of mail domains, on record now."""
    with reader_connection() as reader:
        schemes = load_schemes(reader, controller)
    return dataclasses.replace(controller, schemes=schemes)


def check_many(  # noqa: PLR0913 - what a decision is made of
    services: Services,
    controller: Controller,
    kind: Kind,
    values: Sequence[object],
    build_request: Callable[[Any], CheckRequest | InvalidCheck],
    *,
    now: datetime,
    policies: Policies | None = None,
) -> list[CheckResult]:
    """Return one check result per value, in order; all values share their kind and options.

    `build_request` turns a value into its check request. Clean e-mail addresses (see `clean_email`)
    are reduced to fingerprints and share the request of the first clean one, because their results
    differ only by the rows under their fingerprints.
    """
    batch = UniformBatch(services, controller, kind, values, build_request)
    return batch.answers(batch.fetch(now=now, policies=policies))


class UniformBatch:
    """A batch of values of one kind that are checked with equal options.

    The constructor parses the values, `fetch` only waits for the database, `answers` only decides,
    so that one batch can be fetched while another is parsed or decided.
    """

    def __init__(
        self,
        services: Services,
        controller: Controller,
        kind: Kind,
        values: Sequence[object],
        build_request: Callable[[Any], CheckRequest | InvalidCheck],
    ) -> None:
        self.services, self.controller = services, controller
        self.keys = services.keys_of(controller)
        self.clean = _clean(services, controller, kind, values)
        pairs = zip(values, self.clean, strict=True)
        like = next((build_request(value) for value, forms in pairs if forms), None)
        self.like = like if isinstance(like, CheckRequest) else None
        if self.like is None:
            self.clean = [()] * len(values)
        others = [index for index, forms in enumerate(self.clean) if not forms]
        self.requests = {index: build_request(values[index]) for index in in_slices(others)}

    def fetch(self, *, now: datetime, policies: Policies | None = None) -> CheckBatch:
        """Read and return the committed state that the results of this batch depend on."""
        with reader_connection() as reader:
            policies = policies or current_policies(reader, self.controller).policies
            return _load(
                _Basis(self.services, reader, self.controller, policies, now),
                [*self.requests.values(), *([self.like] if self.like else [])],
                lookup_fingerprints=chain.from_iterable(self.clean),
                consent_fingerprints=chain.from_iterable(
                    forms[: self.keys.version] for forms in self.clean
                ),
            )

    def answers(self, batch: CheckBatch) -> list[CheckResult]:
        """Return one check result per value, in order, decided from what `fetch` returned."""
        if self.like is None:
            return [batch(request) for request in self.requests.values()]
        of_clean, untouched = (
            batch.for_fingerprints(self.like),
            batch.lookup.under.isdisjoint,
        )
        of_nobody, version = of_clean((), ()), self.keys.version
        return [
            batch(self.requests[index])
            if not forms
            else of_nobody
            if untouched(forms)
            else of_clean(forms, forms[:version])
            for index, forms in enumerate(self.clean)
        ]


def _clean(
    services: Services, controller: Controller, kind: Kind, values: Sequence[object]
) -> list[tuple[Fingerprint, ...]]:
    """Return the fingerprints of each value, or () for a value that is not a clean e-mail address.

    All are () if a check of the kind looks up more than an identifier's own match keys.
    """
    if kind is not Kind.EMAIL or looks_up_more(kind, controller.schemes):
        return [()] * len(values)
    of = services.keys_of(controller).clean_email
    return [of(value) if isinstance(value, str) else () for value in values]


def decide_loaded(
    services: Services,
    caller: Caller,
    request: CheckRequest,
    lookup: StateLookup,
    *,
    now: datetime,
) -> CheckResult:
    """Return the result of a check request by its loaded state `lookup` and the caller's policies.

    The database is read only for a request with a topic, to learn whether the controller has it.
    """
    topics: frozenset[str] = frozenset()
    if request.scope.topic:
        with reader_connection() as reader:
            topics = topic_slugs(reader, caller.controller)
    policies = caller.policies.policies
    return CheckBatch(services, policies, topics, lookup, now, several=False)(request)


def decide_in_transaction(
    services: Services,
    transaction: Transaction,
    controller: Controller,
    requests: Sequence[CheckRequest | InvalidCheck],
    *,
    now: datetime,
    counted: bool = True,
) -> list[CheckResult]:
    """Return one check result per request, in order, as the caller's transaction sees the state.

    With `counted=False`, earlier call attempts do not count; refusals and agreed times do.
    """
    policies = current_policies(transaction, controller).policies
    batch = _load(_Basis(services, transaction, controller, policies, now, counted), requests)
    return [batch(request) for request in requests]


@dataclass(frozen=True, slots=True)
class _Basis:
    """The inputs that all check requests of a batch share: controller, policies, time and database.

    With `counted=False`, earlier call attempts do not count; refusals and agreed times do.
    """

    services: Services
    source: Source
    controller: Controller
    policies: Policies
    now: datetime
    counted: bool = True


def _load(
    basis: _Basis,
    requests: Sequence[CheckRequest | InvalidCheck],
    *,
    lookup_fingerprints: Iterable[Fingerprint] = (),
    consent_fingerprints: Iterable[Fingerprint] = (),
) -> CheckBatch:
    """Return the batch of these requests with the topics and the state that they need.

    It also holds the state under the further lookup and consent fingerprints.
    """
    valid = [request for request in requests if isinstance(request, CheckRequest)]
    topics: frozenset[str] = frozenset()
    if any(request.scope.topic for request in valid):
        topics = topic_slugs(basis.source, basis.controller)
    lookup = look_up_state(
        basis.source,
        valid,
        call_history_span=longest_call_history(basis.policies, valid),
        now=basis.now,
        lookup_fingerprints=lookup_fingerprints,
        consent_fingerprints=consent_fingerprints,
    )
    if not basis.counted:
        lookup.without_attempts()
    several = len(requests) > 1
    return CheckBatch(basis.services, basis.policies, topics, lookup, basis.now, several=several)


class CheckBatch:
    """The state read for a batch of check requests; calling the object decides one request.

    `several`: whether there are several requests; then the requests of subjects without any row on
    record share one result if all their other fields are equal.
    """

    def __init__(
        self,
        services: Services,
        policies: Policies,
        topics: frozenset[str],
        lookup: StateLookup,
        now: datetime,
        *,
        several: bool,
    ) -> None:
        self.policies, self.topics, self.lookup, self.now = policies, topics, lookup, now
        self.several = several
        self.ttl = services.settings.check_ttl
        self.alike: dict[tuple[object, ...], CheckResult] = {}

    def __call__(self, request: CheckRequest | InvalidCheck) -> CheckResult:
        """Return the check result of one request of this batch."""
        if isinstance(request, InvalidCheck):
            return unknown(request.code, now=self.now)
        if request.scope.topic and request.scope.topic not in self.topics:
            return unknown("topic_unknown", now=self.now)
        if request.subject.sandbox:
            return sandbox_answer(request.subject.sandbox, now=self.now, ttl=self.ttl)
        state = self.lookup.state_of(request)
        if state is not NOTHING or not self.several:
            return self._decided(request, state)
        cache_key = request.cache_key
        if cache_key not in self.alike:
            self.alike[cache_key] = self._decided(request.without_identifier, NOTHING)
        return self.alike[cache_key]

    def for_fingerprints(
        self, request: CheckRequest
    ) -> Callable[[Sequence[Fingerprint], Sequence[Fingerprint]], CheckResult]:
        """Return a function that takes lookup and consent fingerprints and returns a check result.

        The result is that of `request` with these fingerprints in place of its identifier.
        """
        if request.scope.topic and request.scope.topic not in self.topics:
            return lambda _lookup, _consent: unknown("topic_unknown", now=self.now)
        channel, without_identifier = request.scope.channel, request.without_identifier

        def answer(
            fingerprints: Sequence[Fingerprint], given: Sequence[Fingerprint]
        ) -> CheckResult:
            state = self.lookup.state_for(fingerprints, given, channel)
            return self._decided(without_identifier, state)

        return answer

    def _decided(self, request: CheckRequest, state: SubjectState) -> CheckResult:
        policy = self.policies[request.scope.channel, request.purpose]
        there = self.lookup.clock
        return decide(request, policy, state, now=self.now, ttl=self.ttl, database_now=there)


def longest_call_history(policies: Policies, requests: Sequence[CheckRequest]) -> timedelta | None:
    """Return how far back these checks need call history; None if they need no history."""
    scopes = {(request.scope.channel, request.purpose) for request in requests}
    spans = [call_history_span(policies[scope]) for scope in scopes]
    return max((span for span in spans if span is not None), default=None)
