"""Timestamps, parsing of dates, time zones, public holidays, contact hours."""
