"""Whole mail domains: a company asks that nobody at its domain is written to."""
