"""Use cases that receive text messages, and let a person review unclear ones."""
