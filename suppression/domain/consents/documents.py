"""The proof of a consent as a document for the person who gave it (R223-1, R223-2).

See docs/rules.md#t2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from suppression.domain.consents.model import Consent
from suppression.domain.vocabulary import Channel, ConsentState, GivenBy, Purpose


class Language(StrEnum):
    """The languages that people are written to in."""

    FR = "fr"
    EN = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentDocument:
    """All that a document says. `topic` is the topic's name; '' for everything."""

    company: str
    zone: str
    consent: Consent
    topic: str
    state: ConsentState
    ends_at: datetime | None


def document_text(about: ConsentDocument, language: Language) -> str:
    """The document, as plain text. It names no person: no address or number is kept."""
    made = _french(about) if language is Language.FR else _english(about)
    return "\n".join(made) + "\n"


def _french(about: ConsentDocument) -> list[str]:
    consent, proof = about.consent, about.consent.proof
    about_topic = f", au sujet de : {about.topic}" if about.topic else ""
    return [
        f"Consentement donné à {about.company}",
        "",
        f"À qui : {about.company}",
        f"Pour quoi : {_for_what(consent, _FRENCH_WISHES)}{about_topic}",
        f"Donné le : {_moment(consent.given_at, about.zone, 'à')}",
        f"Comment : {_FRENCH_WAYS[proof.given_by]}",
        f"Recueilli par : {proof.collected_by}",
        f"Référence de la preuve : {proof.evidence}",
        f"Durée : {_french_period(about)}",
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


def _english(about: ConsentDocument) -> list[str]:
    consent, proof = about.consent, about.consent.proof
    about_topic = f", about: {about.topic}" if about.topic else ""
    return [
        f"Consent given to {about.company}",
        "",
        f"To whom: {about.company}",
        f"For what: {_for_what(consent, _ENGLISH_WISHES)}{about_topic}",
        f"Given on: {_moment(consent.given_at, about.zone, 'at')}",
        f"How: {_ENGLISH_WAYS[proof.given_by]}",
        f"Collected by: {proof.collected_by}",
        f"Reference of the proof: {proof.evidence}",
        f"Period: {_english_period(about)}",
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


def _for_what(consent: Consent, words: dict[Channel | Purpose, str]) -> str:
    return words[consent.scope.channel or consent.scope.purpose or Purpose.MARKETING]


def _moment(moment: datetime, zone: str, at: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    written = "%d/%m/%Y" if at == "à" else "%Y-%m-%d"
    return f"{local.strftime(written)} {at} {local.strftime('%H:%M')} ({zone})"


def _french_period(about: ConsentDocument) -> str:
    if about.ends_at is None:
        return "jusqu'à son retrait"
    end = _moment(about.ends_at, about.zone, "à")
    return f"{_FRENCH_ENDS[about.state]} {end}"


def _english_period(about: ConsentDocument) -> str:
    if about.ends_at is None:
        return "until it is withdrawn"
    return f"{_ENGLISH_ENDS[about.state]} {_moment(about.ends_at, about.zone, 'at')}"


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
_FRENCH_WISHES: dict[Channel | Purpose, str] = {
    Channel.EMAIL: "prospection par courrier électronique",
    Channel.SMS: "prospection par SMS",
    Channel.TELEPHONE: "démarchage téléphonique",
    Channel.POST: "prospection par courrier postal",
    Purpose.PROFILING: "profilage",
    Purpose.SHARING: "transmission des coordonnées à des partenaires",
}
_ENGLISH_WISHES: dict[Channel | Purpose, str] = {
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
