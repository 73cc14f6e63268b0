"""Settings, derived keys and state that all use cases of a process share."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from suppression.adapters.crypto.case_cipher import CaseCipher
from suppression.adapters.crypto.link_signer import LinkSigner
from suppression.adapters.observability.clock_watch import ClockWatch
from suppression.adapters.observability.service_check_counter import ServiceCheckCounter
from suppression.domain.calendar.locations import UNKNOWN_LOCATION
from suppression.domain.controllers.model import ControllerIdentity
from suppression.domain.identifiers.cleaning import TraceCallback, silent
from suppression.domain.identifiers.fingerprints import ControllerKeys, Subject, controller_keys
from suppression.domain.identifiers.mail_domain.parsing import domain_identifier
from suppression.domain.identifiers.match_keys import DOMAIN_SCHEME, Value
from suppression.domain.identifiers.parsing import parse_identifier
from suppression.domain.identifiers.partner_schemes import schemes_for
from suppression.domain.identifiers.phone.locations import location_of_territory
from suppression.domain.vocabulary import Kind
from suppression.settings import Settings
from suppression.usecases.write_watch import WriteWatch


@dataclass(frozen=True, slots=True)
class Services:
    """The settings, clock, keys and watches of a process; wiring builds this object once.

    Threads share it. `schema_head` is the number of the newest migration that this code has;
    `derived` caches each controller's keys by its slug.
    """

    settings: Settings
    schema_head: str
    clock: Callable[[], datetime]
    """The machine's clock. Most code below the entry points is given the time instead."""
    links: LinkSigner
    cipher: CaseCipher
    undos: LinkSigner
    """Signs the tokens that let a person undo their own click; `links` does not accept them, nor
    does `undos` accept a link."""
    clock_watch: ClockWatch = field(default_factory=ClockWatch)
    start_verified: threading.Event = field(default_factory=threading.Event)
    writes: WriteWatch = field(default_factory=WriteWatch)
    service_check_counter: ServiceCheckCounter = field(default_factory=ServiceCheckCounter)
    derived: dict[str, ControllerKeys] = field(default_factory=dict, repr=False)
    identities: dict[int, ControllerIdentity] = field(default_factory=dict)
    """The controllers that API keys have named, by number; only what never changes is kept."""

    def keys_of(self, controller: ControllerIdentity) -> ControllerKeys:
        """Return the controller's own keys, derived at the first call and cached from then on."""
        keys = self.derived.get(controller.slug)
        if keys is None:
            keys = controller_keys(controller.slug, self.settings.master_keys)
            self.derived[controller.slug] = keys
        return keys

    def subject(  # noqa: PLR0913 - how a value is to be read
        self,
        controller: ControllerIdentity,
        kind: Kind,
        value: Value,
        *,
        country: str | None = None,
        partner_digests: bool = False,
        consent: bool = False,
        note: TraceCallback = silent,
    ) -> Subject:
        """Return the subject of an identifier: its fingerprints, and a telephone number's location.

        `country` (ISO 3166-1) is that of a national number or of an address that names none; None
        is the controller's, or unknown for a hash. `partner_digests`: whether a digest in a
        partner's scheme is accepted, as for stops, not for checks. `consent`: whether to add the
        fingerprint of a recipient's whole first name, which consents need. `note` is called after
        each step. Raises IdentifierParseError for an invalid value.
        """
        schemes = schemes_for(kind, controller.schemes)
        domains = kind is Kind.EMAIL and DOMAIN_SCHEME in controller.schemes
        identifier = parse_identifier(
            kind,
            value,
            region=country or controller.country,
            schemes=schemes,
            domains=domains,
            partner_digests=partner_digests,
            consent=consent,
            note=note,
        )
        subject = self.keys_of(controller).subject(identifier)
        if not identifier.hashed:
            return subject
        return _of_digest(subject, country, partners=bool(schemes), domains=domains)

    def mail_domain(
        self, controller: ControllerIdentity, text: str, *, to_stop: bool = False
    ) -> Subject:
        """Return the subject of a whole mail domain, for a stop, a search or a release of it.

        Raises IdentifierParseError for a text that is no domain; with `to_stop` also for a domain
        that no stop may name.
        """
        return self.keys_of(controller).subject(domain_identifier(text, to_stop=to_stop))


def _of_digest(subject: Subject, country: str | None, *, partners: bool, domains: bool) -> Subject:
    """Return the subject of a digest, with its location and what it cannot be looked up in.

    `partners`: whether the controller has partners' lists of its kind in other schemes; `domains`:
    whether it is of an e-mail address, and the controller has stopped mail domains. Only the
    caller's `country` locates a hashed number, never the controller's country.
    """
    located = country if subject.kind is Kind.PHONE else None
    place = location_of_territory(located) if located else UNKNOWN_LOCATION
    return dataclasses.replace(
        subject, partners_unasked=partners, domains_unasked=domains, place=place
    )
