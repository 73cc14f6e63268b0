"""Answer checks, one or many."""
