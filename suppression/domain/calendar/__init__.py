"""Timestamps, parsing of dates, months, time zones, public holidays, contact hours."""
