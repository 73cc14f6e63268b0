"""Whom we measure ourselves against. Each does the same work, as somebody would write it."""
