"""Parse each row of a file to scrub into a check request that holds only fingerprints."""

from __future__ import annotations

from collections.abc import Sequence

from suppression.adapters.files.cell_values import country_of, picker
from suppression.adapters.files.contact_file import ContactFile
from suppression.adapters.files.records import Row
from suppression.domain.checks.requests import CheckRequest, InvalidCheck
from suppression.domain.checks.scrubs import ScrubRequest
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.match_keys import Value
from suppression.domain.vocabulary import Kind
from suppression.usecases.checks.check import UniformBatch
from suppression.usecases.services import Services


class RowParser:
    """A parser of the rows of one contact file, in two steps for each row.

    `parse_identifier` returns the text of an e-mail cell, else the row; `parse_check` makes a check
    request of either. The constructor raises InvalidValueError if the file has no column of the
    kind.
    """

    def __init__(
        self, services: Services, controller: Controller, file: ContactFile, request: ScrubRequest
    ) -> None:
        self.services, self.controller, self.request = services, controller, request
        self.file = file
        self.pick = picker(file.columns, request.kind, scheme=request.scheme)
        has_country = "country" in file.columns and request.kind is Kind.PHONE
        self.country_at = file.columns.index("country") if has_country else None

    def of(self, controller: Controller) -> RowParser:
        """Return a parser of the same rows for a controller whose hash schemes have changed."""
        return RowParser(self.services, controller, self.file, self.request)

    def parse_batch(self, rows: Sequence[Row]) -> UniformBatch:
        """Return the batch of these rows, which is still to be looked up."""
        values = [self.parse_identifier(row) for row in rows]
        return UniformBatch(
            self.services, self.controller, self.request.kind, values, self.parse_check
        )

    def parse_identifier(self, row: Row) -> str | Row:
        """Return the text of a row's e-mail cell; return the row itself if it is broken or hashed.

        The text may be '' or unreadable. A row to be checked by number or postal address is always
        returned itself.
        """
        if row.fault or self.request.kind is not Kind.EMAIL:
            return row
        value = self.pick(row.cells)
        return value if isinstance(value, str) else row

    def parse_check(self, value: str | Row) -> CheckRequest | InvalidCheck:
        """Return the check request of an e-mail cell or a row; if unreadable, an InvalidCheck."""
        if isinstance(value, str):
            return self._check_request(value, self.request.country)
        if value.fault:
            return InvalidCheck(code="row_broken")
        country = self.request.country
        if self.country_at is not None and (cell := value.cells[self.country_at].strip()):
            country = country_of(cell)
            if country is None:
                # With the default country instead, it might be the number of another person.
                return InvalidCheck(code="malformed")
        return self._check_request(self.pick(value.cells), country)

    def _check_request(self, value: Value, country: str | None) -> CheckRequest | InvalidCheck:
        request = self.request
        try:
            subject = self.services.subject(
                self.controller,
                request.kind,
                value,
                country=country,
                consent=request.kind is Kind.POSTAL,
            )
        except IdentifierParseError as error:
            return InvalidCheck(code=error.code)
        return CheckRequest(
            subject=subject,
            scope=request.scope,
            audience=request.audience,
            attested=request.attested,
            at=request.at,
        )
