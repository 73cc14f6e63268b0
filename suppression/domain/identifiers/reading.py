"""The one way in: a kind and what came at the door, to a canonical identifier."""

from __future__ import annotations

from suppression.domain.errors import UnreadableIdentifierError
from suppression.domain.identifiers.email import email
from suppression.domain.identifiers.forms import Digest, Identifier, PostalAddress, Value
from suppression.domain.identifiers.hashed import hashed
from suppression.domain.identifiers.phone import phone
from suppression.domain.identifiers.postal import postal
from suppression.domain.vocabulary import Kind


def read_identifier(kind: Kind, value: Value, *, region: str) -> Identifier:
    """The identifier that `value` writes, or `UnreadableIdentifierError`.

    `region` is the ISO 3166-1 alpha-2 country that reads a national writing.

    >>> read_identifier(Kind.PHONE, "0612345678", region="FR").kind
    <Kind.PHONE: 'phone'>
    """
    if isinstance(value, Digest):
        return hashed(kind, value)
    if isinstance(value, PostalAddress):
        if kind is not Kind.POSTAL:
            raise UnreadableIdentifierError(
                "wrong_kind", f"Send a string: this takes one {kind} identifier."
            )
        return postal(value, region)
    if kind is Kind.POSTAL:
        raise UnreadableIdentifierError("wrong_kind", "Send a postal address as an object.")
    return email(value) if kind is Kind.EMAIL else phone(value, region)
