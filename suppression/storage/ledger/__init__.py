"""Tables and statements of the ledger and of idempotent responses."""
