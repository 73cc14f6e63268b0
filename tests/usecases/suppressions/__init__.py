"""Tests of the use cases that record, search and release suppressions."""
