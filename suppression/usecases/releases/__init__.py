"""Use cases that release suppressions, and end the consents that these had withdrawn."""
