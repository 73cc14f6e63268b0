"""Timestamps, dates as people write them, time zones, public holidays, contact hours."""
