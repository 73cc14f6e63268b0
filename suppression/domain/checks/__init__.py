"""The decision: check request, lawful basis, blockers, check result."""
