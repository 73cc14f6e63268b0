"""Words of exports for channels, reasons and ways of consenting, in French and English.

All words are in lower case, without accents.
"""

from __future__ import annotations

from suppression.domain.vocabulary import Channel, GivenBy, Reason

EVERY_CHANNEL = frozenset({"all", "tous", "toutes", "tout"})
CHANNEL_OF_WORD = {
    word: channel
    for channel, words in {
        Channel.EMAIL: "email|e mail|mail|courriel|emailing|courrier electronique",
        Channel.SMS: "sms|texto|rcs",
        Channel.TELEPHONE: "telephone|tel|phone|appel|appels|call|calls|voice",
        Channel.POST: "post|postal|courrier|courrier postal|mailing postal|letter",
    }.items()
    for word in words.split("|")
}
GIVEN_BY_OF_WORD = {
    word: way
    for way, words in {
        GivenBy.WEB_FORM: "web form|web|site|site web|internet|formulaire web|formulaire en ligne"
        "|website|online",
        GivenBy.PAPER_FORM: "paper form|paper|papier|formulaire papier|coupon",
        GivenBy.EMAIL: "email|e mail|mail|courriel",
        GivenBy.SMS: "sms|texto",
        GivenBy.TELEPHONE: "telephone|phone|appel|call|par telephone",
        GivenBy.IN_PERSON: "in person|en personne|salon|magasin|agence|oral|face a face",
    }.items()
    for word in words.split("|")
}
REASON_OF_WORD = {
    word: reason
    for reason, words in {
        Reason.OBJECTION: "objection|opposition|oppose|opposee|refus|opt out|optout|opted out"
        "|do not contact|do not call|ne pas contacter|ne plus contacter|ne pas appeler",
        Reason.UNSUBSCRIBE: "unsubscribe|unsubscribed|unsub|desabonne|desabonnee|desabonnement"
        "|desinscrit|desinscrite|desinscription|list unsubscribe|global unsubscribe"
        "|unsubscribedviaemail|unsubscribedviaapi|unsubscribedviama",
        Reason.CONSENT_WITHDRAWN: "consent withdrawn|withdrawn|consentement retire"
        "|retrait du consentement|retrait de consentement|retrait consentement",
        Reason.COMPLAINT: "complaint|complained|complaints|plainte|reclamation|spam|spam complaint"
        "|spam report|spamreport|abuse|marked as spam|signale comme spam|contactflaggedasspam",
        Reason.STOP_KEYWORD: "stop keyword|stop|stop sms|sms stop|mot cle stop|reponse stop",
        Reason.UNDELIVERABLE: "undeliverable|bounce|bounced|bounces|hard bounce|hardbounce"
        "|hard bounced|hard|hard bounces|soft bounce|softbounce|soft|blocked|invalid"
        "|invalid email|cleaned|npai|adresse invalide|numero invalide|non distribuable|erreur",
        Reason.RESTRICTION: "restriction|limitation|limitation du traitement|restricted",
        Reason.DECEASED: "deceased|dead|decede|decedee|deces",
        Reason.IMPORTED: "imported|import|importe|importee|blacklist|blacklisted|blocklisted"
        "|liste noire|suppressed|suppression|manual|manuel|adminblocked",
    }.items()
    for word in words.split("|")
}
"""The reason for each word of an export.

A row with an unknown word still stops the person, by its column of yes and no (REASON_OF_FLAG) or
else with the import's own reason. "other" and the answers of Mailchimp's survey (NORMAL, NOSIGNUP)
are such words.
"""
WORDS_FOR_NO = frozenset({"", "0", "false", "no", "non", "faux", "n"})
"""The texts that mean no in a column of yes and no; any other text means yes."""
REASON_OF_FLAG = {
    "complained": Reason.COMPLAINT,
    "unsubscribed": Reason.UNSUBSCRIBE,
    "bounced": Reason.UNDELIVERABLE,
    "bounced_elsewhere": Reason.UNDELIVERABLE,
}
"""The reason for each column of yes and no. If several say yes, the first one here counts."""
