"""The proof of a consent as a document for the person who gave it.

See code de la consommation R223-1 and R223-2, and docs/rules.md#t2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from suppression.domain.consents.model import Consent
from suppression.domain.vocabulary import Channel, ConsentState, GivenBy, Purpose


class Language(StrEnum):
    """A language of the texts that persons receive."""

    FR = "fr"
    EN = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentDocument:
    """The content of the document that proves a consent to the person who gave it.

    `zone` is the IANA time zone in which dates are written. `topic` is the topic's name, '' for all
    topics. `ends_at` is when the consent ends or ended, None if it has no end.
    """

    company: str
    zone: str
    consent: Consent
    topic: str
    state: ConsentState
    ends_at: datetime | None


def document_text(document: ConsentDocument, language: Language) -> str:
    """Return the document as plain text in a language, without the person's name or address.

    The service stores no name or address with a consent.
    """
    lines = _french(document) if language is Language.FR else _english(document)
    return "\n".join(lines) + "\n"


def _french(document: ConsentDocument) -> list[str]:
    """Return the lines of the document in French."""
    consent, proof = document.consent, document.consent.proof
    about_topic = f", au sujet de : {document.topic}" if document.topic else ""
    return [
        f"Consentement donné à {document.company}",
        "",
        f"À qui : {document.company}",
        f"Pour quoi : {_subject_matter(consent, _FRENCH_PURPOSES)}{about_topic}",
        f"Donné le : {_format_instant(consent.given_at, document.zone, 'à')}",
        f"Comment : {_FRENCH_WAYS[proof.given_by]}",
        f"Recueilli par : {proof.collected_by}",
        f"Référence de la preuve : {proof.evidence}",
        f"Durée : {_french_period(document)}",
        "",
        "Le texte auquel la personne a consenti :",
        "",
        proof.wording,
        "",
        (
            "Ce consentement peut être retiré à tout moment, sans frais et sans motif, par tout"
            " moyen, y compris oralement : par exemple en le disant lors d'un appel."
        ),
        "Il n'est jamais renouvelé tacitement.",
        (
            "Ce registre ne conserve ni nom, ni adresse, ni numéro : la personne est reconnue à une"
            " empreinte chiffrée de ce qu'elle indique."
        ),
        f"Numéro de ce consentement : {consent.record_id.hex()}",
    ]


def _english(document: ConsentDocument) -> list[str]:
    """Return the lines of the document in English."""
    consent, proof = document.consent, document.consent.proof
    about_topic = f", about: {document.topic}" if document.topic else ""
    return [
        f"Consent given to {document.company}",
        "",
        f"To whom: {document.company}",
        f"For what: {_subject_matter(consent, _ENGLISH_PURPOSES)}{about_topic}",
        f"Given on: {_format_instant(consent.given_at, document.zone, 'at')}",
        f"How: {_ENGLISH_WAYS[proof.given_by]}",
        f"Collected by: {proof.collected_by}",
        f"Reference of the proof: {proof.evidence}",
        f"Period: {_english_period(document)}",
        "",
        "The text that the person consented to:",
        "",
        proof.wording,
        "",
        (
            "This consent can be withdrawn at any time, free of charge and without a reason, by any"
            " means, also orally: for example by saying so in a call."
        ),
        "It is never renewed tacitly.",
        (
            "This register keeps no name, address or number: the person is recognised by a keyed"
            " fingerprint of what they tell."
        ),
        f"Number of this consent: {consent.record_id.hex()}",
    ]


def _subject_matter(consent: Consent, words: dict[Channel | Purpose, str]) -> str:
    """Return the entry of `words` for the channel of a consent, else for its purpose."""
    return words[consent.scope.channel or consent.scope.purpose or Purpose.MARKETING]


def _format_instant(instant: datetime, zone: str, preposition: str) -> str:
    """Format an instant as local time of `zone`: French if `preposition` is `à`, ISO if `at`."""
    local = instant.astimezone(ZoneInfo(zone))
    date_format = "%d/%m/%Y" if preposition == "à" else "%Y-%m-%d"
    return f"{local.strftime(date_format)} {preposition} {local.strftime('%H:%M')} ({zone})"


def _french_period(document: ConsentDocument) -> str:
    """Return the period of a consent in French words."""
    if document.ends_at is None:
        return "jusqu'à son retrait"
    end = _format_instant(document.ends_at, document.zone, "à")
    return f"{_FRENCH_ENDS[document.state]} {end}"


def _english_period(document: ConsentDocument) -> str:
    """Return the period of a consent in English words."""
    if document.ends_at is None:
        return "until it is withdrawn"
    end = _format_instant(document.ends_at, document.zone, "at")
    return f"{_ENGLISH_ENDS[document.state]} {end}"


_FRENCH_ENDS = {
    ConsentState.IN_FORCE: "jusqu'au",
    ConsentState.ENDED: "terminé le",
    ConsentState.WITHDRAWN: "retiré le",
    ConsentState.WRONG_PERSON: "annulé (autre personne) le",
    ConsentState.STOP_RELEASED: "retiré par une opposition, clos le",
}
_ENGLISH_ENDS = {
    ConsentState.IN_FORCE: "until",
    ConsentState.ENDED: "ended on",
    ConsentState.WITHDRAWN: "withdrawn on",
    ConsentState.WRONG_PERSON: "ended (another person) on",
    ConsentState.STOP_RELEASED: "withdrawn by an objection, closed on",
}
_FRENCH_PURPOSES: dict[Channel | Purpose, str] = {
    Channel.EMAIL: "prospection par courrier électronique",
    Channel.SMS: "prospection par SMS",
    Channel.TELEPHONE: "démarchage téléphonique",
    Channel.POST: "prospection par courrier postal",
    Purpose.PROFILING: "profilage",
    Purpose.SHARING: "transmission des coordonnées à des partenaires",
}
_ENGLISH_PURPOSES: dict[Channel | Purpose, str] = {
    Channel.EMAIL: "marketing by e-mail",
    Channel.SMS: "marketing by SMS",
    Channel.TELEPHONE: "marketing by telephone",
    Channel.POST: "marketing by post",
    Purpose.PROFILING: "profiling",
    Purpose.SHARING: "passing contact details on to partners",
}
_FRENCH_WAYS = {
    GivenBy.WEB_FORM: "formulaire en ligne",
    GivenBy.PAPER_FORM: "formulaire papier",
    GivenBy.EMAIL: "courrier électronique",
    GivenBy.SMS: "SMS",
    GivenBy.TELEPHONE: "par téléphone",
    GivenBy.IN_PERSON: "en personne",
}
_ENGLISH_WAYS = {
    GivenBy.WEB_FORM: "web form",
    GivenBy.PAPER_FORM: "paper form",
    GivenBy.EMAIL: "e-mail",
    GivenBy.SMS: "SMS",
    GivenBy.TELEPHONE: "by telephone",
    GivenBy.IN_PERSON: "in person",
}
