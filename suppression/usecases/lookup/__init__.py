"""Use cases that show what is or was on record about a person."""
