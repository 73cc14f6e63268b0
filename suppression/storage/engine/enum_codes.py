"""The codes of vocabulary words in the database. Append only: a code is never reused."""

from __future__ import annotations

from suppression.domain.imports.model import ImportState, UploadEnd
from suppression.domain.vocabulary import (
    Channel,
    ConsentEnd,
    ContactEvent,
    EntryType,
    Evidence,
    GivenBy,
    Purpose,
    Reason,
    ReleaseWhy,
    Rule,
)
from suppression.storage.engine.column_types import EnumCode

CHANNEL = EnumCode(
    {Channel.EMAIL: "e", Channel.SMS: "s", Channel.TELEPHONE: "t", Channel.POST: "p"}
)
PURPOSE = EnumCode(
    {Purpose.MARKETING: "m", Purpose.SERVICE: "s", Purpose.PROFILING: "p", Purpose.SHARING: "h"}
)
REASON = EnumCode(
    {
        Reason.OBJECTION: "o",
        Reason.UNSUBSCRIBE: "u",
        Reason.CONSENT_WITHDRAWN: "w",
        Reason.COMPLAINT: "c",
        Reason.STOP_KEYWORD: "k",
        Reason.UNDELIVERABLE: "b",
        Reason.RESTRICTION: "r",
        Reason.DECEASED: "d",
        Reason.IMPORTED: "i",
        Reason.DOMAIN: "m",
    }
)
EVIDENCE = EnumCode(
    {
        Evidence.ONE_CLICK: "o",
        Evidence.LINK_PAGE: "l",
        Evidence.PUBLIC_FORM: "f",
        Evidence.DPO: "d",
        Evidence.API: "a",
        Evidence.IMPORT: "i",
        Evidence.INBOUND: "n",
        Evidence.REOPENING: "r",  # read, not written yet: storage/ledger/rows.py says why
    }
)
RULE = EnumCode({Rule.OPT_OUT: "o", Rule.OPT_IN: "i"})
ENTRY_TYPE = EnumCode(
    {
        EntryType.STOP: "s",
        EntryType.REPEATED: "r",
        EntryType.EXTENDED: "x",
        EntryType.RELEASE: "l",
        EntryType.CONSENT: "c",
        EntryType.CONSENT_ENDING: "n",
        EntryType.CONSENT_ENDED: "e",
        EntryType.PROOF_PURGED: "g",
        EntryType.POLICY: "p",
        EntryType.ATTEMPT: "a",
        EntryType.REFUSED: "f",
        EntryType.CALLBACK: "b",
        EntryType.LOOKED_UP: "q",
        EntryType.SIGNED_IN: "y",
        EntryType.USER_CHANGED: "u",
        EntryType.REVIEWED: "v",
        EntryType.IMPORT_CHANGED: "m",
    }
)
RELEASE_WHY = EnumCode(
    {ReleaseWhy.PERSON_ASKED: "p", ReleaseWhy.MISTAKE: "m", ReleaseWhy.REASSIGNED: "r"}
)
GIVEN_BY = EnumCode(
    {
        GivenBy.WEB_FORM: "w",
        GivenBy.PAPER_FORM: "p",
        GivenBy.EMAIL: "e",
        GivenBy.SMS: "s",
        GivenBy.TELEPHONE: "t",
        GivenBy.IN_PERSON: "i",
    }
)
CONSENT_END = EnumCode(
    {ConsentEnd.WITHDRAWN: "w", ConsentEnd.WRONG_PERSON: "p", ConsentEnd.STOP_RELEASED: "r"}
)
CONTACT_EVENT = EnumCode(
    {ContactEvent.ATTEMPT: "a", ContactEvent.REFUSED: "f", ContactEvent.CALLBACK: "b"}
)
IMPORT_STATE = EnumCode(
    {
        ImportState.STAGING: "g",
        ImportState.STAGED: "s",
        ImportState.APPLYING: "a",
        ImportState.APPLIED: "d",
        ImportState.FAILED: "f",
        ImportState.DISCARDED: "x",
        ImportState.UNDOING: "u",
        ImportState.UNDONE: "n",
    }
)
UPLOAD_END = EnumCode({UploadEnd.INTERRUPTED: "i", UploadEnd.UNNEEDED: "n"})
