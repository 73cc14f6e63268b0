"""Tables and statements of consents."""
