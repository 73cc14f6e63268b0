"""Use cases that record, import, search, withdraw and end consents."""
