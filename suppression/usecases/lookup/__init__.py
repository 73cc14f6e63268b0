"""Use cases that show a person's stops, consents, calls and cases, as they are or were."""
