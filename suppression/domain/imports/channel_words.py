"""The words for channels in exports, in French and English, without accents and case."""

from __future__ import annotations

from suppression.domain.vocabulary import Channel

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
