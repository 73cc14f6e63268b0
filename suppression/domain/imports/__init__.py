"""Imports: their states, their options, and the words that exports use."""
