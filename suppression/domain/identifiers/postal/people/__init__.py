"""Whom a name means: the texts of its readings, and the likeliest of each person."""
