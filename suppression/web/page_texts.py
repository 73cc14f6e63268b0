"""The words of the recipient pages, in French and English."""

from __future__ import annotations

from collections.abc import Mapping

FR: Mapping[str, str] = {
    "title": "Se désinscrire",
    "heading": "Ne plus recevoir d’e-mails de {controller}",
    "topic_heading": "Ne plus recevoir « {topic} » de {controller}",
    "explain": "Un clic suffit : {controller} n’enverra plus d’e-mails commerciaux à l’adresse "
    "qui a reçu ce message.",
    "topic_explain": "Un clic suffit : {controller} n’enverra plus « {topic} » à l’adresse qui a "
    "reçu ce message.",
    "button": "Me désinscrire",
    "done_title": "C’est fait",
    "done": "{controller} n’enverra plus d’e-mails commerciaux à cette adresse.",
    "topic_done": "{controller} n’enverra plus « {topic} » à cette adresse.",
    "date": "%d/%m/%Y à %H:%M",
    "since": "Enregistré le {date} (UTC). Un message déjà parti peut encore arriver.",
    "forwarded": "Ce message vous a été transféré ? Fermez cette page : rien n’a changé.",
    "other_language": "English",
    "language": "Langue",
    "error_title": "Cela n’a pas marché",
    "again": "Revenir à la page",
    "unknown-link-title": "Ce lien ne fonctionne pas",
    "unknown-link": "Ce lien n’est pas reconnu : il a peut-être été coupé ou modifié en chemin. "
    "Ouvrez-le à nouveau depuis l’e-mail d’origine, ou répondez à cet e-mail en demandant "
    "à ne plus en recevoir.",
    "unconfirmed": "Rien n’a été enregistré. Revenez à la page et utilisez le bouton.",
    "rate-limited": "Trop de demandes sont venues de votre réseau. Attendez une minute, puis "
    "rechargez cette page.",
    "database-unavailable": "Votre demande n’a pas pu être enregistrée. Réessayez dans une minute.",
    "other": "Votre demande n’a pas pu être traitée. Réessayez depuis l’e-mail d’origine.",
}
EN: Mapping[str, str] = {
    "title": "Unsubscribe",
    "heading": "Stop e-mails from {controller}",
    "topic_heading": "Stop “{topic}” from {controller}",
    "explain": "One click is enough: {controller} will send no more marketing e-mails to the "
    "address that received this message.",
    "topic_explain": "One click is enough: {controller} will no longer send “{topic}” to the "
    "address that received this message.",
    "button": "Unsubscribe",
    "done_title": "Done",
    "done": "{controller} will send no more marketing e-mails to this address.",
    "topic_done": "{controller} will no longer send “{topic}” to this address.",
    "date": "%d %B %Y at %H:%M",
    "since": "Recorded on {date} (UTC). A message already on its way may still arrive.",
    "forwarded": "Was this message forwarded to you? Close this page: nothing has changed.",
    "other_language": "Français",
    "language": "Language",
    "error_title": "That did not work",
    "again": "Back to the page",
    "unknown-link-title": "This link does not work",
    "unknown-link": "This link is not recognised: it may have been cut or changed on its way. "
    "Open it again from the original e-mail, or reply to that e-mail and ask to receive no more.",
    "unconfirmed": "Nothing was stored. Go back to the page and use the button.",
    "rate-limited": "Too many requests came from your network. Wait a minute, then load this page "
    "again.",
    "database-unavailable": "Your request could not be stored. Please try again in a minute.",
    "other": "Your request could not be handled. Try again from the original e-mail.",
}
# No line ends within a word or before a French punctuation mark.
_UNBROKEN = {"e-mail": "e\u2011mail", " :": "\xa0:", " ?": "\xa0?", "« ": "«\xa0", " »": "\xa0»"}


def _typeset(text: str) -> str:
    r"""The text with the hyphens and spaces that hold together.

    >>> _typeset("Quel e-mail ?")
    'Quel e\u2011mail\xa0?'
    """
    for loose, unbroken in _UNBROKEN.items():
        text = text.replace(loose, unbroken)
    return text


TEXTS = {
    language: {name: _typeset(text) for name, text in texts.items()}
    for language, texts in (("fr", FR), ("en", EN))
}
