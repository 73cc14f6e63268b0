"""`flask consents import` stores no row without its date and proof, whatever wrote the file."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from suppression.cli import progress
from suppression.cli.consents import commands as importing
from tests.api import Api
from tests.conftest import Clock
from tests.consenting import consented, on_record, states

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
EMAIL = "jean.dupont@example.fr"
PHONE = "06 12 34 56 78"
OPTIONS = [
    *("--channels", "all", "--wording", "J'accepte d'être contacté.", "--given-by", "web_form"),
    *("--evidence", "form-2026", "--collected-by", "Site web"),
]

INVALID = [
    ({"consent_date": ""}, "given_at", "date_missing"),
    ({"consent_date": "31/02/2026"}, "given_at", "date_impossible"),
    ({"consent_date": "11/20/2026"}, "given_at", "date_impossible"),
    ({"consent_date": "20/11/26"}, "given_at", "date_impossible"),
    ({"consent_date": "yesterday"}, "given_at", "date_impossible"),
    ({"consent_date": "1900-01-01"}, "given_at", "date_impossible"),
    ({"consent_date": "2026-11-24"}, "given_at", "date_ahead"),
    ({"until": "2026-11-19"}, "until", "end_impossible"),
    ({"until": "soon"}, "until", "date_impossible"),
    ({"wording": ""}, "wording", "proof_missing"),
    ({"given_by": ""}, "given_by", "proof_missing"),
    ({"given_by": "telepathy"}, "given_by", "proof_unfit"),
    ({"evidence": ""}, "evidence", "proof_missing"),
    ({"evidence": "0612345678"}, "evidence", "proof_unfit"),
    ({"wording": "I, other@example.fr, agree"}, "wording", "proof_unfit"),
    ({"wording": "I, Anne Leroy, agree", "name": "Anne Leroy"}, "wording", "proof_unfit"),
    ({"collected_by": ""}, "collected_by", "proof_missing"),
    ({"email": "not an address"}, "email", "identifier_unreadable"),
    ({"email": ""}, "", "identifier_missing"),
    ({"channels": "email,sms"}, "phone", "identifier_missing"),
    ({"channels": "pigeon"}, "channels", "channels_unknown"),
    ({"channels": ""}, "channels", "channels_unknown"),
    ({"topics": "lottery"}, "topics", "topic_unknown"),
    (
        {"phone": "0470123457", "channels": "telephone", "country": "Atlantis"},
        "country",
        "identifier_unreadable",
    ),
]
GOOD = {
    "email": EMAIL,
    "channels": "email",
    "topics": "offers newsletter",
    "consent_date": "2026-11-20",
    "until": "2027-01-01",
    "wording": "I agree",
    "given_by": "formulaire web",
    "evidence": "form:1",
    "collected_by": "Anna",
}


class Imports:
    """Run `flask consents import` on files with given texts."""

    def __init__(self, app: Flask, api: Api, folder: Path) -> None:
        self.app, self.api, self.folder = app, api, folder
        self.errors = folder / "errors.csv"

    def __call__(self, text: str, *options: str, encoding: str = "utf-8") -> dict[str, Any]:
        """Import a file and return the summary; `options` replace those of OPTIONS by name."""
        usual = zip(OPTIONS[::2], OPTIONS[1::2], strict=True)
        kept = [word for pair in usual if pair[0] not in options for word in pair]
        result = self.run(text, *kept, "--json", *options, encoding=encoding)
        assert result.exit_code in {0, 1}, result.stderr
        summary: dict[str, Any] = json.loads(result.stdout)
        assert result.exit_code == bool(summary["invalid"])
        valid = sum(summary[name] for name in ("stored", "already", "sandbox"))
        assert valid + sum(summary["invalid"].values()) == summary["rows"]
        return summary

    def run(self, text: str, *options: str, encoding: str = "utf-8") -> Result:
        """Import a file with this text and return the result of the command."""
        file = self.folder / "export.csv"
        file.write_bytes(text.encode(encoding))
        words = ["consents", "import", "okonect", str(file), "--errors", str(self.errors)]
        return self.app.test_cli_runner().invoke(args=[*words, *options])

    def listed(self) -> list[tuple[str, str, str]]:
        """Return the number, the column and the reason of each invalid row."""
        with self.errors.open(encoding="utf-8", newline="") as lines:
            return [(row["row"], row["column"], row["reason"]) for row in csv.DictReader(lines)]


@pytest.fixture
def imports(app: Flask, french_api: Api, clock: Clock, tmp_path: Path, seen: set[str]) -> Imports:
    clock.now = MONDAY
    seen.update({EMAIL, PHONE, "12 rue de la Paix"})
    folder = tmp_path / "files"
    folder.mkdir()
    return Imports(app, french_api, folder)


def test_a_consent_from_a_file_allows(imports: Imports) -> None:
    summary = imports(f"email,date_consentement\n{EMAIL},20/11/2026 10:15\n")
    none = dict.fromkeys(("already", "sandbox", "ended_already", "still_stopped"), 0)
    assert summary == none | {"rows": 1, "stored": 1, "invalid": {}, "consents": 1}
    assert imports.api.check("email", EMAIL)["basis"] == "consent"
    (consent,) = on_record(imports.api, "email", EMAIL)
    assert consent["given_at"] == "2026-11-20T09:15:00Z"
    assert consent["source"].startswith("import:")
    assert consent["wording"] == "J'accepte d'être contacté."


def test_the_same_file_again_stores_nothing(imports: Imports) -> None:
    text = f"email;téléphone;date du consentement\n{EMAIL};{PHONE};2026-11-20\n"
    first, again = imports(text), imports(text)
    assert (first["stored"], first["consents"]) == (1, 3)
    assert (again["stored"], again["already"], again["consents"]) == (0, 1, 0)


def test_a_dry_run_tells_and_stores_nothing(imports: Imports) -> None:
    text = f"email,consent date\n{EMAIL},2026-11-20\nbroken,2026-11-20\n"
    summary = imports(text, "--dry-run")
    assert (summary["stored"], summary["invalid"]) == (1, {"identifier_unreadable": 1})
    assert on_record(imports.api, "email", EMAIL) == []


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-16", ",")],
)
def test_encoding_and_delimiter_are_found(imports: Imports, encoding: str, delimiter: str) -> None:
    cells = ["Prénom", "Nom", "Adresse", "Code postal", "Ville", "Date de consentement", "Preuve"]
    row = [
        "Zoé",
        "Lefèvre",
        '"12, rue de la Paix\nBâtiment B"',
        "75002",
        "Paris",
        "20/11/2026",
        "scan:1",
    ]
    text = delimiter.join(cells) + "\r\n" + delimiter.join(row) + "\r\n"
    assert imports(text, encoding=encoding)["stored"] == 1
    person = {"name": "Zoé Lefèvre", "street": "12 rue de la Paix", "postcode": "75002"}
    person["line1"] = "Bâtiment B"
    assert [consent["evidence"] for consent in on_record(imports.api, "postal", person)] == [
        "scan:1"
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-20", "2026-11-19T23:00:00Z"),
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("03/02/2026", "2026-02-02T23:00:00Z"),
        ("03.02.2026 à 14h05", "2026-02-03T13:05:00Z"),
        ("2026-11-20T10:15:00+01:00", "2026-11-20T09:15:00Z"),
        ("2026-11-20 10:15:30", "2026-11-20T09:15:30Z"),
        ("25/10/2026 02:30", "2026-10-25T00:30:00Z"),
        ("2026-11-23", "2026-11-22T23:00:00Z"),
    ],
)
def test_a_date_is_read_and_never_later_than_true(
    imports: Imports, written: str, meant: str
) -> None:
    imports(f"email,consent_date\n{EMAIL},{written}\n")
    assert [consent["given_at"] for consent in on_record(imports.api, "email", EMAIL)] == [meant]


@pytest.mark.parametrize(("cells", "column", "reason"), INVALID)
def test_a_row_that_lacks_anything_is_invalid_and_told_without_its_values(
    imports: Imports, cells: dict[str, str], column: str, reason: str
) -> None:
    bad = GOOD | {"email": "other@example.fr"} | cells
    file = imports.folder / "rows.csv"
    with file.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(bad))
        writer.writeheader()
        writer.writerows([bad, GOOD])
    result = imports.run(file.read_text(), "--json")
    assert (result.exit_code, imports.listed()) == (1, [("2", column, reason)])
    assert len(on_record(imports.api, "email", EMAIL)) == 2
    told = imports.errors.read_text() + result.output
    assert [cell for cell in cells.values() if cell and cell in told] == []


def test_rows_that_cannot_be_read_do_not_take_others_with_them(imports: Imports) -> None:
    rows = ['a@example.fr,"x"y,2026-11-20', "b@example.fr,x,2026-11-20,too,many"]
    rows += ["", "c@example.fr,x,2026-11-20,"]
    summary = imports("email,unknown,consent_date\n" + "\n".join(rows) + "\n")
    assert (summary["rows"], summary["stored"]) == (3, 1)
    assert imports.listed() == [("2", "", "row_broken"), ("3", "", "row_broken")]


@pytest.mark.parametrize("reason", ["objection", "unsubscribe", "consent_withdrawn"])
def test_a_file_lifts_no_stop(imports: Imports, reason: str) -> None:
    imports.api.stop("email", EMAIL, reason=reason, occurred_at="2026-11-01T00:00:00Z")
    summary = imports(f"email,consent_date\n{EMAIL},2026-11-20\n")
    assert (summary["stored"], summary["still_stopped"]) == (1, 1)
    assert imports.api.codes("email", EMAIL) == [reason]
    consented(imports.api, "email", EMAIL, given_at="2026-11-19T23:00:00Z")
    assert imports.api.codes("email", EMAIL) == [reason]
    consented(imports.api, "email", EMAIL)
    assert imports.api.decision("email", EMAIL) == "allow"


def test_what_ended_long_ago_is_stored_and_told(imports: Imports) -> None:
    summary = imports(
        "telephone,consent_date\n06 12 34 56 78,2025-11-22\n", "--channels", "telephone"
    )
    assert (summary["stored"], summary["ended_already"]) == (1, 1)
    assert states(imports.api, "phone", PHONE) == ["ended"]
    assert imports.api.codes("telephone", PHONE) == ["no_consent", "consent_ended"]


def test_the_same_person_twice_in_a_file_is_one_consent(imports: Imports) -> None:
    row = f"{EMAIL},2026-11-20\n"
    summary = imports("email,consent_date\n" + row + row.upper())
    assert (summary["stored"], summary["already"], summary["consents"]) == (1, 1, 1)


def test_by_post_a_row_needs_the_whole_first_name(imports: Imports) -> None:
    text = "nom,prenom,adresse,cp,ville,consent_date\n"
    text += "Dupont,J.,12 rue de la Paix,75002,Paris,2026-11-20\n"
    assert imports(text)["invalid"] == {"first_name_missing": 1}


def test_digits_that_may_be_two_numbers_take_no_consent(imports: Imports) -> None:
    text = "telephone,pays,consent_date\n4915123456789,DE,2026-11-20\n"
    assert imports(text)["invalid"] == {"identifier_unreadable": 1}
    assert imports(text.replace("4915", "+4915"))["consents"] == 2


def test_sharing_needs_no_channel(imports: Imports) -> None:
    text = f"email,consent_date\n{EMAIL},2026-11-20\n"
    assert imports(text, "--purpose", "sharing")["stored"] == 1
    api = imports.api
    assert api.decision(None, EMAIL, kind="email", purpose="sharing") == "allow"
    assert api.decision("email", EMAIL) == "deny"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,consent_date\nx,y\n", "no column of e-mails"),
        ("email\nx\n", "given_at"),
        ("email,courriel,consent_date\nx,y,z\n", "mean the same: email"),
        ("", "no column of e-mails"),
        (f"{EMAIL},2026-11-20\n", "no column of e-mails"),
    ],
)
def test_a_header_that_cannot_do_is_explained_before_anything_is_read(
    imports: Imports, text: str, words: str
) -> None:
    refused = imports.run(text, *OPTIONS)
    assert refused.exit_code == 2
    assert words in refused.stderr
    assert EMAIL not in refused.output


def test_without_channels_or_proof_for_all_rows_the_file_is_refused(imports: Imports) -> None:
    refused = imports.run(f"email,consent_date\n{EMAIL},2026-11-20\n")
    assert refused.exit_code == 2
    assert "wording, given_by, evidence, collected_by, channels" in refused.stderr


def test_the_summary_is_for_people_too(imports: Imports) -> None:
    text = f"email,consent_date,x\n{EMAIL},2026-11-20,\nbroken,2026-11-20,\n"
    result = imports.run(text, *OPTIONS)
    assert result.stdout.splitlines()[:2] == ["rows\t2", "stored\t1"]
    assert "invalid: identifier_unreadable\t1" in result.stdout
    assert "Columns that are not used: 3." in result.stderr


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    monkeypatch.setattr(progress, "_EVERY_SECONDS", -1)


@pytest.mark.usefixtures("small_batches")
def test_batch_after_batch_is_stored_and_progress_told(imports: Imports) -> None:
    rows = "".join(f"person{number}@example.fr,2026-11-20\n" for number in range(8))
    result = imports.run("email,consent_date\n" + rows, *OPTIONS)
    assert "stored\t8" in result.stdout
    assert re.search(r"Importing: 6 rows, [\d,]+ rows/s, 0 invalid", result.stderr)
