"""Answer "may I?", for one question or ten thousand, from committed state alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from suppression.adapters.turns import taking_turns
from suppression.domain.contacts import needed_within
from suppression.domain.controllers import Controller
from suppression.domain.decisions import Answer, decide, unknown
from suppression.domain.fingerprints import Fingerprint
from suppression.domain.identifiers.schemes import schemes_for
from suppression.domain.policies import Policies
from suppression.domain.questions import Question, Unaskable
from suppression.domain.sandbox_answers import sandbox_answer
from suppression.domain.standing import Standing
from suppression.domain.vocabulary import Kind
from suppression.storage.controller_rows import topic_slugs
from suppression.storage.database import Transaction
from suppression.storage.policy_rows import policies_of
from suppression.storage.prepared import Source, asking
from suppression.storage.standing_rows import NOTHING, StandingRows, standing_rows
from suppression.usecases.services import Services


def check(
    services: Services,
    controller: Controller,
    questions: Sequence[Question | Unaskable],
    *,
    now: datetime,
    policies: Policies | None = None,
) -> list[Answer]:
    """One answer per question, in order; one statement over all the fingerprints they ask.

    `policies` are given where this request has read them already.
    """
    with asking() as reader:
        policies = policies or policies_of(reader, controller).policies
        return _decide(services, reader, controller, policies, questions, now=now)


def check_many(  # noqa: PLR0913 - what a decision is made of
    services: Services,
    controller: Controller,
    kind: Kind,
    values: Sequence[object],
    ask: Callable[[Any], Question | Unaskable],
    *,
    now: datetime,
    policies: Policies | None = None,
) -> list[Answer]:
    """The same for values of one kind that are all asked alike; `ask` makes the question of one.

    Of clean e-mail addresses only the fingerprints are made, and a question for those of which
    something stands: without that, they are alike in all that an answer can rest on.
    """
    alike = Alike(services, controller, kind, values, ask)
    return alike.answers(alike.look_up(now=now, policies=policies))


class Alike:
    """Values that are asked so. Where they are many, one part of them is looked up beside others.

    Making one reads the values; `look_up` only waits for the database; `answers` only decides.
    """

    def __init__(
        self,
        services: Services,
        controller: Controller,
        kind: Kind,
        values: Sequence[object],
        ask: Callable[[Any], Question | Unaskable],
    ) -> None:
        self.services, self.controller = services, controller
        self.keys = services.keys_of(controller)
        self.clean = _clean(services, controller, kind, values)
        pairs = zip(values, self.clean, strict=True)
        like = next((ask(one) for one, forms in pairs if forms), None)
        self.like = like if isinstance(like, Question) else None
        if self.like is None:
            self.clean = [()] * len(values)
        others = [place for place, forms in enumerate(self.clean) if not forms]
        self.questions = {place: ask(values[place]) for place in taking_turns(others)}

    def look_up(self, *, now: datetime, policies: Policies | None = None) -> Answering:
        """What their answers follow from, of what is committed by now."""
        with asking() as reader:
            policies = policies or policies_of(reader, self.controller).policies
            return _answering(
                *(self.services, reader, self.controller, policies),
                [*self.questions.values(), *([self.like] if self.like else [])],
                now=now,
                asked=chain.from_iterable(self.clean),
                consents=chain.from_iterable(forms[: self.keys.version] for forms in self.clean),
            )

    def answers(self, answering: Answering) -> list[Answer]:
        """The answer to each, in order."""
        if self.like is None:
            return [answering(question) for question in self.questions.values()]
        of_clean, untouched = answering.of_clean(self.like), answering.standing.under.isdisjoint
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
    """The fingerprints of each value that is a clean e-mail address and no more; () of others."""
    if kind is not Kind.EMAIL or schemes_for(kind, controller.schemes):
        return [()] * len(values)
    of = services.keys_of(controller).clean_email
    return [of(value) if isinstance(value, str) else () for value in values]


def answer_from(
    services: Services,
    policies: Policies,
    question: Question,
    standing: StandingRows,
    *,
    now: datetime,
) -> Answer:
    """The same answer to one question without a topic, from what was read for it already."""
    return Answering(services, policies, frozenset(), standing, now, several=False)(question)


def decide_all(
    services: Services,
    transaction: Transaction,
    controller: Controller,
    questions: Sequence[Question | Unaskable],
    *,
    now: datetime,
    counted: bool = True,
) -> list[Answer]:
    """The same, in a transaction that somebody else has opened.

    Without `counted` earlier attempts do not count; refusals and agreed times do.
    """
    policies = policies_of(transaction, controller).policies
    return _decide(services, transaction, controller, policies, questions, now=now, counted=counted)


def _decide(  # noqa: PLR0913 - what a decision is made of
    services: Services,
    source: Source,
    controller: Controller,
    policies: Policies,
    questions: Sequence[Question | Unaskable],
    *,
    now: datetime,
    counted: bool = True,
) -> list[Answer]:
    answer_to = _answering(
        services, source, controller, policies, questions, now=now, counted=counted
    )
    return [answer_to(question) for question in questions]


def _answering(  # noqa: PLR0913 - what a decision is made of
    services: Services,
    source: Source,
    controller: Controller,
    policies: Policies,
    questions: Sequence[Question | Unaskable],
    *,
    now: datetime,
    counted: bool = True,
    asked: Iterable[Fingerprint] = (),
    consents: Iterable[Fingerprint] = (),
) -> Answering:
    """All that has to be read for these questions, and for these fingerprints besides."""
    askable = [question for question in questions if isinstance(question, Question)]
    topics: frozenset[str] = frozenset()
    if any(question.extent.topic for question in askable):
        topics = topic_slugs(source, controller)
    within = contacts_within(policies, askable)
    standing = standing_rows(
        source, askable, contacts_within=within, asked=asked, consents=consents
    )
    if not counted:
        standing.forget_attempts()
    return Answering(services, policies, topics, standing, now, several=len(questions) > 1)


class Answering:
    """What one request has read, and the answers that follow from it."""

    def __init__(
        self,
        services: Services,
        policies: Policies,
        topics: frozenset[str],
        standing: StandingRows,
        now: datetime,
        *,
        several: bool,
    ) -> None:
        self.policies, self.topics, self.standing, self.now = policies, topics, standing, now
        self.several = several
        self.ttl = services.settings.check_ttl
        self.alike: dict[tuple[object, ...], Answer] = {}

    def __call__(self, question: Question | Unaskable) -> Answer:
        """The answer to one of its questions."""
        if isinstance(question, Unaskable):
            return unknown(question.code, now=self.now)
        if question.extent.topic and question.extent.topic not in self.topics:
            return unknown("topic_unknown", now=self.now)
        if question.subject.sandbox:
            return sandbox_answer(question.subject.sandbox, now=self.now, ttl=self.ttl)
        standing = self.standing.of(question)
        if standing is not NOTHING or not self.several:
            return self._decided(question, standing)
        likeness = question.likeness
        if likeness not in self.alike:
            self.alike[likeness] = self._decided(question.about_nobody, NOTHING)
        return self.alike[likeness]

    def of_clean(
        self, question: Question
    ) -> Callable[[Sequence[Fingerprint], Sequence[Fingerprint]], Answer]:
        """The answer to any question like this one, by what is asked of it and what consents.

        Decided without the fingerprints, by what stands under them alone.
        """
        if question.extent.topic and question.extent.topic not in self.topics:
            return lambda _asked, _given: unknown("topic_unknown", now=self.now)
        channel, about_nobody = question.extent.channel, question.about_nobody

        def answer(asked: Sequence[Fingerprint], given: Sequence[Fingerprint]) -> Answer:
            standing = self.standing.under_these(asked, given, channel)
            return self._decided(about_nobody, standing)

        return answer

    def _decided(self, question: Question, standing: Standing) -> Answer:
        policy = self.policies[question.extent.channel, question.purpose]
        there = self.standing.clock
        return decide(question, policy, standing, now=self.now, ttl=self.ttl, there=there)


def contacts_within(policies: Policies, questions: Sequence[Question]) -> timedelta | None:
    """How old earlier calls may be that are needed, by the policies of all that is asked."""
    extents = {(question.extent.channel, question.purpose) for question in questions}
    needed = [needed_within(policies[extent]) for extent in extents]
    return max((within for within in needed if within is not None), default=None)
