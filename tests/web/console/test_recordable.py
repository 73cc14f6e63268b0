"""The next release can be recorded, because tests/upgrades/history.py runs on today's code."""

from tests.upgrades.history import (
    history_without_acts,
    test_a_release_records_what_it_stores_and_answers,
)

__all__ = ["history_without_acts", "test_a_release_records_what_it_stores_and_answers"]
