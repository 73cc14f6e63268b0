"""Use cases that receive text messages, and let a user review unclear ones."""
