from __future__ import annotations

from suppression.domain.errors import ConflictError, DatabaseUnavailableError, NotFoundError


def test_an_operator_reads_why_the_database_is_away_and_a_caller_does_not() -> None:
    error = DatabaseUnavailableError(reason="The database at db:5432 cannot be used.")
    assert error.for_operator == "The database at db:5432 cannot be used."
    assert "db:5432" not in error.detail
    assert "db:5432" not in str(error)


def test_without_a_reason_an_operator_reads_what_a_caller_reads() -> None:
    for error in (DatabaseUnavailableError(), NotFoundError()):
        assert error.for_operator == error.detail


def test_a_conflict_names_what_exists_already() -> None:
    assert ConflictError(about="WTPD-6SR2-WEKJ").about == "WTPD-6SR2-WEKJ"
    assert "exists already" in ConflictError().detail
