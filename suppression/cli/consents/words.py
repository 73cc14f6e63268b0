"""How exports write ways of consenting, in French and English."""

from __future__ import annotations

from suppression.domain.vocabulary import GivenBy

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
