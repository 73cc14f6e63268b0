"""How exports write why somebody is stopped, in French and English, without accents and case."""

from __future__ import annotations

from suppression.domain.vocabulary import Reason

REASON_OF_WORD = {
    word: reason
    for reason, words in {
        Reason.OBJECTION: "objection|opposition|oppose|opposee|refus|opt out|optout|opted out"
        "|do not contact|do not call|ne pas contacter|ne plus contacter|ne pas appeler",
        Reason.UNSUBSCRIBE: "unsubscribe|unsubscribed|unsub|desabonne|desabonnee|desabonnement"
        "|desinscrit|desinscrite|desinscription|list unsubscribe|global unsubscribe",
        Reason.CONSENT_WITHDRAWN: "consent withdrawn|withdrawn|consentement retire"
        "|retrait du consentement|retrait de consentement|retrait consentement",
        Reason.COMPLAINT: "complaint|complained|complaints|plainte|reclamation|spam|spam complaint"
        "|spam report|spamreport|abuse|marked as spam|signale comme spam",
        Reason.STOP_KEYWORD: "stop keyword|stop|stop sms|sms stop|mot cle stop|reponse stop",
        Reason.UNDELIVERABLE: "undeliverable|bounce|bounced|bounces|hard bounce|hardbounce"
        "|hard bounced|hard|hard bounces|soft bounce|softbounce|soft|blocked|invalid"
        "|invalid email|cleaned|npai|adresse invalide|numero invalide|non distribuable|erreur",
        Reason.RESTRICTION: "restriction|limitation|limitation du traitement|restricted",
        Reason.DECEASED: "deceased|dead|decede|decedee|deces",
        Reason.IMPORTED: "imported|import|importe|importee|blacklist|blacklisted|blocklisted"
        "|liste noire|suppressed|suppression|manual|manuel|autre|other|unknown|inconnu",
    }.items()
    for word in words.split("|")
}
"""A word that is not among them keeps nobody off the list: the import's own reason stands in."""
