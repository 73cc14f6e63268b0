"""The next release can be recorded: the history that is told to it runs on the code of today."""

from tests.upgrades.history import (
    history_without_acts,
    test_a_release_records_what_it_stores_and_answers,
)

__all__ = ["history_without_acts", "test_a_release_records_what_it_stores_and_answers"]
