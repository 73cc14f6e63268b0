"""Staging, applying, discarding and undoing an import touch its own rows and no other's."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from suppression.domain.errors import ConflictError, ImportStateError, InvalidValueError
from suppression.domain.imports.model import ImportAction, ImportCounts, ImportState
from suppression.domain.ledger.entries import commitment
from suppression.domain.vocabulary import EntryType, Evidence, Kind
from suppression.storage.engine.database import writing
from suppression.storage.imports.rows import find_import_of_bytes
from suppression.storage.imports.tables import DbImportRow
from suppression.usecases.imports import apply as work_on_imports
from suppression.usecases.imports import stage as stage_import
from tests.api import Api
from tests.e2e.tables import in_force, replayed
from tests.importing import Imports, emails, ledger, listed, staged_rows

ANNA = "anna.martin@example.fr"
GMAIL = "jean.dupont+pub@gmail.com"


def test_what_is_staged_stops_nobody_and_what_is_applied_does(imports: Imports, api: Api) -> None:
    staged = imports.stage(f"email\n{ANNA}\n{GMAIL}\n").import_
    assert (staged.state, staged.counts) == (
        ImportState.STAGED,
        ImportCounts(rows=2, new=2, stops=2),
    )
    assert api.decision("email", ANNA) == "allow"
    imports.wish(staged.import_id, ImportAction.APPLY)
    assert api.decision("email", ANNA) == "allow"
    imports.work()
    assert api.codes("email", ANNA) == ["imported"]
    assert api.decision("email", "jeandupont@googlemail.com") == "deny"
    (row,) = api.search("email", ANNA)["in_force"]
    assert (row["source"], row["evidence"]) == (staged.import_id, "import")
    assert imports.load(staged.import_id).state is ImportState.APPLIED


def test_each_row_has_its_ledger_entry_with_the_commitment_to_all_its_forms(
    imports: Imports, app: Flask
) -> None:
    done = imports.apply(f"email\n{ANNA}\n{GMAIL}\n")
    entries = ledger(app, done.import_id)
    assert [(entry.type, entry.evidence, entry.actor) for entry in entries] == [
        (EntryType.STOP, Evidence.IMPORT, "test")
    ] * 2
    imports.undo(done.import_id)
    with app.app_context():
        subject = imports.services.subject(imports.controller, Kind.EMAIL, GMAIL)
    (row,) = [
        entry
        for entry in listed(app, done.import_id)
        if entry.fingerprint == subject.stored_rows(whole_address=False)[0][0]
    ]
    committed = {entry.commitment for entry in ledger(app) if entry.record_id == row.record_id}
    assert committed == {commitment(row.salt, subject.stored_rows(whole_address=False)[0])}
    assert replayed(app) == in_force(app)


def test_the_same_bytes_are_the_same_import_and_another_file_writes_its_own_rows(
    imports: Imports, app: Flask
) -> None:
    first = imports.apply(emails(range(10)))
    again = imports.stage(emails(range(10)))
    assert (again.fresh, again.import_) == (False, first)
    other = imports.apply(emails(range(5, 15)))
    assert (other.counts.known, other.counts.new) == (5, 5)
    assert len(listed(app, other.import_id)) == 10
    assert staged_rows(app) == 0


def test_the_same_bytes_on_other_terms_are_refused_and_say_which_import_they_are(
    imports: Imports, app: Flask
) -> None:
    text = "phone\n0612345678\n"
    first = imports.stage(text, channels="sms").import_
    with pytest.raises(ConflictError, match=first.import_id):
        imports.stage(text, channels="telephone")
    imports.wish(first.import_id, ImportAction.DISCARD)
    imports.work()
    assert imports.stage(text, channels="telephone").fresh
    assert staged_rows(app) == 1


def test_the_same_bytes_at_the_same_time_are_one_import(
    imports: Imports, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = imports.stage(emails(range(10)))
    lookups: list[int] = []

    def look_too_early(*arguments: Any) -> Any:  # noqa: ANN401 - whatever it takes
        lookups.append(1)
        return find_import_of_bytes(*arguments) if len(lookups) > 1 else None

    monkeypatch.setattr(stage_import, "find_import_of_bytes", look_too_early)
    again = imports.stage(emails(range(10)))
    assert (again.fresh, again.import_.import_id) == (False, first.import_.import_id)
    imports.work()
    assert staged_rows(app) == 10


def test_undoing_lifts_the_imports_rows_and_no_other(
    imports: Imports, api: Api, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_on_imports, "BATCH", 7)
    api.stop("email", "person-3@example.fr")
    first = imports.apply(emails(range(40)))
    second = imports.apply(emails(range(20, 60)))
    api.release("email", "person-30@example.fr", channels=["email"])
    undone = imports.undo(first.import_id)
    assert (undone.state, undone.counts.released) == (ImportState.UNDONE, 39)
    assert {row.released_at is None for row in listed(app, first.import_id)} == {False}
    assert sum(row.released_at is None for row in listed(app, second.import_id)) == 39
    decisions = {
        number: api.decision("email", f"person-{number}@example.fr") for number in (3, 4, 25, 30)
    }
    assert decisions == {3: "deny", 4: "allow", 25: "deny", 30: "allow"}
    assert replayed(app) == in_force(app)
    assert imports.undo(first.import_id).counts == undone.counts
    assert imports.stage(emails(range(40))).fresh


def test_an_import_undone_in_the_middle_leaves_nothing_of_itself(
    imports: Imports, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_on_imports, "BATCH", 10)
    staged = imports.stage(emails(range(35))).import_
    import_, _ = imports.wish(staged.import_id, ImportAction.APPLY)
    with app.app_context():
        work_on_imports.apply_batch(import_, now=imports.services.clock())
    undone = imports.undo(staged.import_id)
    assert (undone.counts.applied, undone.counts.released) == (10, 10)
    assert [row for row in listed(app) if row.released_at is None] == []
    assert staged_rows(app) == 0


def test_a_discarded_import_leaves_nothing(imports: Imports, api: Api, app: Flask) -> None:
    staged = imports.stage(f"email\n{ANNA}\nnobody\n").import_
    assert imports.wish(staged.import_id, ImportAction.DISCARD)[1]
    assert not imports.wish(staged.import_id, ImportAction.DISCARD)[1]
    imports.work()
    assert (staged_rows(app), imports.faults(staged), listed(app)) == (0, [], [])
    assert api.decision("email", ANNA) == "allow"


@pytest.mark.parametrize(
    ("wishes", "last"),
    [
        ([], ImportAction.UNDO),
        ([ImportAction.DISCARD], ImportAction.APPLY),
        ([ImportAction.DISCARD], ImportAction.UNDO),
        ([ImportAction.APPLY], ImportAction.DISCARD),
        ([ImportAction.APPLY, ImportAction.UNDO], ImportAction.APPLY),
    ],
)
def test_what_cannot_be_had_is_refused(
    imports: Imports, wishes: list[ImportAction], last: ImportAction
) -> None:
    staged = imports.stage(emails(range(3))).import_
    for wish in wishes:
        imports.wish(staged.import_id, wish)
        imports.work()
    with pytest.raises(ImportStateError):
        imports.wish(staged.import_id, last)


def test_a_person_named_twice_has_one_row_with_the_earlier_date(
    imports: Imports, api: Api, app: Flask
) -> None:
    text = f"email,date opposition\n{ANNA},2024-05-02\n{ANNA},2023-03-01\n{ANNA},2024-05-02\n"
    done = imports.apply(text)
    assert done.counts == ImportCounts(rows=3, new=3, stops=3, applied=3)
    (row,) = api.search("email", ANNA)["in_force"]
    assert row["since"] == "2023-03-01T22:59:59.999999Z"
    assert row["last_occurred_at"] == "2024-05-02T21:59:59.999999Z"
    types = [entry.type for entry in ledger(app, done.import_id)]
    assert types == [EntryType.STOP, EntryType.REPEATED]


def test_a_batch_and_its_borders_change_nothing(
    imports: Imports, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage_import, "BATCH", 4)
    monkeypatch.setattr(work_on_imports, "BATCH", 3)
    monkeypatch.setattr(work_on_imports, "CLEARED_AT_ONCE", 5)
    text = "email,phone\n" + "".join(
        f"person-{number}@gmail.com,061234{number:04}\n" for number in range(23)
    )
    done = imports.apply(text)
    assert done.counts == ImportCounts(rows=23, new=23, stops=69, applied=69)
    assert len(listed(app)) == len(ledger(app)) == 69
    assert staged_rows(app) == 0


def test_a_file_without_anybody_or_on_impossible_terms_is_refused(imports: Imports) -> None:
    cases: dict[str, dict[str, str]] = {
        "name\nAnna\n": {},
        "sha256\n" + "ab" * 32 + "\n": {},
        emails([1]): {"topic": "lottery"},
        emails([2]): {"purpose": "service"},
        emails([3]): {"purpose": "sharing", "channels": "email"},
        emails([4]): {"reason": "objection", "expires_at": "2027-01-01T00:00:00Z"},
        emails([5]): {"occurred_at": "2027-01-01T00:00:00Z"},
        "md5\n" + "ab" * 16 + "\n": {"kind": "email", "scheme": "meta-phone"},
    }
    for text, words in cases.items():
        with pytest.raises(InvalidValueError):
            imports.stage(text, columns={}, **words)


@pytest.fixture
def imports(app: Flask, api: Api, seen: set[str]) -> Imports:
    assert api.key
    seen.update({ANNA, GMAIL, "person-3@example.fr", "person-3@gmail.com", "0612340003"})
    return Imports(app)


def test_rows_that_are_missing_are_not_said_to_be_applied(imports: Imports, app: Flask) -> None:
    staged = imports.stage(emails(range(3))).import_
    with app.app_context(), writing() as transaction:
        transaction.execute(delete(DbImportRow).where(DbImportRow.number == 2))
    imports.wish(staged.import_id, ImportAction.APPLY)
    with pytest.raises(ImportStateError):
        imports.work()
    assert imports.load(staged.import_id).counts.applied == 0
