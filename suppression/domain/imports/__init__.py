"""Imports: their states, their options, and the words that files of other programs use."""
