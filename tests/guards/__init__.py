"""The rules that people forget, held by tests."""
