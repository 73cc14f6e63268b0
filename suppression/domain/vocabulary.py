"""The vocabulary as enumerations: code, API and pages share these words.

The database stores some of them as codes (`suppression/storage/engine/enum_codes.py`).
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kind of an identifier."""

    EMAIL = "email"
    PHONE = "phone"
    POSTAL = "postal"


class Channel(StrEnum):
    """A channel on which a person is contacted. Each takes one kind of identifier."""

    EMAIL = "email"
    SMS = "sms"
    TELEPHONE = "telephone"
    POST = "post"

    @property
    def kind(self) -> Kind:
        """The kind of identifier this channel takes.

        >>> Channel.SMS.kind
        <Kind.PHONE: 'phone'>
        """
        return _KIND_OF_CHANNEL[self]


_KIND_OF_CHANNEL = {
    Channel.EMAIL: Kind.EMAIL,
    Channel.SMS: Kind.PHONE,
    Channel.TELEPHONE: Kind.PHONE,
    Channel.POST: Kind.POSTAL,
}


def channels_of(kind: Kind) -> tuple[Channel, ...]:
    """Return every channel that takes this kind, in the order of the enumeration.

    >>> [str(channel) for channel in channels_of(Kind.PHONE)]
    ['sms', 'telephone']
    """
    return tuple(channel for channel in Channel if channel.kind is kind)


class Purpose(StrEnum):
    """The purpose of a contact or of other use of an identifier."""

    MARKETING = "marketing"
    SERVICE = "service"
    PROFILING = "profiling"
    SHARING = "sharing"

    @property
    def has_channel(self) -> bool:
        """Whether this purpose is about contacts on a channel; profiling and sharing are not.

        >>> Purpose.SHARING.has_channel
        False
        """
        return self in {Purpose.MARKETING, Purpose.SERVICE}


class Reason(StrEnum):
    """The reason of a suppression. DOMAIN: a company asked it for its whole mail domain."""

    OBJECTION = "objection"
    UNSUBSCRIBE = "unsubscribe"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    COMPLAINT = "complaint"
    STOP_KEYWORD = "stop_keyword"
    UNDELIVERABLE = "undeliverable"
    RESTRICTION = "restriction"
    DECEASED = "deceased"
    IMPORTED = "imported"
    DOMAIN = "domain"

    @property
    def covers_everything(self) -> bool:
        """Whether a stop with this reason denies every channel and purpose of its identifier.

        For a restriction, see GDPR Art. 18.
        """
        return self in {Reason.RESTRICTION, Reason.DECEASED}

    @property
    def may_expire(self) -> bool:
        """Whether a stop with this reason may have an end."""
        return self in {Reason.UNDELIVERABLE, Reason.IMPORTED}

    @property
    def must_be_named_to_release(self) -> bool:
        """Whether a release ends a stop with this reason only if the caller names the reason.

        See docs/architecture.md#suppressions.
        """
        return self.covers_everything or self in {Reason.OBJECTION, Reason.COMPLAINT, Reason.DOMAIN}


class Evidence(StrEnum):
    """The way a stop reached the service. REOPENING: its person reopened what a click closed."""

    ONE_CLICK = "one_click"
    LINK_PAGE = "link_page"
    PUBLIC_FORM = "public_form"
    DPO = "dpo"
    API = "api"
    IMPORT = "import"
    INBOUND = "inbound"
    REOPENING = "reopening"

    @property
    def is_click(self) -> bool:
        """Whether the stop came by a link in an e-mail, so that such a link may undo it."""
        return self is Evidence.ONE_CLICK or self is Evidence.LINK_PAGE


STOP_EVIDENCE = frozenset(Evidence) - {Evidence.REOPENING}
"""The kinds of evidence that a stop may have: all but a reopening."""


class Basis(StrEnum):
    """The lawful basis of an allow."""

    NO_OBJECTION = "no_objection"
    CONSENT = "consent"
    CUSTOMER = "customer"
    CONTRACT = "contract"
    APPOINTMENT = "appointment"


ATTESTABLE = frozenset(Basis) - {Basis.NO_OBJECTION}
"""The lawful bases that a caller may state without a record of them in this service."""


class Decision(StrEnum):
    """The decision of a check. `unknown` means do not send."""

    ALLOW = "allow"
    DENY = "deny"
    UNKNOWN = "unknown"


class Rule(StrEnum):
    """The rule of a policy: whether consumers may be contacted without a consent or other basis.

    `opt_out`: they may until they object. `opt_in`: they may not.
    """

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"


class Preset(StrEnum):
    """The presets of policies that a controller can start from."""

    OBJECTION_ONLY = "objection-only"
    FR_2026 = "fr-2026"


class Audience(StrEnum):
    """The audience of a contact. A caller who is unsure sends `consumer` (docs/rules.md#t7)."""

    CONSUMER = "consumer"
    PROFESSIONAL = "professional"


class Sector(StrEnum):
    """The sector of a controller, as far as the law distinguishes sectors (docs/rules.md#t4)."""

    GENERAL = "general"
    HOME_ENERGY = "home_energy"
    HOME_ADAPTATION = "home_adaptation"

    @property
    def closed(self) -> bool:
        """Whether calls to consumers, even with consent, are forbidden, except under a contract.

        `fr-2026` closes e-mail and SMS too, on which sources differ (docs/rules.md#t4).
        Code de la consommation L223-1 al. 5: renovation of homes for energy, renewable energy,
        adaptation of homes to age or handicap.

        >>> Sector.GENERAL.closed, Sector.HOME_ENERGY.closed
        (False, True)
        """
        return self is not Sector.GENERAL


class GivenBy(StrEnum):
    """The way in which a consent was given."""

    WEB_FORM = "web_form"
    PAPER_FORM = "paper_form"
    EMAIL = "email"
    SMS = "sms"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


class ContactOutcome(StrEnum):
    """The outcome of a call."""

    REFUSED = "refused"
    STOP = "stop"
    WRONG_PERSON = "wrong_person"
    CALLBACK = "callback"


class ContactEvent(StrEnum):
    """The kind of an event of an earlier call, which later checks of the number consider."""

    ATTEMPT = "attempt"
    REFUSED = "refused"
    CALLBACK = "callback"


class ConsentEnd(StrEnum):
    """The reason why a consent ended early."""

    WITHDRAWN = "withdrawn"
    WRONG_PERSON = "wrong_person"
    STOP_RELEASED = "stop_released"


class ConsentState(StrEnum):
    """The state of a consent on record at an instant.

    `ended`: it ran to its end. `withdrawn`, `wrong_person` and `stop_released` say why it ended
    early.
    """

    IN_FORCE = "in_force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    WRONG_PERSON = "wrong_person"
    STOP_RELEASED = "stop_released"


class EntryType(StrEnum):
    """The type of a ledger entry."""

    STOP = "stop"
    REPEATED = "repeated"
    EXTENDED = "extended"
    RELEASE = "release"
    CONSENT = "consent"
    CONSENT_ENDING = "consent_ending"
    CONSENT_ENDED = "consent_ended"
    PROOF_PURGED = "proof_purged"
    POLICY = "policy"
    ATTEMPT = "attempt"
    REFUSED = "refused"
    CALLBACK = "callback"
    LOOKED_UP = "looked_up"
    SIGNED_IN = "signed_in"
    USER_CHANGED = "user_changed"
    REVIEWED = "reviewed"
    IMPORT_CHANGED = "import_changed"


class ReleaseWhy(StrEnum):
    """The reason of a release of a suppression."""

    PERSON_ASKED = "person_asked"
    MISTAKE = "mistake"
    REASSIGNED = "reassigned"


class ClientClass(StrEnum):
    """The class of the program that sent a request: recorded, but without effect on the answer."""

    BROWSER = "browser"
    PROVIDER = "provider"
    SCANNER = "scanner"


class ApiScope(StrEnum):
    """A scope of an API key: a permission to make certain calls."""

    CHECK = "check"
    ATTEST = "attest"
    SERVICE = "service"
    SUPPRESS = "suppress"
    RELEASE = "release"
    LINKS = "links"
    CONSENT = "consent"
    IMPORT = "import"
    FEED = "feed"
    CASES = "cases"
    AUDIT = "audit"
    ADMIN = "admin"
