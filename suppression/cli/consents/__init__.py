"""Commands that import consents."""
