"""Commands for consents."""
