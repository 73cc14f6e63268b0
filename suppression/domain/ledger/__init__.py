"""The append-only audit ledger, and what it says of a past moment."""
