"""The decision: request, lawful basis, blockers, answer."""
