"""How cases of decisions.csv write moments, consents and stops: as a person would, one way only."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from suppression.domain.suppressions.active import ActiveConsent, ActiveSuppression
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Channel, Purpose, Reason

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TIME = (
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}[0-9:.]*Z?"
)
_MOMENT = re.compile(r"(?:(?P<day>[A-Z][a-z]{2}) )?(?P<local>[0-9-]{10} [0-9:.]+)(?P<utc>Z)?")
_CONSENT = re.compile(
    rf"(?P<given>{_TIME})(?: \.\. (?P<until>{_TIME}))?"
    r"(?: on (?P<on>[a-z]+))?(?: for (?P<topic>[a-z0-9-]+))?(?P<imported> by import)?"
)
_STOP = re.compile(
    r"(?P<reason>[a-z_]+)(?: on (?P<on>[a-z]+))?(?: for (?P<topic>[a-z0-9-]+))?"
    rf" @ (?P<since>{_TIME})(?: \.\. (?P<until>{_TIME}))?"
)


def parse_instant(text: str, zone: ZoneInfo) -> datetime:
    """The moment of a text: on the clocks of `zone`, or in UTC with Z; ValueError if it is none.

    A weekday may stand in front and must be right. What the clocks show twice, or never, when
    summer time begins or ends has to be written in UTC.

    >>> parse_instant("Mon 2026-11-23 10:00", ZoneInfo("Europe/Paris")).isoformat()
    '2026-11-23T09:00:00+00:00'
    >>> parse_instant("2026-10-25 00:30:15Z", ZoneInfo("Europe/Paris")).isoformat()
    '2026-10-25T00:30:15+00:00'
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError("write a time like Mon 2026-11-23 10:00, or with Z for UTC")
    naive = datetime.fromisoformat(found["local"])
    there = [naive.replace(tzinfo=UTC if found["utc"] else zone, fold=fold) for fold in (0, 1)]
    moment, other = (instant.astimezone(UTC) for instant in there)
    if moment != other:
        raise ValueError("clocks show this time twice or never; write it in UTC, with Z")
    if found["day"] and found["day"] != _DAYS[naive.weekday()]:
        raise ValueError(f"{found['local'][:10]} is a {_DAYS[naive.weekday()]}")
    return moment


def format_datetime(moment: datetime, zone: ZoneInfo) -> str:
    """As `moment_of` reads it, seconds only where there are some.

    >>> format_datetime(datetime(2026, 11, 23, 9, tzinfo=UTC), ZoneInfo("Europe/Paris"))
    'Mon 2026-11-23 10:00'
    """
    local = moment.astimezone(zone)
    text = local.replace(tzinfo=None).isoformat(" ").removesuffix(":00")
    return f"{_DAYS[local.weekday()]} {text}"


def parse_instants(text: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Several, parted by semicolons."""
    return tuple(parse_instant(one.strip(), zone) for one in text.split(";") if one.strip())


def parse_consents(text: str, zone: ZoneInfo, asked: Scope) -> tuple[ActiveConsent, ...]:
    """Consents, parted by semicolons: `GIVEN .. UNTIL on CHANNEL for TOPIC by import`.

    Only when it was given is needed. The channel and purpose are those asked for unless it says
    another channel; without a topic it is for all.
    """
    return tuple(_consent(one.strip(), zone, asked) for one in text.split(";") if one.strip())


def parse_suppressions(text: str, zone: ZoneInfo, asked: Scope) -> tuple[ActiveSuppression, ...]:
    """Stops, parted by semicolons: `REASON on CHANNEL for TOPIC @ SINCE .. END`.

    Only reason and date are needed; `on` also takes `profiling` and `sharing`. Without it, it is of
    the channel, or the purpose without one, that is asked for.
    """
    return tuple(_stop(one.strip(), zone, asked) for one in text.split(";") if one.strip())


def _consent(text: str, zone: ZoneInfo, asked: Scope) -> ActiveConsent:
    found = _CONSENT.fullmatch(text)
    if found is None:
        raise ValueError("write a consent like 2026-06-01 10:00 .. 2026-12-01 10:00 for offers")
    channel = Channel(found["on"]) if found["on"] else asked.channel
    return ActiveConsent(
        scope=Scope(channel=channel, purpose=asked.purpose, topic=found["topic"] or ""),
        given_at=parse_instant(found["given"], zone),
        until=parse_instant(found["until"], zone) if found["until"] else None,
        lifts=not found["imported"],
    )


def _stop(text: str, zone: ZoneInfo, asked: Scope) -> ActiveSuppression:
    found = _STOP.fullmatch(text)
    if found is None:
        raise ValueError("write a stop like objection on sms @ 2026-11-01 10:00")
    since = parse_instant(found["since"], zone)
    return ActiveSuppression(
        scope=_scope(Reason(found["reason"]), found["on"], found["topic"] or "", asked),
        reason=Reason(found["reason"]),
        since=since,
        last_occurred_at=since,
        expires_at=parse_instant(found["until"], zone) if found["until"] else None,
    )


def _scope(reason: Reason, on: str | None, topic: str, asked: Scope) -> Scope:
    if reason.covers_everything:
        return Scope(channel=None, purpose=None)
    if on in {Purpose.PROFILING, Purpose.SHARING}:
        return Scope(channel=None, purpose=Purpose(on))
    channel = Channel(on) if on else asked.channel
    purpose = Purpose.MARKETING if channel else asked.purpose
    return Scope(channel=channel, purpose=purpose, topic=topic)
