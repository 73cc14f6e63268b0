"""Exports of mail tools are imported unchanged, each address with its own date and reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.api import Api
from tests.importing import Imports

EXPORTS = Path(__file__).parents[2] / "vectors" / "exports"
UPLOADED = "2026-11-21T09:30:00Z"
MAILCHIMP = "mailchimp-unsubscribed.csv"
UNSUBSCRIBED = {"reason": "unsubscribe"}
PHONE = {"phone": "mobile"}


@pytest.mark.parametrize(
    ("name", "address", "reason", "since"),
    [
        (MAILCHIMP, "anna.morel", "unsubscribe", "2026-05-11T17:03:09Z"),
        (MAILCHIMP, "b.thevenin", "unsubscribe", "2026-06-02T08:45:30Z"),
        (MAILCHIMP, "w.petit", "complaint", "2026-06-03T08:45:30Z"),
        ("mailchimp-cleaned.csv", "v.olivier", "unsubscribe", "2026-05-12T17:03:09Z"),
        ("mailchimp-francais.csv", "c.garnier", "unsubscribe", UPLOADED),
        ("brevo.csv", "e.faure", "unsubscribe", UPLOADED),
        ("brevo-blocked.ndjson", "t.marchand", "unsubscribe", "2026-05-01T12:30:00Z"),
        ("brevo-blocked.ndjson", "u.noel", "complaint", "2026-05-02T12:30:00Z"),
        ("mailjet.ndjson", "f.blanc", "unsubscribe", "2026-02-14T18:30:00Z"),
        ("mailjet.ndjson", "g.henry", "complaint", "2026-02-15T07:10:00Z"),
        ("sendgrid-unsubscribes.csv", "x.remy", "unsubscribe", "2026-01-01T00:00:00Z"),
        ("sendgrid-spam.csv", "y.sanchez", "unsubscribe", "2026-01-02T00:00:00Z"),
        ("sendgrid-bounces.csv", "h.meyer", "unsubscribe", "2026-01-01T00:00:00Z"),
        ("sendgrid-contacts.csv", "j.perrot", "unsubscribe", UPLOADED),
        ("ses-import.csv", "k.lambert", "undeliverable", UPLOADED),
        ("ses-import.csv", "l.nicolas", "complaint", UPLOADED),
        ("ses.ndjson", "k.lambert", "undeliverable", "2026-04-10T21:03:05Z"),
        ("ses.ndjson", "l.nicolas", "complaint", UPLOADED),
        ("mautic.csv", "n.leroux", "unsubscribe", UPLOADED),
        ("listmonk.csv", "o.masson", "unsubscribe", UPLOADED),
        ("hubspot-unsubscribes.csv", "r.gautier", "unsubscribe", UPLOADED),
        ("hubspot-unsubscribes.csv", "s.leclerc", "complaint", UPLOADED),
        ("hubspot-unsubscribes.csv", "z.tessier", "undeliverable", UPLOADED),
        ("hubspot-contacts.csv", "q.barbier", "unsubscribe", UPLOADED),
    ],
)
def test_a_stop_keeps_the_date_and_the_reason_of_its_export(
    app: Flask, api: Api, name: str, address: str, reason: str, since: str
) -> None:
    columns = PHONE if name == "mautic.csv" else {}
    imports = Imports(app)
    import_ = imports.apply((EXPORTS / name).read_bytes(), columns=columns, **UNSUBSCRIBED)
    assert imports.faults(import_) == []
    (row,) = api.search("email", f"{address}@example.org")["in_force"]
    assert (row["reason"], row["since"]) == (reason, since)


def test_a_column_of_another_meaning_may_be_named(app: Flask, api: Api) -> None:
    imports = Imports(app)
    columns = {"occurred_at": "updated_at", "reason": "status"}
    imports.apply((EXPORTS / "listmonk.csv").read_bytes(), columns=columns)
    (row,) = api.search("email", "o.masson@example.org")["in_force"]
    assert (row["reason"], row["since"]) == ("imported", "2026-03-04T05:06:07.654321Z")


def test_no_consent_lifts_a_complaint_that_was_a_flag(app: Flask, api: Api) -> None:
    Imports(app).apply("email,Portal Spam Report\nanna@example.fr,TRUE\nbert@example.fr,FALSE\n")
    reasons = [api.codes("email", f"{name}@example.fr") for name in ("anna", "bert")]
    assert reasons == [["complaint"], ["imported"]]


@pytest.mark.parametrize(
    ("word", "reason"),
    [("unsubscribed", "complaint"), ("manual", "complaint"), ("deceased", "deceased")],
)
def test_no_word_hides_a_complaint_unless_it_stops_everything(
    app: Flask, api: Api, word: str, reason: str
) -> None:
    Imports(app).apply(f"email,reason,Portal Spam Report\nanna@example.fr,{word},TRUE\n")
    assert api.codes("email", "anna@example.fr") == [reason]


def test_a_complaint_that_is_a_truth_of_json_is_one(app: Flask, api: Api) -> None:
    people = (("anna", "true"), ("bert", "false"), ("carl", "null"))
    lines = (
        f'{{"Email":"{person}@example.fr","IsSpamComplaining":{flag}}}' for person, flag in people
    )
    Imports(app).apply("\n".join(lines))
    reasons = [api.codes("email", f"{name}@example.fr") for name, _ in people]
    assert reasons == [["complaint"], ["imported"], ["imported"]]


def test_when_a_contact_was_made_is_no_date_of_its_stop(app: Flask, api: Api) -> None:
    Imports(app).apply("email,Created\nanna@example.fr,2020-01-01\n", columns={}, **UNSUBSCRIBED)
    (row,) = api.search("email", "anna@example.fr")["in_force"]
    assert row["since"] == UPLOADED
