"""Use cases that reserve calls, record attempts to call, and record the outcomes of calls."""
