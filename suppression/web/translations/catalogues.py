"""Read the gettext catalogues: `messages.po` of the recipient pages, `console.po` of the console.

A language is a folder, `<language>/LC_MESSAGES`, with both files. The .po files are read directly:
to add a language, add a folder and restart; nothing needs compiling.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

FOLDER = Path(__file__).parent
_FIRST = "fr"
# No line ends before a French punctuation mark.
_SPACES = {
    " :": "\xa0:",
    " ?": "\xa0?",
    " ;": "\xa0;",
    "« ": "«\xa0",
    " »": "\xa0»",
}
_HYPHENS = {"e-mail": "e\u2011mail"}


@dataclass(frozen=True, kw_only=True, slots=True)
class TextDomain:
    """The texts of one part of the service, in every language; a gettext domain.

    `keeps_words`: whether the hyphen in `e-mail` is replaced so that no line breaks at it. The
    console's texts keep the plain hyphen, because clerks search its pages and copy from them into
    letters.
    """

    name: str
    keeps_words: bool = False

    def file(self, language: str) -> Path:
        """Return the path of a language's catalogue; the file need not exist."""
        return FOLDER / language / "LC_MESSAGES" / f"{self.name}.po"

    @property
    @cache  # noqa: B019 - the two domains of this module, which last as long as the process
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages with a catalogue; French, the console's default, is first."""
        codes = {path.parts[-3] for path in FOLDER.glob(f"*/LC_MESSAGES/{self.name}.po")}
        return (_FIRST, *sorted(codes - {_FIRST}))

    @cache  # noqa: B019 - two domains of the process, as for `languages`
    def catalogue(self, language: str) -> Translations:
        """Return the catalogue of a language: its texts by key, each passed through `typeset`.

        Raises FileNotFoundError for a language without a catalogue.
        """
        with self.file(language).open("rb") as file:
            texts = read_po(file, locale=language)
        unbroken = _SPACES | _HYPHENS if self.keeps_words else _SPACES
        for message in texts:
            if message.id and isinstance(message.string, str):
                message.string = typeset(message.string, unbroken)
        compiled = io.BytesIO()
        write_mo(compiled, texts)
        compiled.seek(0)
        return Translations(compiled)

    def has(self, key: str) -> bool:
        """Return whether there is a text with this key; all languages have the same keys."""
        return self.catalogue(_FIRST).gettext(key) != key

    def text(self, language: str, key: str, /, **values: object) -> str:
        """Return the text of a key in a language; each `%(name)s` is replaced by the value `name`.

        Without any values the text is returned as it is. Raises KeyError if there is no such text,
        or if values are given and one that the text names is missing.
        """
        text = str(self.catalogue(language).gettext(key))
        if text == key:
            raise KeyError(key)
        return text % values if values else text


PAGES = TextDomain(name="messages", keeps_words=True)
CONSOLE = TextDomain(name="console")


def typeset(text: str, unbroken: Mapping[str, str] = _SPACES | _HYPHENS) -> str:
    r"""Return a text with characters replaced as in `unbroken`, so that no line breaks at them.

    >>> typeset("Quel e-mail ?")
    'Quel e\u2011mail\xa0?'
    """
    for loose, firm in unbroken.items():
        text = text.replace(loose, firm)
    return text


@cache
def autonym(language: str) -> str:
    """Return the name of a language in that language, with a capital letter.

    >>> autonym("fr")
    'Français'
    """
    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]
