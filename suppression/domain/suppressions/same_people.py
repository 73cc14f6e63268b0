"""The people of a case: whether a request is by the same people, and whether several asked.

A telephone line, a mailbox or an address may be shared: one common identifier is not enough.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping

from suppression.domain.identifiers.fingerprints import Subject
from suppression.domain.suppressions.model import RecordId, Suppression
from suppression.domain.suppressions.releases import belongs_to
from suppression.domain.vocabulary import Kind


def is_stop_of(row: Suppression, subject: Subject) -> bool:
    """Return whether a row is the stop of an identifier.

    By post it must be of exactly the people that the identifier names, because people of one
    surname at an address share a fingerprint. By telephone and e-mail, a release of the identifier
    alone must be allowed to end it.
    """
    if subject.kind is not Kind.POSTAL:
        return belongs_to(row, subject, [subject])
    return any(
        set(forms) == set(row.forms)
        for whole_address in (False, True)
        for forms in subject.stored_rows(whole_address=whole_address)
    )


def differ_in_a_kind(rows: Collection[Suppression], subjects: Collection[Subject]) -> bool:
    """Return whether rows and subjects both have identifiers of a kind, but none of it in common.

    A row without a channel counts as any kind, unless it is the stop of a subject.
    """
    common = {subject.kind for subject in subjects if any(is_stop_of(row, subject) for row in rows)}
    return _meet({subject.kind for subject in subjects} - common, _kinds_left(rows, subjects))


def each_names_one_more(rows: Collection[Suppression], subjects: Collection[Subject]) -> bool:
    """Return whether rows and subjects each name an identifier of one kind that the others lack.

    They may have another one of that kind in common, such as a shared mailbox. A row without a
    channel counts as any kind, unless it is the stop of a subject.
    """
    new = {
        subject.kind for subject in subjects if not any(is_stop_of(row, subject) for row in rows)
    }
    return _meet(new, _kinds_left(rows, subjects))


def _kinds_left(rows: Collection[Suppression], subjects: Collection[Subject]) -> set[Kind | None]:
    """Return the kinds of the rows that are the stop of no subject; None for a kind not known."""
    return {
        row.scope.channel.kind if row.scope.channel else None
        for row in rows
        if not any(is_stop_of(row, subject) for subject in subjects)
    }


def _meet(kinds: set[Kind], left: set[Kind | None]) -> bool:
    return not kinds.isdisjoint(left) or bool(kinds and None in left)


def may_be_of_several_people(
    rows: Iterable[Suppression], requests: Mapping[RecordId, frozenset[str]]
) -> bool:
    """Return whether two rows may be of two identifiers of a kind that were never named together.

    `requests` holds the references of the requests that stored or repeated each row. A row without
    a channel may be of any kind.
    """
    return any(
        _may_be_of_one_kind(first, other)
        and first.primary not in other.forms
        and other.primary not in first.forms
        and requests[first.record_id].isdisjoint(requests[other.record_id])
        for first, other in itertools.combinations(rows, 2)
    )


def _may_be_of_one_kind(first: Suppression, other: Suppression) -> bool:
    if first.scope.channel is None or other.scope.channel is None:
        return True
    return first.scope.channel.kind is other.scope.channel.kind
