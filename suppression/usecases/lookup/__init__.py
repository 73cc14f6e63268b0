"""Use cases of lookup."""
