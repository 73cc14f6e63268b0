"""The notation of instants, consents and stops in tables of cases: readable, not ambiguous."""

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
_INSTANT = re.compile(r"(?:(?P<day>[A-Z][a-z]{2}) )?(?P<local>[0-9-]{10} [0-9:.]+)(?P<utc>Z)?")
_CONSENT = re.compile(
    rf"(?P<given>{_TIME})(?: \.\. (?P<until>{_TIME}))?"
    r"(?: on (?P<on>[a-z]+))?(?: for (?P<topic>[a-z0-9-]+))?(?P<imported> by import)?"
)
_STOP = re.compile(
    r"(?P<reason>[a-z_]+)(?: on (?P<on>[a-z]+))?(?: for (?P<topic>[a-z0-9-]+))?"
    rf" @ (?P<since>{_TIME})(?: \.\. (?P<until>{_TIME}))?"
)


def parse_instant(text: str, zone: ZoneInfo) -> datetime:
    """Parse a time, local to `zone` or in UTC with Z, to an aware datetime in UTC.

    Raise ValueError for any other text, for a weekday in front that is not that of the date, and
    for a local time that a clock change shows twice or never: that must be written in UTC.

    >>> parse_instant("Mon 2026-11-23 10:00", ZoneInfo("Europe/Paris")).isoformat()
    '2026-11-23T09:00:00+00:00'
    >>> parse_instant("2026-10-25 00:30:15Z", ZoneInfo("Europe/Paris")).isoformat()
    '2026-10-25T00:30:15+00:00'
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise ValueError("write a time like Mon 2026-11-23 10:00, or with Z for UTC")
    naive = datetime.fromisoformat(match["local"])
    candidates = [naive.replace(tzinfo=UTC if match["utc"] else zone, fold=fold) for fold in (0, 1)]
    try:
        instant, other = (instant.astimezone(UTC) for instant in candidates)
    except OverflowError:
        raise ValueError("write a time that has one in UTC") from None
    if instant != other:
        raise ValueError("clocks show this time twice or never; write it in UTC, with Z")
    if match["day"] and match["day"] != _DAYS[naive.weekday()]:
        raise ValueError(f"{match['local'][:10]} is a {_DAYS[naive.weekday()]}")
    return instant


def format_datetime(instant: datetime, zone: ZoneInfo) -> str:
    """Format an aware datetime as weekday, date and time in `zone`; seconds only if not zero.

    >>> format_datetime(datetime(2026, 11, 23, 9, tzinfo=UTC), ZoneInfo("Europe/Paris"))
    'Mon 2026-11-23 10:00'
    """
    local = instant.astimezone(zone)
    text = local.replace(tzinfo=None).isoformat(" ").removesuffix(":00")
    return f"{_DAYS[local.weekday()]} {text}"


def parse_instants(text: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Parse times, separated by semicolons, as `parse_instant` does; () for an empty text.

    Raise ValueError if one cannot be parsed.
    """
    return tuple(parse_instant(part.strip(), zone) for part in text.split(";") if part.strip())


def parse_consents(text: str, zone: ZoneInfo, check_scope: Scope) -> tuple[ActiveConsent, ...]:
    """Parse consents, separated by semicolons: `GIVEN .. UNTIL on CHANNEL for TOPIC by import`.

    Only GIVEN is required. The purpose is that of the check; without CHANNEL, so is the channel.
    Without TOPIC, the consent is for all topics. A consent `by import` overrides no stop. Times
    without Z are local to `zone`. Raise ValueError for any other text.
    """
    return tuple(
        _parse_consent(part.strip(), zone, check_scope) for part in text.split(";") if part.strip()
    )


def parse_suppressions(
    text: str, zone: ZoneInfo, check_scope: Scope
) -> tuple[ActiveSuppression, ...]:
    """Parse stops, separated by semicolons: `REASON on CHANNEL for TOPIC @ SINCE .. END`.

    Only REASON and SINCE are required; CHANNEL may also be `profiling` or `sharing`. Without
    CHANNEL, the stop has the channel of the check, or its purpose if the check has no channel. A
    stop on a channel is on marketing; `restriction` and `deceased` are on everything. Times without
    Z are local to `zone`. Raise ValueError for any other text.
    """
    return tuple(
        _parse_suppression(part.strip(), zone, check_scope)
        for part in text.split(";")
        if part.strip()
    )


def _parse_consent(text: str, zone: ZoneInfo, check_scope: Scope) -> ActiveConsent:
    """Parse one consent, such as `2026-06-01 10:00 .. 2026-12-01 10:00 for offers`.

    Times without Z are local to `zone`; `check_scope` gives the purpose, and the channel if the
    text names none. Raise ValueError for a text in another notation.
    """
    match = _CONSENT.fullmatch(text)
    if match is None:
        raise ValueError("write a consent like 2026-06-01 10:00 .. 2026-12-01 10:00 for offers")
    channel = Channel(match["on"]) if match["on"] else check_scope.channel
    return ActiveConsent(
        scope=Scope(channel=channel, purpose=check_scope.purpose, topic=match["topic"] or ""),
        given_at=parse_instant(match["given"], zone),
        until=parse_instant(match["until"], zone) if match["until"] else None,
        lifts=not match["imported"],
    )


def _parse_suppression(text: str, zone: ZoneInfo, check_scope: Scope) -> ActiveSuppression:
    """Parse one stop, such as `objection on sms @ 2026-11-01 10:00`.

    Times without Z are local to `zone`; `check_scope` gives what the text does not name. Raise
    ValueError for a text in another notation.
    """
    match = _STOP.fullmatch(text)
    if match is None:
        raise ValueError("write a stop like objection on sms @ 2026-11-01 10:00")
    since = parse_instant(match["since"], zone)
    return ActiveSuppression(
        scope=_suppression_scope(
            Reason(match["reason"]), match["on"], match["topic"] or "", check_scope
        ),
        reason=Reason(match["reason"]),
        since=since,
        last_occurred_at=since,
        expires_at=parse_instant(match["until"], zone) if match["until"] else None,
    )


def _suppression_scope(reason: Reason, on: str | None, topic: str, check_scope: Scope) -> Scope:
    """Return the scope of a stop; `on` is a channel, `profiling`, `sharing`, or None.

    Raise ValueError for any other `on`, unless the reason covers everything: then `on` is ignored.
    """
    if reason.covers_everything:
        return Scope(channel=None, purpose=None)
    if on in {Purpose.PROFILING, Purpose.SHARING}:
        return Scope(channel=None, purpose=Purpose(on))
    channel = Channel(on) if on else check_scope.channel
    purpose = Purpose.MARKETING if channel else check_scope.purpose
    return Scope(channel=channel, purpose=purpose, topic=topic)
