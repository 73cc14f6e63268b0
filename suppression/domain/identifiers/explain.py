"""Why two spellings match or do not: the canonical form step by step. Keeps and logs nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from suppression.domain.identifiers.match_keys import KeyUse, MatchKeyLabel, PostalAddress
from suppression.domain.identifiers.parsing import canonical_texts
from suppression.domain.vocabulary import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class TraceStep:
    """A step's name and the text after it; `key` when the forms are made of that text."""

    name: str
    text: str = field(repr=False)
    key: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ExplainedMatchKey:
    """A form as a person may see it: its label, its use, its text and that text's SHA-256."""

    label: MatchKeyLabel
    use: KeyUse
    text: str = field(repr=False)

    @property
    def sha256(self) -> str:
        """What a partner who hashes on their side sends, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Every step from what was written to the forms, and every form, the primary one first."""

    steps: tuple[TraceStep, ...]
    forms: tuple[ExplainedMatchKey, ...]

    def texts(self, *, written: bool = False, asked: bool = False) -> frozenset[str]:
        """The texts of the forms that are written, or asked."""
        return frozenset(
            form.text
            for form in self.forms
            if (written and form.use.written) or (asked and form.use.asked)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Divergence:
    """The first step of the key at which two identifiers differ, and its text in each."""

    step: str
    first: str = field(repr=False)
    second: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Whether a stop on one denies the other, each way; and if not, where they part."""

    stop_on_first_denies_second: bool
    stop_on_second_denies_first: bool
    parting: Divergence | None

    @property
    def match(self) -> bool:
        """Whether they match in both directions."""
        return self.stop_on_first_denies_second and self.stop_on_second_denies_first


def explain(kind: Kind, value: str | PostalAddress, *, region: str) -> Explanation:
    """The way from what was written to every form; raises UnreadableIdentifierError.

    >>> shown = explain(Kind.PHONE, "06 12 34 56 78", region="FR")
    >>> [(step.name, step.text) for step in shown.steps][-1], shown.forms[0].label.value
    (('E.164', '+33612345678'), 'e164')
    """
    steps: list[TraceStep] = []

    def note(step: str, text: str, *, key: bool = False) -> None:
        steps.append(TraceStep(name=step, text=text, key=key))

    texts = canonical_texts(kind, value, region=region, note=note, consent=True)
    forms = (ExplainedMatchKey(label=one.label, use=one.use, text=one.text) for one in texts)
    return Explanation(steps=tuple(steps), forms=tuple(forms))


def compare(
    kind: Kind, first: str | PostalAddress, second: str | PostalAddress, *, region: str
) -> Comparison:
    """Whether two spellings match, and, where they do not, at which step they part.

    A whole address counts only between two that have no name, as it does in a check.

    >>> compare(Kind.EMAIL, "Jean@Example.fr", "jean@example.com", region="FR").parting.step
    'domain'
    """
    explanation, two = explain(kind, first, region=region), explain(kind, second, region=region)
    there = bool(_written(explanation) & two.texts(asked=True))
    back = bool(_written(two) & explanation.texts(asked=True))
    parting = None if there and back else _parting(explanation, two)
    return Comparison(
        stop_on_first_denies_second=there, stop_on_second_denies_first=back, parting=parting
    )


def _written(shown: Explanation) -> frozenset[str]:
    """What a stop is written under by default: not the whole address, if there is a name."""
    whole = {form.text for form in shown.forms if form.label is MatchKeyLabel.WHOLE_ADDRESS}
    return (shown.texts(written=True) - whole) or frozenset(whole)


def _parting(explanation: Explanation, two: Explanation) -> Divergence | None:
    """The first key step that differs."""
    steps = zip(_key_steps(explanation), _key_steps(two), strict=True)
    apart = ((left, right) for left, right in steps if left.text != right.text)
    divergences = (
        Divergence(step=left.name, first=left.text, second=right.text) for left, right in apart
    )
    return next(divergences, None)


def _key_steps(shown: Explanation) -> list[TraceStep]:
    return [step for step in shown.steps if step.key]
