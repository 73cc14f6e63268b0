"""The words of the field, as enumerations: one spelling for code, API, pages and database."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What sort of identifier something is."""

    EMAIL = "email"
    PHONE = "phone"
    POSTAL = "postal"


class Channel(StrEnum):
    """A way of reaching a person. Each takes one kind of identifier."""

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
    """Every channel that takes this kind, in the order of the enumeration.

    >>> [str(channel) for channel in channels_of(Kind.PHONE)]
    ['sms', 'telephone']
    """
    return tuple(channel for channel in Channel if channel.kind is kind)


class Purpose(StrEnum):
    """Why somebody wants to use an identifier."""

    MARKETING = "marketing"
    SERVICE = "service"
    PROFILING = "profiling"
    SHARING = "sharing"

    @property
    def has_channel(self) -> bool:
        """Whether this purpose concerns a channel; profiling and sharing concern a kind.

        >>> Purpose.SHARING.has_channel
        False
        """
        return self in {Purpose.MARKETING, Purpose.SERVICE}


class Reason(StrEnum):
    """Why an identifier is suppressed."""

    OBJECTION = "objection"
    UNSUBSCRIBE = "unsubscribe"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    COMPLAINT = "complaint"
    STOP_KEYWORD = "stop_keyword"
    UNDELIVERABLE = "undeliverable"
    RESTRICTION = "restriction"
    DECEASED = "deceased"
    IMPORTED = "imported"

    @property
    def covers_everything(self) -> bool:
        """Whether it denies every channel and purpose of the identifier's kind (GDPR Art. 18)."""
        return self in {Reason.RESTRICTION, Reason.DECEASED}

    @property
    def may_expire(self) -> bool:
        """Whether a stop for this reason may carry an end."""
        return self in {Reason.UNDELIVERABLE, Reason.IMPORTED}

    @property
    def must_be_named_to_release(self) -> bool:
        """Whether a release takes it only when the caller names it.

        See docs/architecture.md#suppressions.
        """
        return self in {Reason.OBJECTION, Reason.COMPLAINT, Reason.RESTRICTION, Reason.DECEASED}


class Evidence(StrEnum):
    """How a stop reached us, or that its person opened again what a click had closed."""

    ONE_CLICK = "one_click"
    LINK_PAGE = "link_page"
    PUBLIC_FORM = "public_form"
    DPO = "dpo"
    API = "api"
    IMPORT = "import"
    INBOUND = "inbound"
    REOPENING = "reopening"


STOP_EVIDENCE = frozenset(Evidence) - {Evidence.REOPENING}
"""The evidence that a stop may carry."""


class Basis(StrEnum):
    """Why an allow is one."""

    NO_OBJECTION = "no_objection"
    CONSENT = "consent"
    CUSTOMER = "customer"
    CONTRACT = "contract"
    APPOINTMENT = "appointment"


ATTESTABLE = frozenset(Basis) - {Basis.NO_OBJECTION}
"""The bases that a caller may state and we do not hold."""


class Decision(StrEnum):
    """The answer to "may I?". `unknown` means do not send."""

    ALLOW = "allow"
    DENY = "deny"
    UNKNOWN = "unknown"


class Rule(StrEnum):
    """What a controller's policy starts from on a channel, for a purpose."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"


class Preset(StrEnum):
    """The policies that a controller can start from."""

    OBJECTION_ONLY = "objection-only"
    FR_2026 = "fr-2026"


class Audience(StrEnum):
    """Whom a contact is for. Unsure means consumer (docs/rules.md#t7)."""

    CONSUMER = "consumer"
    PROFESSIONAL = "professional"


class Sector(StrEnum):
    """What a controller sells, as far as the law tells trades apart (docs/rules.md#t4)."""

    GENERAL = "general"
    HOME_ENERGY = "home_energy"
    HOME_ADAPTATION = "home_adaptation"

    @property
    def closed(self) -> bool:
        """Whether consumers may not be solicited in it, consent or not, but under a contract.

        Code de la consommation L223-1 al. 5: renovation of homes for energy, renewable energy,
        adaptation of homes to age or handicap.

        >>> Sector.GENERAL.closed, Sector.HOME_ENERGY.closed
        (False, True)
        """
        return self is not Sector.GENERAL


class GivenBy(StrEnum):
    """How a consent was given."""

    WEB_FORM = "web_form"
    PAPER_FORM = "paper_form"
    EMAIL = "email"
    SMS = "sms"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


class ContactOutcome(StrEnum):
    """What came of a call."""

    REFUSED = "refused"
    STOP = "stop"
    WRONG_PERSON = "wrong_person"
    CALLBACK = "callback"


class ContactEvent(StrEnum):
    """What a check must know of earlier calls to a number."""

    ATTEMPT = "attempt"
    REFUSED = "refused"
    CALLBACK = "callback"


class ConsentEnd(StrEnum):
    """Why a consent ended before its time."""

    WITHDRAWN = "withdrawn"
    WRONG_PERSON = "wrong_person"
    STOP_RELEASED = "stop_released"


class ConsentState(StrEnum):
    """How a consent on record stands at a moment: in force, over in time, or why it ended."""

    IN_FORCE = "in_force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    WRONG_PERSON = "wrong_person"
    STOP_RELEASED = "stop_released"


class EntryType(StrEnum):
    """What a ledger entry records."""

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
    """Why a suppression is lifted."""

    PERSON_ASKED = "person_asked"
    MISTAKE = "mistake"
    REASSIGNED = "reassigned"


class ClientClass(StrEnum):
    """What sort of program sent a request. Noted, and never a ground to treat it otherwise."""

    BROWSER = "browser"
    PROVIDER = "provider"
    SCANNER = "scanner"


class ApiScope(StrEnum):
    """What an API key may do."""

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
