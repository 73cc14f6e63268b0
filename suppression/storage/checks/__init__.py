"""Statements that load the state that checks decide on."""
