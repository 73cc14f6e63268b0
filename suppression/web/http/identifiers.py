"""Convert the identifiers of a request to fingerprints, for layers that see no identifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suppression.domain.controllers.model import Controller
from suppression.domain.errors import (
    FieldError,
    IdentifierParseError,
    InvalidIdentifiersError,
    InvalidValueError,
)
from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.identifiers.match_keys import Digest, Value
from suppression.domain.suppressions.kinds import StopKind
from suppression.domain.suppressions.scopes import RequestedScope
from suppression.domain.vocabulary import Channel, Kind
from suppression.web.http.context import services
from suppression.web.schemas.suppressions import ALL


def parse_value(body: Mapping[str, Any], *, field: str, pointer: str = "") -> Value:
    """Return the identifier in `field` of a body, or in its `sha256` and `scheme` as a Digest.

    Raises InvalidValueError if the body has both fields or neither, or a scheme without `sha256`.
    `pointer` is the JSON pointer (RFC 6901) of the body in the request, '' for the whole request.
    """
    if (field in body) == ("sha256" in body):
        detail = f"Send either `{field}` or `sha256`."
        raise InvalidValueError.at(f"{pointer}/{field}", detail)
    if "scheme" in body and "sha256" not in body:
        detail = "Remove this: a scheme belongs to `sha256`."
        raise InvalidValueError.at(f"{pointer}/scheme", detail)
    if field in body:
        value: Value = body[field]
        return value
    return Digest(text=body["sha256"], scheme=body.get("scheme", "plain"))


def searched_channel(body: Mapping[str, Any]) -> Channel | None:
    """Return the channel in the body of a search; None for all channels.

    Raises InvalidValueError if the channel does not take identifiers of the search's kind.
    """
    channel: Channel | None = body.get("channel")
    if channel and channel.kind is not StopKind(body["kind"]).kind:
        raise InvalidValueError.at("/channel", f"Send a channel that takes {body['kind']}.")
    return channel


def parse_subjects(
    controller: Controller,
    identifiers: Sequence[Mapping[str, Any]],
    *,
    consent: bool = False,
    to_stop: bool = False,
) -> tuple[Subject, ...]:
    """Return each identifier of a request as fingerprints, in the order of the request.

    A hash may be in a partner's scheme. `consent` adds to a postal address the fingerprint with the
    whole first name, under which consents are stored; `to_stop` refuses a mail domain that no stop
    may name. Raises InvalidIdentifiersError, which lists
    every identifier that cannot be parsed; InvalidValueError for an identifier with both `value`
    and `sha256`, with neither, or with a `scheme` but no `sha256`.
    """
    subjects, faults = [], []
    for index, identifier in enumerate(identifiers):
        pointer = f"/identifiers/{index}"
        value = parse_value(identifier, field="value", pointer=pointer)
        try:
            subjects.append(
                _subject(
                    controller,
                    identifier,
                    value,
                    partner_digests=True,
                    consent=consent,
                    to_stop=to_stop,
                )
            )
        except IdentifierParseError as error:
            place = "sha256" if isinstance(value, Digest) else "value"
            faults.append(FieldError(pointer=f"{pointer}/{place}", detail=error.detail))
    if faults:
        raise InvalidIdentifiersError(faults=tuple(faults))
    return tuple(subjects)


def parse_subject(
    controller: Controller,
    body: Mapping[str, Any],
    *,
    partner_digests: bool = False,
    consent: bool = False,
) -> Subject:
    """Return the fingerprints of the identifier in `identifier` or `sha256` of a body.

    `partner_digests` accepts a hash in a partner's scheme. `consent` adds to a postal address the
    fingerprint with the whole first name, under which consents are stored. Raises
    InvalidIdentifiersError if the identifier cannot be parsed; InvalidValueError if the body has
    both fields or neither, or a `scheme` without `sha256`.
    """
    value = parse_value(body, field="identifier")
    try:
        return _subject(controller, body, value, partner_digests=partner_digests, consent=consent)
    except IdentifierParseError as error:
        field = "sha256" if isinstance(value, Digest) else "identifier"
        fault = FieldError(pointer=f"/{field}", detail=error.detail)
        raise InvalidIdentifiersError(error.detail, faults=(fault,)) from None


def _subject(
    controller: Controller,
    body: Mapping[str, Any],
    value: Value,
    *,
    partner_digests: bool,
    consent: bool,
    to_stop: bool = False,
) -> Subject:
    """Return the fingerprints of a value, whose `kind` and `country` are in the body.

    Raises IdentifierParseError for a value that cannot be parsed, for a mail domain's digest and,
    with `to_stop`, for a mail domain that no stop may name.
    """
    kind: Kind | StopKind = body["kind"]
    if kind is StopKind.DOMAIN:
        if not isinstance(value, str):
            raise IdentifierParseError("wrong_kind", "Send the domain itself, as a string.")
        return services().mail_domain(controller, value, to_stop=to_stop)
    return services().subject(
        controller,
        Kind(kind),
        value,
        country=body.get("country"),
        partner_digests=partner_digests,
        consent=consent,
    )


def parse_requested_scope(body: Mapping[str, Any]) -> RequestedScope:
    """Return the channels, purpose and topic in a body that its schema loaded.

    Channels and purpose are None, and the topic is '', if the body does not name them. For "all",
    `channels` is None too, and `all_channels` is true.
    """
    channels = body.get("channels")
    return RequestedScope(
        channels=None if channels == ALL else channels,
        all_channels=channels == ALL,
        purpose=body.get("purpose"),
        topic=body.get("topic", ""),
    )
