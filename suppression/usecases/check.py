"""Answer "may I?", for one question or ten thousand, from committed state alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from suppression.domain.controllers import Controller
from suppression.domain.decisions import (
    Answer,
    Question,
    StandingStop,
    Unaskable,
    decide,
    unknown,
)
from suppression.domain.policies import Policies
from suppression.domain.sandbox_answers import sandbox_answer
from suppression.storage.controller_rows import policies_of, topics_of
from suppression.storage.database import reading
from suppression.storage.standing_stops import StandingStops, standing_stops
from suppression.usecases.services import Services


def check(
    services: Services,
    controller: Controller,
    questions: Sequence[Question | Unaskable],
    *,
    now: datetime,
) -> list[Answer]:
    """One answer per question, in order; one statement over all the fingerprints they ask."""
    askable = [question for question in questions if isinstance(question, Question)]
    fingerprints = [one for question in askable for one in question.subject.asked]
    with reading() as transaction:
        policies = policies_of(transaction, controller)
        topics: set[str] = set()
        if any(question.extent.topic for question in askable):
            topics = {topic.slug for topic in topics_of(transaction, controller)}
        stops = standing_stops(transaction, fingerprints)
    ttl = services.settings.check_ttl
    return [_answer(one, policies, topics, stops, now=now, ttl=ttl) for one in questions]


def _answer(
    question: Question | Unaskable,
    policies: Policies,
    topics: Collection[str],
    stops: StandingStops,
    *,
    now: datetime,
    ttl: timedelta,
) -> Answer:
    if isinstance(question, Unaskable):
        return unknown(question.code, now=now)
    if question.extent.topic and question.extent.topic not in topics:
        return unknown("topic_unknown", now=now)
    if question.subject.sandbox:
        return sandbox_answer(question.subject.sandbox, now=now, ttl=ttl)
    policy = policies[question.extent.channel, question.purpose]
    return decide(question, policy, _under(question, stops), now=now, ttl=ttl)


def _under(question: Question, stops: StandingStops) -> list[StandingStop]:
    return [stop for one in question.subject.asked for stop in stops.get(one, ())]
