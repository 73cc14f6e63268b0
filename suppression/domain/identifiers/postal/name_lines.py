"""The parts of a name line: civilities, brackets, and where one person's name ends.

Steps 7 to 11 of post in docs/identifiers.md use them.
"""

from __future__ import annotations

import re

from suppression.domain.identifiers.postal.tables import FIRST_NAMES, WORD_SETS

_CIVILITIES = WORD_SETS["civilities"]
_TRAILING_CIVILITIES = WORD_SETS["civilities_behind"]
SEPARATOR = re.compile(r" ?[&+/] ?| (?:et|and|und|ou) ", re.IGNORECASE)
BIRTH = re.compile(
    r"[ ,(](?:n[e\u00e9]e?|epouse|ep|epse|veuve|vve|nom d'usage|nom de naissance)[.:)]{0,2} ",
    re.IGNORECASE,
)
PLAIN_CIVILITIES = _TRAILING_CIVILITIES - {"junior", "jr", "senior"} | {"m"}
AND = frozenset({"et", "and", "und", "ou"})
_BRACKETS = re.compile(r"\(([^()]*)\)")
RELATION = re.compile(
    r"\b(?:son|sa) (?:epoux|epouse|mari|femme|compagne|compagnon|conjointe?|fils|fille)\b",
    re.IGNORECASE,
)
_HOST = re.compile(r"[ ,(]c/o\b.*", re.IGNORECASE)
_THE_FAMILY = re.compile(r"\bla (?=famille\b)", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+")
_ALTERNATIVES = "|".join(sorted(PLAIN_CIVILITIES))
ATTENTION = re.compile(
    r"\b(?:a l'? ?(?:att|attn|attention|intention)\b\.? ?(?:de |du |d')?"
    r"|(?:att|attn|attention|fao)\b ?[:.])\s*",
    re.IGNORECASE,
)
# `A M DUPONT` may be initials.
CIVILITY_BEHIND = rf"(?=(?:m\.|(?:{'|'.join(sorted(PLAIN_CIVILITIES - {'m'}))})\b))"
_LABEL = re.compile(
    rf"^(?:\W*{ATTENTION.pattern}|\W*(?:att|attn|attention|fao|pour) (?=\S+ \S)"
    rf"|\W*(?:(?:nom|client)\b ?[:.]|(?:destinataire|titulaire)\b ?[:.]?)\s*"
    rf"|\W*a {CIVILITY_BEHIND})",
    re.IGNORECASE,
)
_LABEL_BEHIND = re.compile(rf"(?:(?<=[&+/])|(?<= et)) ?{ATTENTION.pattern}", re.IGNORECASE)
# The labels that older rules knew.
_OLDER_LABEL = re.compile(
    r"^\W*(?:a l'? ?attention (?:de |du |d')?|(?:att|attn|attention|fao|nom|client)\b ?[:.]"
    r"|(?:destinataire|titulaire)\b ?[:.]?)\s*",
    re.IGNORECASE,
)
_GLUED = re.compile(rf"\b({'|'.join(sorted(_CIVILITIES))})\.(?=[a-z])", re.IGNORECASE)
_GLUED_NAME = re.compile(r"\b(Mme|Mlle|Mr)(?=[A-Z][a-z])")
# `MR-MME DURAND` and `M MME DURAND` are couples; `MME M DURAND` may have an initial.
_HYPHENED_COUPLE = re.compile(
    rf"\b({_ALTERNATIVES})\.?(?:-| - | ?[,;|] ?)({_ALTERNATIVES})\b", re.IGNORECASE
)
_COUPLE = re.compile(
    r"\b(m|mr|monsieur)\.? (?=(?:mme|mlle|melle|madame|mademoiselle)\b)"
    r"|\b(mme|madame)\.? (?=(?:mr|monsieur)\b)",
    re.IGNORECASE,
)
_RANKS = "|".join(sorted((_CIVILITIES | WORD_SETS["ranks"]) - PLAIN_CIVILITIES))
_RANK_BEHIND = re.compile(
    rf"\b({_ALTERNATIVES})\.? (?:le |la |l' ?)(?:{_RANKS})\b\.? (?=\w)", re.IGNORECASE
)
# `LE MAITRE Jean` is a surname; only a doctor or a professor may have one word behind.
_RANK_IN_FRONT = re.compile(
    rf"^(?:le |la |l' ?)(?:(docteur|dr|professeur|pr)\b\.? (?=\w)|({_RANKS})\b\.? (?=\S+ \w))",
    re.IGNORECASE,
)
MAX_PERSONS = 6


def without_label(text: str) -> str:
    """Return a folded name without labels and ranks, its civilities parted by spaces or `et`.

    >>> without_label("Attn: M.Jean Dupont"), without_label("A l'attention de Mme Durand")
    ('M. Jean Dupont', 'Mme Durand')
    >>> without_label("ATTN M. DUPONT"), without_label("A Mme Durand"), without_label("A M DURAND")
    ('M. DUPONT', 'Mme Durand', 'A M DURAND')
    >>> without_label("Monsieur le Docteur Jean Dupont"), without_label("MR-MME DURAND")
    ('Monsieur Jean Dupont', 'MR et MME DURAND')
    """
    bare = _LABEL_BEHIND.sub(" ", _LABEL.sub("", text.replace("`", "'")))
    plain = _in_order(_GLUED_NAME.sub(r"\1 ", bare))
    return _COUPLE.sub(lambda civility: f"{civility[1] or civility[2]} et ", plain)


def labels_off(text: str) -> list[str]:
    """Return a folded name without its labels, by today's rules and, if different, by older ones.

    >>> labels_off("ATTN M. DUPONT"), labels_off("Jean Dupont")
    (['M. DUPONT', 'ATTN M. DUPONT'], ['Jean Dupont'])
    """
    return list(dict.fromkeys([without_label(text), _in_order(_OLDER_LABEL.sub("", text))]))


def _in_order(text: str) -> str:
    """Return a name without a rank, `M.Jean` as `M. Jean` and `MR-MME` as `MR et MME`."""
    plain = _HYPHENED_COUPLE.sub(r"\1 et \2", _GLUED.sub(r"\1. ", text))
    return _RANK_IN_FRONT.sub("", _RANK_BEHIND.sub(r"\1 ", plain))


def without_relations(text: str) -> str:
    """Return a folded name without `c/o ...`, `son epouse`, and the `La` of `La famille`.

    >>> without_relations("Jean Dupont et sa femme Rose c/o X"), without_relations("La famille X")
    ('Jean Dupont et Rose', 'famille X')
    """
    return " ".join(_THE_FAMILY.sub("", RELATION.sub(" ", _HOST.sub("", text))).split())


def separated(text: str) -> list[str]:
    """Return the parts of a folded name between its separators, such as `et` and `&`."""
    return SEPARATOR.split(" ".join(without_brackets(" ".join(text.split())).split()))


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
