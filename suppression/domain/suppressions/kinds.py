"""What a stop may name, and the reasons that its caller may state."""

from __future__ import annotations

from enum import StrEnum

from suppression.domain.vocabulary import Kind, Reason

STATABLE_REASONS = frozenset(Reason) - {Reason.DOMAIN}
"""The reasons that a caller may state of a stop of identifiers: all but that of whole domains."""


class StopKind(StrEnum):
    """What a stop, a search or a release names: an identifier of a kind, or a mail domain."""

    EMAIL = "email"
    PHONE = "phone"
    POSTAL = "postal"
    DOMAIN = "domain"

    @property
    def kind(self) -> Kind:
        """The kind of the identifiers that it names; a mail domain names e-mail addresses.

        >>> StopKind.DOMAIN.kind
        <Kind.EMAIL: 'email'>
        """
        return Kind.EMAIL if self is StopKind.DOMAIN else Kind(self.value)
