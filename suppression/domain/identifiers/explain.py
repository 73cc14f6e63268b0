"""Explanation, step by step, why two spellings match or not. It stores and logs nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from suppression.domain.identifiers.limits import Limit, limit_between
from suppression.domain.identifiers.match_keys import KeyUse, MatchKeyLabel, PostalAddress
from suppression.domain.identifiers.parsing import canonical_texts
from suppression.domain.vocabulary import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class TraceStep:
    """The name of a step of canonicalisation, and the text after it.

    `key`: whether match keys are made of that text.
    """

    name: str
    text: str = field(repr=False)
    key: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainedMatchKey:
    """A match key that a person can read: its label, its use, its text and that text's SHA-256."""

    label: MatchKeyLabel
    use: KeyUse
    text: str = field(repr=False)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text, in hex; a client that hashes sends the primary match key's."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """The steps from a received identifier to its match keys, and the match keys, primary first.

    Match keys in partners' schemes, and those by the rules in `versions.OLDER`, are not included.
    Those of a postal address as 0.9.0 read it are included, because today's rules make them too.
    """

    steps: tuple[TraceStep, ...]
    forms: tuple[ExplainedMatchKey, ...]

    def texts(self, *, stored: bool = False, lookup: bool = False) -> frozenset[str]:
        """Return the texts of the match keys with one of the selected uses.

        `stored` selects those under which stops are stored, `lookup` those that checks look up.
        """
        return frozenset(
            match_key.text
            for match_key in self.forms
            if (stored and match_key.use.is_stored) or (lookup and match_key.use.is_looked_up)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Divergence:
    """The first step whose text for match keys differs between two identifiers, and both texts.

    `limit` is the documented limit of matching that keeps the two apart; None if there is none.
    """

    step: str
    first: str = field(repr=False)
    second: str = field(repr=False)
    limit: Limit | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Whether a stop on the first of two identifiers denies the second, and the reverse.

    `parting` is the first step at which the two differ; None if they match in both directions, or
    if no step differs.
    """

    stop_on_first_denies_second: bool
    stop_on_second_denies_first: bool
    parting: Divergence | None

    @property
    def match(self) -> bool:
        """Whether the identifiers match in both directions."""
        return self.stop_on_first_denies_second and self.stop_on_second_denies_first


def explain(kind: Kind, value: str | PostalAddress, *, region: str) -> Explanation:
    """Return the steps from an identifier to its match keys, and the match keys.

    `region` is the country (ISO 3166-1 alpha-2) of a national number, or of a postal address that
    names none. Raise IdentifierParseError if the identifier cannot be read.

    >>> explanation = explain(Kind.PHONE, "06 12 34 56 78", region="FR")
    >>> [(step.name, step.text) for step in explanation.steps][-1]
    ('E.164', '+33612345678')
    >>> explanation.forms[0].label.value
    'e164'
    """
    steps: list[TraceStep] = []

    def note(step: str, text: str, *, key: bool = False) -> None:
        steps.append(TraceStep(name=step, text=text, key=key))

    texts = canonical_texts(kind, value, region=region, note=note, consent=True)
    forms = (ExplainedMatchKey(label=text.label, use=text.use, text=text.text) for text in texts)
    return Explanation(steps=tuple(steps), forms=tuple(forms))


def compare(
    kind: Kind, first: str | PostalAddress, second: str | PostalAddress, *, region: str
) -> Comparison:
    """Compare two identifiers; unless they match in both directions, find where they differ.

    A stop on a postal address with a name is taken not to be for the whole address. One on an
    address without a name is for the whole address, and denies every person there. `region` is the
    country (ISO 3166-1 alpha-2) of national numbers, and of postal addresses that name none. Raise
    IdentifierParseError if one of the identifiers cannot be parsed.

    >>> compare(Kind.EMAIL, "Jean@Example.fr", "jean@example.com", region="FR").parting.step
    'domain'
    """
    explanation, second_explanation = (
        explain(kind, first, region=region),
        explain(kind, second, region=region),
    )
    forward = bool(_default_stop_texts(explanation) & second_explanation.texts(lookup=True))
    backward = bool(_default_stop_texts(second_explanation) & explanation.texts(lookup=True))
    parting = None if forward and backward else _first_divergence(explanation, second_explanation)
    if parting is not None:
        limit = limit_between(parting.step, (parting.first, parting.second), (first, second))
        parting = replace(parting, limit=limit)
    return Comparison(
        stop_on_first_denies_second=forward, stop_on_second_denies_first=backward, parting=parting
    )


def _default_stop_texts(explanation: Explanation) -> frozenset[str]:
    """Return the texts that a stop is stored under: the whole address only if there is no name."""
    if explanation.forms[0].label is MatchKeyLabel.WHOLE_ADDRESS:
        return explanation.texts(stored=True)
    whole = {
        match_key.text
        for match_key in explanation.forms
        if match_key.label is MatchKeyLabel.WHOLE_ADDRESS
    }
    return (explanation.texts(stored=True) - whole) or frozenset(whole)


def _first_divergence(
    explanation: Explanation, second_explanation: Explanation
) -> Divergence | None:
    """Return the first step whose text for match keys differs; None if none does."""
    steps = zip(_key_steps(explanation), _key_steps(second_explanation), strict=True)
    differing = ((left, right) for left, right in steps if left.text != right.text)
    divergences = (
        Divergence(step=left.name, first=left.text, second=right.text) for left, right in differing
    )
    return next(divergences, None)


def _key_steps(explanation: Explanation) -> list[TraceStep]:
    """Return the steps whose texts make up the match keys."""
    return [step for step in explanation.steps if step.key]
