"""Tables and statements of ledger."""
