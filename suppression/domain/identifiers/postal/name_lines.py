"""The parts of a name line: civilities, brackets, and where one person's name ends.

Steps 7 to 11 of post in docs/identifiers.md use them.
"""

from __future__ import annotations

import re

from suppression.domain.identifiers.postal.folding import fold
from suppression.domain.identifiers.postal.tables import FIRST_NAMES, WORD_SETS

_CIVILITIES = WORD_SETS["civilities"]
_TRAILING_CIVILITIES = WORD_SETS["civilities_behind"]
SEPARATOR = re.compile(r" ?[&+/] ?| (?:et|and|und|ou) ", re.IGNORECASE)
BIRTH = re.compile(
    r"[ ,(](?:n[e\u00e9]e?|epouse|ep|epse|veuve|vve|nom d'usage|nom de naissance)[.:)]{0,2} ",
    re.IGNORECASE,
)
# A separator of two persons if a whole name is on each side: `Jean Dupont, Marie Durand`.
_APART = re.compile(r" ?[,;] ?| [-\u2013\u2014] ")
_PLAIN_CIVIL = _TRAILING_CIVILITIES - {"junior", "jr", "senior"} | {"m"}
AND = frozenset({"et", "and", "und", "ou"})
_BRACKETS = re.compile(r"\(([^()]*)\)")
RELATION = re.compile(
    r"\b(?:son|sa) (?:epoux|epouse|mari|femme|compagne|compagnon|conjointe?|fils|fille)\b",
    re.IGNORECASE,
)
_HOST = re.compile(r"[ ,(]c/o\b.*", re.IGNORECASE)
_THE_FAMILY = re.compile(r"\bla (?=famille\b)", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
_LABEL = re.compile(
    r"^\W*(?:a l'? ?attention (?:de |du |d')?|(?:att|attn|attention|fao|nom|client)\b ?[:.]"
    r"|(?:destinataire|titulaire)\b ?[:.]?)\s*",
    re.IGNORECASE,
)
_GLUED = re.compile(rf"\b({'|'.join(sorted(_CIVILITIES))})\.(?=[a-z])", re.IGNORECASE)
_ALTERNATIVES = "|".join(sorted(_PLAIN_CIVIL))
# `MR-MME DURAND` is a couple.
_COUPLE = re.compile(rf"\b({_ALTERNATIVES})\.?-({_ALTERNATIVES})\b", re.IGNORECASE)
_RANKS = "|".join(sorted((_CIVILITIES | WORD_SETS["ranks"]) - _PLAIN_CIVIL))
_RANK_BEHIND = re.compile(
    rf"\b({_ALTERNATIVES})\.? (?:le |la |l' ?)(?:{_RANKS})\b\.? (?=\w)", re.IGNORECASE
)
# `LE MAITRE Jean` is a surname; only a doctor or a professor may have one word behind.
_RANK_IN_FRONT = re.compile(
    rf"^(?:le |la |l' ?)(?:(docteur|dr|professeur|pr)\b\.? (?=\w)|({_RANKS})\b\.? (?=\S+ \w))",
    re.IGNORECASE,
)
MAX_PERSONS = 6


def parts_apart(text: str) -> list[str]:
    """Return the names that a comma, a semicolon, ` - ` or a second civility separates in a line.

    `text` is folded. Return [] unless it is certain that several people are named: at least one
    name is a whole name (`is_whole_name`), and each other one is that or a known first name.
    """
    parts = [part for side in _APART.split(text) for part in _by_civility(side)]
    alone = [part for part in parts if part.lower() in FIRST_NAMES]
    # `Martin, Jean Michel` is one person.
    unsure = [part for part in parts if alone and FIRST_NAMES.issuperset(part.lower().split())]
    whole = [part for part in parts if is_whole_name(part) and part not in unsure]
    several = len(parts) > 1 and whole and len(alone) + len(whole) == len(parts)
    return parts if several else []


def names_several(name: str) -> bool:
    """Return whether a received name may name more than one person, however it joins them.

    >>> names_several("Jean et Marie Dupont"), names_several("M. Jean Dupont, Mme Marie Durand")
    (True, True)
    >>> names_several("Marie DUPONT n\u00e9e MARTIN"), names_several("Dupont, Marie")
    (False, False)
    """
    text = without_label(" ".join(fold(name).split()))
    return len(separated(text)) > 1 or bool(RELATION.search(text) or parts_apart(text))


def without_label(text: str) -> str:
    """Return a folded name without a label or a rank, and with a space behind `M.` and the like.

    >>> without_label("Attn: M.Jean Dupont"), without_label("A l'attention de Mme Durand")
    ('M. Jean Dupont', 'Mme Durand')
    >>> without_label("Monsieur le Docteur Jean Dupont"), without_label("MR-MME DURAND")
    ('Monsieur Jean Dupont', 'MR et MME DURAND')
    """
    text = _COUPLE.sub(r"\1 et \2", _GLUED.sub(r"\1. ", _LABEL.sub("", text)))
    return _RANK_IN_FRONT.sub("", _RANK_BEHIND.sub(r"\1 ", text))


def without_relations(text: str) -> str:
    """Return a folded name without `c/o ...`, `son epouse`, and the `La` of `La famille`.

    >>> without_relations("Jean Dupont et sa femme Rose c/o X"), without_relations("La famille X")
    ('Jean Dupont et Rose', 'famille X')
    """
    return " ".join(_THE_FAMILY.sub("", RELATION.sub(" ", _HOST.sub("", text))).split())


def may_be_read(name: str) -> bool:
    """Return whether a name has at most six parts, the most that can be read, by any separator."""
    text = fold(name)
    return len(separated(text)) <= MAX_PERSONS and not is_crowd(parts_apart(text))


def is_crowd(parts: list[str]) -> bool:
    """Return whether names that commas and the like separate (`parts_apart`) are more than six."""
    return len(SEPARATOR.split(" et ".join(parts))) > MAX_PERSONS


def separated(text: str) -> list[str]:
    """Return the parts of a folded name between its separators, such as `et` and `&`."""
    return SEPARATOR.split(" ".join(without_brackets(" ".join(text.split())).split()))


def _by_civility(text: str) -> list[str]:
    """Return a text split before each further civility: `M. Jean Dupont Mme Marie Durand` is two.

    A text that does not begin with a civility is one part. It is not split before a civility that
    follows `et`, or that follows only civilities.
    """
    parts: list[list[str]] = [[]]
    for word in text.split():
        civil = word.strip(".,").lower() in _PLAIN_CIVIL
        named = civil and WORD.match(without_civility(" ".join(parts[-1])))
        if named and parts[-1][-1].lower() not in AND and _begins_civil(parts[0]):
            parts.append([])
        parts[-1].append(word)
    return [" ".join(part) for part in parts if part]


def _begins_civil(words: list[str]) -> bool:
    return words[0].strip(".,").lower() in _PLAIN_CIVIL


def is_whole_name(text: str) -> bool:
    """Return whether a text is a civility and a name, or a known first name and another word.

    >>> is_whole_name("Mme Durand"), is_whole_name("Jean Martin"), is_whole_name("Martin")
    (True, True, False)
    """
    words = [word.lower() for word in WORD.findall(without_civility(text))]
    if words and _begins_civil(text.split()):
        return True
    return len(words) > 1 and not FIRST_NAMES.isdisjoint(words)


def without_brackets(text: str) -> str:
    """Return a name with its first brackets resolved.

    A particle in brackets goes in front; a civility, first names that are not in capitals, or a
    text without words is removed; any other text is kept as a birth name (`nee ...`).
    """
    for inner in _BRACKETS.findall(text):
        words = [word.lower() for word in WORD.findall(inner)]
        if words and not set(words) - {"de", "du", "d", "la", "des", "le"}:
            return " ".join(words) + " " + text.replace(f"({inner})", " ")
        if (
            not words
            or set(words) <= _CIVILITIES
            or (set(words) <= FIRST_NAMES and not inner.isupper())
        ):
            return text.replace(f"({inner})", " ")
        is_birth_name = BIRTH.match(f" {inner} ")
        return text.replace(f"({inner})", inner if is_birth_name else f" nee {inner}")
    return text


def without_civility(text: str) -> str:
    """Return a name without civilities in front (`M.`, `Dr`) or behind (`Mme`, `junior`)."""
    words = text.strip(" .,;:").split()
    while words and words[0].strip(".,").lower() in _CIVILITIES:
        words.pop(0)
    while len(words) > 1 and words[-1].strip(".,()").lower() in _TRAILING_CIVILITIES:
        words.pop()
    return " ".join(words).strip(" ,;")
