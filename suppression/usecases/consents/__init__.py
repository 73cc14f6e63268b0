"""Record, search, withdraw and end consents."""
