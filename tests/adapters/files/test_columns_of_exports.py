"""The columns of files that mail tools export are recognised by their headers."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from suppression.adapters.files.contact_file import ContactFile

EXPORTS = Path(__file__).parents[2] / "vectors" / "exports"
OF_EXPORTS = {
    "mailchimp-unsubscribed.csv": ("reason", "NORMAL", "OTHER", "SPAM"),
    "mailchimp-cleaned.csv": ("occurred_at", "2026-05-12 17:03:09"),
    "mailchimp-francais.csv": ("phone", "+33 6 39 98 00 03"),
    "brevo.csv": ("last_name", "Roussel", "Faure"),
    "brevo-blocked.ndjson": ("reason", "unsubscribedViaEmail", "contactFlaggedAsSpam"),
    "mailjet.ndjson": ("occurred_at", "2026-02-14T18:30:00Z", "2026-02-15T07:10:00Z"),
    "sendgrid-bounces.csv": ("created", "1767225600", "1767312000"),
    "sendgrid-unsubscribes.csv": ("created", "1767225600"),
    "sendgrid-spam.csv": ("created", "1767312000"),
    "sendgrid-contacts.csv": ("line1", "Bât. C"),
    "ses-import.csv": ("reason", "BOUNCE", "COMPLAINT"),
    "ses.ndjson": ("reason", "BOUNCE", "COMPLAINT"),
    "mautic.csv": ("email", "m.rolland@example.org", "n.leroux@example.org"),
    "listmonk.csv": ("name", "Odile Masson", "Paul Robin"),
    "hubspot-contacts.csv": ("phone", "+33 6 39 98 00 07"),
    "hubspot-unsubscribes.csv": ("complained", "", "TRUE", ""),
}


def test_every_sample_has_its_line_here() -> None:
    assert {path.name for path in EXPORTS.iterdir()} - {"README.md"} == OF_EXPORTS.keys()


@pytest.mark.parametrize("name", OF_EXPORTS)
def test_the_columns_of_an_export_are_known(name: str) -> None:
    column, *expected = OF_EXPORTS[name]
    raw = (EXPORTS / name).read_bytes()
    file = ContactFile(io.BytesIO(raw))
    assert "email" in file.columns
    assert [file.column_names(row)[column] for row in file.iter_rows()] == expected
