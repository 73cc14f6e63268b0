"""The append-only audit ledger, and the replay of a past state from its entries."""
