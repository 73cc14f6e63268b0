"""Record and reserve calls, and record their outcomes."""
