"""A text exists for every key that the code composes from a beginning and a word.

A missing text makes a page fail only when its word occurs: the audit log failed at the first import
that was given up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pytest

from suppression.adapters.files.records import BROKEN
from suppression.domain.cases.letters import AnswerKind
from suppression.domain.cases.model import Urgency
from suppression.domain.cases.vocabulary import (
    CameBy,
    CaseEvent,
    CaseKind,
    CaseState,
    LookUpPurpose,
    ProofMethod,
    RefusalGround,
)
from suppression.domain.imports.model import ImportChange, ImportState
from suppression.domain.suppressions.model import RATE_LIMITED
from suppression.domain.users.invitations import InvitationChange
from suppression.domain.users.model import UserChange
from suppression.domain.users.roles import Role
from suppression.domain.vocabulary import (
    Basis,
    Channel,
    Decision,
    EntryType,
    Evidence,
    Kind,
    Preset,
    Purpose,
    Reason,
    ReleaseWhy,
    Rule,
    Sector,
)
from suppression.usecases.ledger.read_audit_log import SHOWN
from suppression.web.console.imports.options import FirstLine, Hashed, ListPurpose
from suppression.web.pages.opt_out_form import WISHES
from suppression.web.translations.catalogues import CONSOLE, PAGES, TextDomain
from tests.guards.sources import sources
from tests.guards.test_catalogues import CODE, WEB, texts


def quoted(pattern: str, *folders: str) -> set[str]:
    """Return the words that a pattern finds in the modules of these folders or files."""
    return {
        word
        for file, text in sources()
        if any(f"/suppression/{folder}" in str(file) for folder in folders)
        for word in re.findall(pattern, text)
    }


# Words that code uses without an enumeration.
BLOCKERS = quoted(r'"((?:[a-z]+_)+[a-z]+|refused)"', "domain/checks/blockers.py")
CLOSING = quoted(r'\n        "(\w+)": ', "domain/cases/model.py")
REFUSALS = quoted(
    r'InvalidTransitionError\("(\w+)"',
    *(f"{layer}/{part}/" for layer in ("domain", "usecases") for part in ("cases", "releases")),
)
ROW_FAULTS = {BROKEN, *quoted(r'RowError\("(\w+)"', "usecases/imports")}
WHOLE_IMPORT = {*ImportState, "interrupted"}
# The composed keys of the console: each beginning, and every word that may follow it.
WORDS: dict[str, Iterable[str]] = {
    "answer.": AnswerKind,
    "answer.unready_": {AnswerKind.REFUSED, AnswerKind.EXTENDED},
    "answers.": AnswerKind,
    "basis.": Basis,
    "came_by.": CameBy,
    "channel.": Channel,
    "decision.": Decision,
    "entry.": set(EntryType) - set(SHOWN),
    "errors.": {"form", *REFUSALS, *CLOSING},
    "event.": CaseEvent,
    "evidence.": Evidence,
    "fault.": ROW_FAULTS,
    "first_line.": FirstLine,
    "ground.": RefusalGround,
    "hashed.": Hashed,
    "id_kind.": Kind,
    "import_change.": ImportChange,
    "import_means.": WHOLE_IMPORT,
    "import_state.": WHOLE_IMPORT,
    "kind.": CaseKind,
    "log.": SHOWN,
    "look_up_purpose.": LookUpPurpose,
    "method.": ProofMethod,
    "policies.": Rule,
    "preset.": Preset,
    "purpose.": {*Purpose, *ListPurpose},
    "reason.": {*Reason, *BLOCKERS},
    "review.": {RATE_LIMITED},
    "role.": {*Role, "none"},
    "sector.": Sector,
    "state.": CaseState,
    "today.": Urgency,
    "user_change.": {*UserChange, *InvitationChange},
    "why.": ReleaseWhy,
}
PAGE_WORDS: dict[str, Iterable[str]] = {"what.": WISHES, "wish.": WISHES}
# Beginnings whose words are no enumeration: calls of a macro or a function name them one by one.
ONE_BY_ONE = {
    *("column.", "error.", "field.", "form.", "hint.", "imports.", "nav.", "settings."),
    *("sign_in.", "step."),
}
EVERY = [
    (domain, language, beginning)
    for domain, beginnings in ((CONSOLE, WORDS), (PAGES, PAGE_WORDS))
    for language in domain.languages
    for beginning in beginnings
]


@pytest.mark.parametrize(
    ("domain", "language", "beginning"), EVERY, ids=[f"{of}-{key}" for _, of, key in EVERY]
)
def test_every_word_has_its_text(domain: TextDomain, language: str, beginning: str) -> None:
    words = (WORDS if domain is CONSOLE else PAGE_WORDS)[beginning]
    assert list(words)
    assert {f"{beginning}{word}" for word in words} - set(texts(domain, language)) == set()


def test_the_words_without_an_enumeration_are_found() -> None:
    assert {"no_consent", "name_missing", "refused"} <= BLOCKERS
    assert "restriction_stands" in CLOSING
    assert {"asked_again", "stops_changed", "found"} <= REFUSALS
    assert {"sandbox", "date_ahead"} <= ROW_FAULTS


def test_every_beginning_of_a_key_is_listed_here() -> None:
    assert beginnings() == {*WORDS, *PAGE_WORDS, *ONE_BY_ONE}


@cache
def beginnings() -> set[str]:
    """Return the beginning of each key that a template or a module composes with a word."""
    templates = "\n".join(page.read_text("utf-8") for page in WEB.rglob("*.html"))
    modules = "\n".join(module.read_text("utf-8") for module in CODE.glob("web/**/*.py"))
    return {
        *re.findall(r"""\b(?:t|_|has_text)\(\s*["']([a-z_]+\.[a-z_]*)["']\s*~""", templates),
        *(f"{key}." for key in re.findall(r'\bchoice\(fields, "\w+", \w+, "(\w+)"', templates)),
        *(f"{key}." for key in re.findall(r'\bboxes\(fields, "\w+", \w+, "(\w+)"', templates)),
        *re.findall(r'\bf"([a-z_]+\.[a-z_]*)\{', modules),
    } - {"console."}
